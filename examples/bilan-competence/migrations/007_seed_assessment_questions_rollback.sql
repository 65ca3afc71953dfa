drop table interests_questions, values_questions;

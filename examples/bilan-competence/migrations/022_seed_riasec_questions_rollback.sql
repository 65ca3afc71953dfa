drop table riasec_questions;

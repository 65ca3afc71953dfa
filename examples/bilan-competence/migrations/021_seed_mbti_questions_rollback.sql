drop table test_results, mbti_questions;

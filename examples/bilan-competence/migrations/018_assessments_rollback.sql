drop function assessment_progress(uuid);
drop table assessment_documents, assessment_answers, assessment_questions, assessments;

drop table assessment_drafts;

drop function survey_net_promoter_score(text);
drop table survey_responses, satisfaction_surveys;

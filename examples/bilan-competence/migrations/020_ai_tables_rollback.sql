drop table consultant_analytics, files, action_plans, personality_analyses, job_recommendations, cv_analyses;
drop function complete_cv_analysis();

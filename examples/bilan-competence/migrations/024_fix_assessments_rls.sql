-- Only the parties to a bilan see its assessments; 018 let every signed-in user read them.
create function app_sees_assessment(p_assessment uuid) returns boolean
language sql stable security definer
set search_path = public, pg_temp
as $$ select coalesce((select app_sees_bilan(a.bilan_id) from assessments a where a.id = p_assessment), false) $$;

drop policy assessments_read on assessments;
drop policy assessment_questions_read on assessment_questions;
create policy assessments_parties on assessments using (app_sees_bilan(bilan_id));
create policy assessment_questions_parties on assessment_questions using (app_sees_assessment(assessment_id));

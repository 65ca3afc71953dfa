-- Production-like data for a database that stands at migration 022. Deterministic: the same rows every time.
create function pg_temp.uid(kind text, n bigint) returns uuid language sql immutable
as $$ select md5(kind || n)::uuid $$;
create function pg_temp.at(n bigint) returns timestamptz language sql immutable
as $$ select timestamptz '2025-01-06 08:00:00+00' + (n * 7919 % 400000) * interval '1 minute' $$;

insert into organizations (id, name, siret, city, created_at, updated_at)
select pg_temp.uid('org', n), 'Centre de bilans ' || n, lpad((73282932000000 + n)::text, 14, '0'),
       (array['Paris', 'Lyon', 'Marseille', 'Lille', 'Nantes', 'Rennes', 'Dijon', 'Pau'])[1 + n % 8], pg_temp.at(n), pg_temp.at(n)
from generate_series(1, 60) n;

insert into users (id, organization_id, email, password_hash, full_name, role, is_active, created_at, updated_at, cv_url, cv_uploaded_at)
select pg_temp.uid('user', n), pg_temp.uid('org', 1 + n % 60), format('utilisateur%s@exemple.fr', n), md5('hash' || n),
       (array['Camille', 'Louise', 'Jeanne', 'Hugo', 'Arthur', 'Inès', 'Noé', 'Chloé', 'Léa', 'Paul'])[1 + n % 10] || ' '
         || (array['Martin', 'Bernard', 'Thomas', 'Petit', 'Robert', 'Richard', 'Durand', 'Dubois', 'Moreau', 'Lefèvre', 'Garçon'])[1 + n % 11],
       case when n <= 5 then 'ADMIN' when n <= 65 then 'ORG_ADMIN' when n <= 500 then 'CONSULTANT' else 'BENEFICIARY' end,
       n % 97 <> 0, pg_temp.at(n), pg_temp.at(n),
       case when n > 500 and n % 3 = 0 then format('cv/%s.pdf', n) end, case when n > 500 and n % 3 = 0 then pg_temp.at(n + 1) end
from generate_series(1, 12000) n;

insert into bilans (id, beneficiary_id, consultant_id, organization_id, status, start_date, end_date, satisfaction, created_at, updated_at)
select pg_temp.uid('bilan', n), pg_temp.uid('user', 500 + n), pg_temp.uid('user', 66 + n % 435), pg_temp.uid('org', 1 + n % 60),
       (array['PRELIMINARY', 'INVESTIGATION', 'CONCLUSION', 'COMPLETED', 'ARCHIVED'])[1 + n % 5], pg_temp.at(n)::date, pg_temp.at(n)::date + 90,
       case when n % 5 >= 3 then 1 + n % 5 end, pg_temp.at(n), pg_temp.at(n)
from generate_series(1, 6000) n;

insert into competencies (id, bilan_id, name, category, level, created_at)
select pg_temp.uid('competency', n), pg_temp.uid('bilan', 1 + n % 6000), 'Compétence ' || n % 240, (array['Technique', 'Relationnel', 'Organisation', 'Langues'])[1 + n % 4], 1 + n % 5, pg_temp.at(n)
from generate_series(1, 24000) n;
insert into recommendations (id, bilan_id, title, description, priority, created_at)
select pg_temp.uid('recommendation', n), pg_temp.uid('bilan', 1 + n % 6000), 'Piste ' || n % 90, 'Étudier la formation ' || n % 300, 1 + n % 5, pg_temp.at(n)
from generate_series(1, 8000) n;
insert into documents (id, bilan_id, uploaded_by, file_name, size_bytes, created_at)
select pg_temp.uid('document', n), pg_temp.uid('bilan', 1 + n % 6000), pg_temp.uid('user', 501 + n % 6000), format('document-%s.pdf', n), 10000 + n * 37 % 900000, pg_temp.at(n)
from generate_series(1, 9000) n;
insert into messages (id, bilan_id, sender_id, body, read_at, created_at)
select pg_temp.uid('message', n), pg_temp.uid('bilan', 1 + n % 6000), pg_temp.uid('user', case n % 2 when 0 then 501 + n % 6000 else 66 + n % 435 end),
       format('Message %s : nous en reparlons à la prochaine séance.', n), case when n % 7 <> 0 then pg_temp.at(n + 60) end, pg_temp.at(n)
from generate_series(1, 30000) n;
insert into sessions (id, bilan_id, consultant_id, scheduled_at, duration_minutes, notes, created_at)
select pg_temp.uid('session', n), pg_temp.uid('bilan', 1 + n % 6000), pg_temp.uid('user', 66 + n % 435), pg_temp.at(n), 30 + 30 * (n % 4), 'Séance ' || 1 + n % 8, pg_temp.at(n)
from generate_series(1, 12000) n;
insert into audit_logs (user_id, action, entity, entity_id, created_at)
select pg_temp.uid('user', 1 + n % 12000), (array['login', 'update', 'export'])[1 + n % 3], 'bilans', pg_temp.uid('bilan', 1 + n % 6000), pg_temp.at(n)
from generate_series(1, 15000) n;

insert into assessment_competencies (id, bilan_id, competency_name, self_level, self_interest, created_at, updated_at)
select pg_temp.uid('ac', n), pg_temp.uid('bilan', 1 + n % 6000), 'Savoir-faire ' || n / 6000, 1 + n % 4, 1 + n % 10, pg_temp.at(n), pg_temp.at(n)
from generate_series(0, 8999) n;
insert into assessment_drafts (id, bilan_id, step, content, saved_at, updated_at)
select pg_temp.uid('draft', n), pg_temp.uid('bilan', n), 1 + n % 5, jsonb_build_object('réponse', n), pg_temp.at(n), pg_temp.at(n) from generate_series(1, 2500) n;
insert into organization_qualiopi_status (organization_id, indicator_id, status, updated_at)
select pg_temp.uid('org', o), i, (array['PENDING', 'IN_PROGRESS', 'COMPLIANT', 'COMPLIANT', 'NON_COMPLIANT'])[1 + (o + i) % 5], pg_temp.at(o * i)
from generate_series(1, 60) o, generate_series(1, 32) i;
insert into qualiopi_evidence (id, organization_id, indicator_id, document_id, description, created_at)
select pg_temp.uid('evidence', n), pg_temp.uid('org', 1 + n % 60), 1 + n % 32, pg_temp.uid('document', n), 'Preuve ' || n, pg_temp.at(n) from generate_series(1, 1500) n;
insert into satisfaction_surveys (id, bilan_id, sent_at, completed_at, updated_at)
select pg_temp.uid('survey', n), pg_temp.uid('bilan', n), pg_temp.at(n), case when n % 4 <> 0 then pg_temp.at(n + 5) end, pg_temp.at(n) from generate_series(1, 3000) n;
insert into survey_responses (id, survey_id, question, score, created_at)
select pg_temp.uid('response', n), pg_temp.uid('survey', 1 + n % 3000), (array['accueil', 'accompagnement', 'recommandation'])[1 + n / 3000], n * 13 % 11, pg_temp.at(n)
from generate_series(0, 8999) n;
insert into document_archive (id, document_id, file_name, sha256, retained_until, archived_at)
select pg_temp.uid('archive', n), pg_temp.uid('document', n), format('document-%s.pdf', n), md5('a' || n) || md5('b' || n), date '2030-01-01' + n::int % 700, pg_temp.at(n)
from generate_series(1, 2000) n;
insert into document_access_log (archive_id, user_id, action, accessed_at)
select pg_temp.uid('archive', 1 + n % 2000), pg_temp.uid('user', 1 + n % 500), (array['VIEW', 'DOWNLOAD'])[1 + n % 2], pg_temp.at(n) from generate_series(1, 4000) n;
insert into availability_slots (id, consultant_id, starts_at, ends_at, updated_at)
select pg_temp.uid('slot', n), pg_temp.uid('user', 66 + n % 435), timestamptz '2025-02-03 09:00:00+00' + n * interval '1 hour', timestamptz '2025-02-03 10:00:00+00' + n * interval '1 hour', pg_temp.at(n)
from generate_series(1, 7000) n;
insert into session_bookings (id, slot_id, bilan_id, beneficiary_id, status, booked_at, updated_at)
select pg_temp.uid('booking', n), pg_temp.uid('slot', n), pg_temp.uid('bilan', n), pg_temp.uid('user', 500 + n), (array['CONFIRMED', 'DONE', 'DONE', 'CANCELLED', 'NO_SHOW'])[1 + n % 5], pg_temp.at(n), pg_temp.at(n)
from generate_series(1, 5000) n;
insert into session_reminders (id, booking_id, channel, send_at, sent_at, updated_at)
select pg_temp.uid('reminder', n), pg_temp.uid('booking', n), (array['EMAIL', 'SMS'])[1 + n % 2], pg_temp.at(n), case when n % 3 <> 0 then pg_temp.at(n) end, pg_temp.at(n)
from generate_series(1, 4000) n;
insert into session_analytics (consultant_id, month, booked, cancelled, no_show, updated_at)
select pg_temp.uid('user', c), (date '2025-01-01' + m * interval '1 month')::date, (c + m) % 20, (c + m) % 3, c % 2, pg_temp.at(c) from generate_series(66, 500) c, generate_series(0, 5) m;

insert into assessments (id, bilan_id, title, assessment_type, status, created_at, updated_at)
select pg_temp.uid('assessment', n), pg_temp.uid('bilan', n), 'Évaluation ' || n, (array['CAREER', 'SKILLS', 'COMPREHENSIVE'])[1 + n % 3], (array['DRAFT', 'IN_PROGRESS', 'SUBMITTED', 'COMPLETED'])[1 + n % 4], pg_temp.at(n), pg_temp.at(n)
from generate_series(1, 2000) n;
insert into assessment_questions (id, assessment_id, position, text_fr, kind)
select pg_temp.uid('question', a * 10 + p), pg_temp.uid('assessment', a), p, format('Question %s : que retenez-vous de cette étape ?', p), (array['TEXT', 'SCALE', 'CHOICE'])[1 + p % 3]
from generate_series(1, 2000) a, generate_series(1, 5) p;
insert into assessment_answers (id, question_id, answered_by, answer, answered_at, updated_at)
select pg_temp.uid('answer', a * 10 + p), pg_temp.uid('question', a * 10 + p), pg_temp.uid('user', 500 + a), jsonb_build_object('valeur', (a + p) % 10), pg_temp.at(a), pg_temp.at(a)
from generate_series(1, 2000) a, generate_series(1, 4) p;
insert into assessment_documents (id, assessment_id, document_id, attached_at)
select pg_temp.uid('ad', n), pg_temp.uid('assessment', n), pg_temp.uid('document', n), pg_temp.at(n) from generate_series(1, 1000) n;
insert into test_results (id, user_id, test, result, scores, taken_at)
select pg_temp.uid('result', n), pg_temp.uid('user', 501 + n % 6000), (array['MBTI', 'RIASEC'])[1 + n % 2], (array['INTJ', 'SAE', 'ENFP', 'RIC'])[1 + n % 4], jsonb_build_object('total', n % 60), pg_temp.at(n)
from generate_series(1, 3000) n;
insert into cv_analyses (id, user_id, status, skills, experience_years, completed_at, created_at, updated_at)
select pg_temp.uid('cv', n), pg_temp.uid('user', 500 + n * 3), (array['DONE', 'DONE', 'FAILED', 'PENDING'])[1 + n % 4], array['sql', 'gestion', 'anglais'], n % 30, case when n % 4 < 2 then pg_temp.at(n) end, pg_temp.at(n), pg_temp.at(n)
from generate_series(1, 2500) n;
insert into job_recommendations (id, user_id, cv_analysis_id, rome_code, title, match_score, created_at)
select pg_temp.uid('job', n), pg_temp.uid('user', 500 + 3 * (1 + n % 2500)), pg_temp.uid('cv', 1 + n % 2500), (array['M1805', 'K2111', 'D1401', 'J1506'])[1 + n % 4], 'Métier ' || n % 120, n % 101, pg_temp.at(n)
from generate_series(1, 6000) n;
insert into personality_analyses (id, user_id, mbti_type, riasec_code, created_at, updated_at)
select pg_temp.uid('personality', n), pg_temp.uid('user', 500 + n), (array['INTJ', 'ENFP', 'ISTP', 'ESFJ'])[1 + n % 4], (array['RIA', 'SAE', 'ECS'])[1 + n % 3], pg_temp.at(n), pg_temp.at(n) from generate_series(1, 1500) n;
insert into action_plans (id, bilan_id, title, due_on, done, created_at, updated_at)
select pg_temp.uid('plan', n), pg_temp.uid('bilan', n), 'Plan ' || n, date '2026-01-01' + n::int % 300, n % 3 = 0, pg_temp.at(n), pg_temp.at(n) from generate_series(1, 3000) n;
insert into files (id, owner_id, storage_key, size_bytes, created_at)
select pg_temp.uid('file', n), pg_temp.uid('user', 1 + n % 12000), 'objets/' || md5('f' || n), n * 101 % 5000000, pg_temp.at(n) from generate_series(1, 4000) n;
insert into consultant_analytics (consultant_id, day, active_bilans, messages_sent)
select pg_temp.uid('user', c), date '2025-06-01' + d, (c + d) % 12, (c * d) % 30 from generate_series(66, 500) c, generate_series(0, 6) d;
analyze;

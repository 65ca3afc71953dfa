-- Staging: all 18 migrations, in the order in which they were applied there, each recorded in the tracking table. Those that were applied
-- from the dashboard have the time of that moment as version, whatever the file in the repository is called.
-- Run with psql from the example's folder, on a database that looks like a Supabase project.

create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);

\set version 20251113091720
\set file supabase/migrations/20251113091720_create-staging.sql
\ir record.sql

\set version 20251113092934
\set file data/lost/20251113092934_import_from_prod.sql
\ir record.sql

\set version 20251113101502
\set file supabase/migrations/20251113_create_agent_sms_table.sql
\ir record.sql

\set version 20251113101547
\set file supabase/migrations/20251113_sms_rls_policies.sql
\ir record.sql

\set version 20251113102218
\set file supabase/migrations/20251113_sms_analytics.sql
\ir record.sql

\set version 20251113110933
\set file data/lost/20251113110933_agent_calls_enrichment_complete.sql
\ir record.sql

\set version 20251113145425
\set file data/lost/20251113145425_security_fixes_test_v2.sql
\ir record.sql

\set version 20251113145458
\set file data/lost/20251113145458_security_fixes_remaining_views.sql
\ir record.sql

\set version 20251113145549
\set file data/lost/20251113145549_security_fixes_arthur_views.sql
\ir record.sql

\set version 20251113163041
\set file supabase/migrations/20251113_fix_sms_pricing_model.sql
\ir record.sql

\set version 20251114115307
\set file data/lost/20251114115307_create_agent_emails_table_v2.sql
\ir record.sql

\set version 20251114115358
\set file data/lost/20251114115358_email_rls_policies.sql
\ir record.sql

\set version 20251114115525
\set file data/lost/20251114115525_email_analytics.sql
\ir record.sql

\set version 20251114142210
\set file supabase/migrations/20251114_add_cost_per_email_to_deployments.sql
\ir record.sql

\set version 20251117093512
\set file supabase/migrations/20250117_create_financial_timeseries_function.sql
\ir record.sql

\set version 20251120094858
\set file supabase/migrations/20251120094858_add_quality_justification_column.sql
\ir record.sql

\set version 20251120094954
\set file supabase/migrations/20251120094954_add_latency_columns.sql
\ir record.sql

\set version 20251120095358
\set file supabase/migrations/20251120095358_rename_justification_to_analysis.sql
\ir record.sql

-- Some rows to look at: a user, 200 calls of the last weeks, 60 text messages, 40 emails.
insert into auth.users (instance_id, id, aud, role, email, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
values ('00000000-0000-0000-0000-000000000000', 'e0000000-0000-4000-8000-000000000001', 'authenticated', 'authenticated', 'camille@exemple.fr',
  '{"provider": "email"}', '{"full_name": "Camille Martin"}', current_date - 30, current_date - 30);
insert into public.user_client_permissions (user_id, client_id, permission)
select 'e0000000-0000-4000-8000-000000000001', id, 'admin' from public.clients;

create temporary table agents on commit drop as
select id, row_number() over (order by client_id, slug) - 1 as place from public.agent_deployments;

insert into public.agent_calls (id, deployment_id, direction, phone_number, started_at, ended_at, outcome, metadata,
  avg_llm_latency_ms, min_llm_latency_ms, max_llm_latency_ms, avg_tts_latency_ms, min_tts_latency_ms, max_tts_latency_ms,
  avg_total_latency_ms, min_total_latency_ms, max_total_latency_ms, call_quality_analysis)
select md5('staging call ' || n)::uuid, agents.id, case n % 2 when 0 then 'inbound' else 'outbound' end, '+3360000' || lpad(n::text, 4, '0'),
  current_date - 1 - n % 25 + interval '9 hours' + n * interval '2 minutes', current_date - 1 - n % 25 + interval '9 hours' + n * interval '2 minutes' + interval '95 seconds',
  (array['appointment', 'transferred', 'information'])[1 + n % 3], '{"model": "gpt-4o-mini", "sentiment": "neutral"}',
  600 + n, 310, 1400 + n, 220, 140, 410, 1100 + n, 700, 2300 + n, case when n % 3 = 0 then 'Échange clair, réponse complète.' end
from generate_series(0, 199) n
join agents on agents.place = n % 10;

insert into public.agent_sms (id, deployment_id, recipient, content, segments, status, provider_cost, sent_at, created_at)
select md5('staging sms ' || n)::uuid, agents.id, '+3361000' || lpad(n::text, 4, '0'), 'Votre rendez-vous est confirmé.', 1 + n % 2,
  (array['delivered', 'delivered', 'sent', 'failed'])[1 + n % 4], 0.0450 * (1 + n % 2), current_date - n % 7, current_date - n % 7
from generate_series(0, 59) n
join agents on agents.place = n % 10;

insert into public.agent_emails (id, deployment_id, recipient, subject, status, sent_at, created_at)
select md5('staging email ' || n)::uuid, agents.id, format('prospect%s@exemple.fr', n), 'Suite à notre appel',
  (array['delivered', 'opened', 'sent', 'bounced'])[1 + n % 4], current_date - n % 6, current_date - n % 6
from generate_series(0, 39) n
join agents on agents.place = n % 10;

analyze;

-- Production as the guide found it on 20 November 2025: one migration recorded, eight more whose effects are there because somebody ran them
-- by hand, seven files to apply. Filled with generated data, the same every time; dates count back from today.
-- Run with psql from the example's folder, on a database that looks like a Supabase project.

create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);

\set version 20251113091720
\set file supabase/migrations/20251113091720_create-staging.sql
\ir record.sql

-- By hand, in the dashboard's SQL editor; nothing recorded it.
\ir lost/20251113092934_import_from_prod.sql
\ir lost/20251113110933_agent_calls_enrichment_complete.sql
\ir lost/20251113145425_security_fixes_test_v2.sql
\ir lost/20251113145458_security_fixes_remaining_views.sql
\ir lost/20251113145549_security_fixes_arthur_views.sql
\ir lost/20251114115307_create_agent_emails_table_v2.sql
\ir lost/20251114115358_email_rls_policies.sql
\ir lost/20251114115525_email_analytics.sql

-- No migration explains this one: one night, support could not find calls by their number.
create index agent_calls_support_lookup on public.agent_calls (phone_number, started_at desc);

-- Users ------------------------------------------------------------------------------------------------------------------------------------

create function pg_temp.uid(kind text, n bigint) returns uuid
language sql immutable as $$ select md5(kind || n)::uuid $$;

create function pg_temp.first_name(n bigint) returns text
language sql immutable as $$ select (array['Camille', 'Louise', 'Jeanne', 'Hugo', 'Inès', 'Noé', 'Chloé', 'Léa', 'Paul', 'Zoé', 'Émile'])[1 + n % 11] $$;

create function pg_temp.last_name(n bigint) returns text
language sql immutable as $$ select (array['Martin', 'Bernard', 'Petit', 'Durand', 'Moreau', 'Lefèvre', 'Garçon'])[1 + n % 7] $$;

-- In office hours, spread over the last 90 days.
create function pg_temp.at(n bigint) returns timestamptz
language sql stable as $$ select current_date - (1 + n % 90)::integer + interval '8 hours' + n * 7919 % 36000 * interval '1 second' $$;

-- The trigger on auth.users makes their profiles.
insert into auth.users (instance_id, id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, last_sign_in_at, created_at, updated_at)
select '00000000-0000-0000-0000-000000000000', pg_temp.uid('user', n), 'authenticated', 'authenticated', format('utilisateur%s@exemple.fr', n), pg_temp.at(n),
  '{"provider": "email", "providers": ["email"]}', jsonb_build_object('full_name', pg_temp.first_name(n) || ' ' || pg_temp.last_name(n)), pg_temp.at(n), pg_temp.at(n), pg_temp.at(n)
from generate_series(1, 30) n;
update public.user_profiles set global_role = 'admin' where id in (pg_temp.uid('user', 1), pg_temp.uid('user', 2));

insert into public.user_client_permissions (user_id, client_id, permission)
select pg_temp.uid('user', n), client.id, (array['read', 'write', 'admin'])[1 + n % 3]
from generate_series(3, 30) n
join (select id, row_number() over (order by slug) - 1 as place from public.clients) client on client.place = n % 6;

-- Agents: the ten of the import, and thirty more ---------------------------------------------------------------------------------------------

insert into public.agent_deployments (id, client_id, agent_type_id, name, slug, status, cost_per_minute, deployed_at, created_at)
select pg_temp.uid('deployment', n), client.id, agent_type.id, format('%s - %s, agence %s', agent_type.display_name, client.name, n), format('%s-%s', agent_type.name, n),
  case when n % 10 = 0 then 'paused' else 'active' end, 0.1500 + n % 8 * 0.01, current_date - 100, current_date - 100
from generate_series(1, 30) n
join (select id, name, row_number() over (order by slug) - 1 as place from public.clients) client on client.place = n % 6
join public.agent_types agent_type on agent_type.name = case when n % 4 = 0 then 'arthur' else 'louis' end;

create temporary table agents on commit drop as
select deployment.id, agent_type.name as agent, row_number() over (order by deployment.client_id, deployment.slug) - 1 as place
from public.agent_deployments deployment
join public.agent_types agent_type on agent_type.id = deployment.agent_type_id;

-- 20,000 calls. Ten in eleven report their latency, most as numbers, those of older agents as texts ('812 ms', and 'n/a' where the caller hung up).
insert into public.agent_calls (id, deployment_id, direction, phone_number, first_name, last_name, started_at, ended_at, outcome, transcript, metadata,
  stt_cost, llm_cost, tts_cost, telephony_cost, interruption_count, disconnect_reason, created_at)
select pg_temp.uid('call', n), agents.id, case agents.agent when 'louis' then 'inbound' else 'outbound' end,
  '+336' || lpad((n * 7919 % 100000000)::text, 8, '0'), pg_temp.first_name(n), pg_temp.last_name(n), at.moment, at.moment + seconds * interval '1 second',
  case agents.agent
    when 'louis' then (array['appointment', 'transferred', 'information', 'hung_up'])[1 + n / 40 % 4]
    else (array['interested', 'refused', 'voicemail', 'callback'])[1 + n / 40 % 4]
  end,
  format('Agent : bonjour, %s à votre service. Appelant : bonjour, dossier %s.', initcap(agents.agent), n),
  jsonb_build_object('model', (array['gpt-4o', 'gpt-4o-mini', 'mistral-large'])[1 + n / 3 % 3], 'sentiment', (array['positive', 'neutral', 'negative'])[1 + n % 3])
    || case
      when n % 11 = 0 then '{}'
      when n % 7 = 0 then jsonb_build_object('latency', jsonb_build_object(
        'llm', jsonb_build_object('avg', llm || ' ms', 'min', llm / 2 || ' ms', 'max', llm * 2 || ' ms'),
        'tts', case when n % 21 = 0 then '{"avg": "n/a", "min": "n/a", "max": ""}' else jsonb_build_object('avg', tts || ' ms', 'min', tts / 2 || ' ms', 'max', tts * 2 || ' ms') end,
        'total', jsonb_build_object('avg', llm + tts + 180 || ' ms', 'min', (llm + tts) / 2 + 150 || ' ms', 'max', (llm + tts) * 2 + 300 || ' ms')))
      else jsonb_build_object('latency', jsonb_build_object(
        'llm', jsonb_build_object('avg', llm + 0.5, 'min', llm / 2, 'max', llm * 2),
        'tts', jsonb_build_object('avg', tts + 0.25, 'min', tts / 2, 'max', tts * 2),
        'total', jsonb_build_object('avg', llm + tts + 180.75, 'min', (llm + tts) / 2 + 150, 'max', (llm + tts) * 2 + 300)))
    end
    || case when n % 9 = 0 then jsonb_build_object('quality', jsonb_build_object('score', 1 + n / 9 % 10, 'analysis',
        (array['Échange clair, réponse complète.', 'L''agent a fait répéter deux fois.', 'Réponse juste, ton trop pressé.'])[1 + n / 9 % 3])) else '{}' end,
  seconds * 0.0001, seconds * 0.0002, seconds * 0.00015, seconds * 0.0003, n % 5,
  (array['caller', 'agent', 'timeout'])[1 + n % 3], at.moment
from generate_series(1, 20000) n
cross join lateral (select pg_temp.at(n) as moment) at
cross join lateral (select 20 + n * 37 % 400 as seconds, 450 + n * 31 % 700 as llm, 150 + n * 17 % 200 as tts) measured
join agents on agents.place = n % 40;

insert into public.arthur_prospects (id, deployment_id, first_name, phone_number, status, attempts, last_call_id, next_attempt_at, created_at, updated_at)
select pg_temp.uid('prospect', n), arthur.id, pg_temp.first_name(n), '+337' || lpad(n::text, 8, '0'),
  (array['pending', 'retry', 'interested', 'refused', 'exhausted'])[1 + n % 5], n % 5, case when n % 5 > 0 then pg_temp.uid('call', n) end,
  case when n % 5 < 2 then pg_temp.at(n) + interval '7 days' end, pg_temp.at(n), pg_temp.at(n)
from generate_series(1, 2500) n
join (select id, row_number() over (order by place) - 1 as place, count(*) over () as total from agents where agent = 'arthur') arthur on arthur.place = n % arthur.total;

insert into public.agent_emails (id, deployment_id, call_id, recipient, subject, template, status, provider_message_id, error_message, sent_at, opened_at, created_at, updated_at)
select pg_temp.uid('email', n), call.deployment_id, call.id, format('contact%s@exemple.fr', n),
  (array['Confirmation de votre rendez-vous', 'Suite à notre appel', 'Votre documentation'])[1 + n % 3], (array['confirmation', 'suite', 'documentation'])[1 + n % 3],
  (array['delivered', 'opened', 'opened', 'sent', 'bounced'])[1 + n % 5], 're_' || md5('message' || n), case when n % 5 = 4 then 'boîte inconnue' end,
  call.ended_at + interval '1 minute', case when n % 5 in (1, 2) then call.ended_at + interval '3 hours' end, call.ended_at, call.ended_at
from generate_series(1, 3000) n
join public.agent_calls call on call.id = pg_temp.uid('call', n * 3);

analyze;

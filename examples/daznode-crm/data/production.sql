-- Production as the guide found it: four migrations applied and recorded, and generated data with faults of every kind that the guide's
-- diagnostic looks for. The same every time, but for dates, which count back from today. The README has the faults and their numbers.
-- Run with psql from the example's folder, on a database that looks like a Supabase project. DAZNODE_PROFILES (from 1,000 on) and DAZNODE_SENDS (likewise)
-- in the environment make it a smaller one, or a larger; the faults stay as many.

\set profiles 50000
\set sends 1000000
\getenv profiles DAZNODE_PROFILES
\getenv sends DAZNODE_SENDS
set daznode.profiles = :'profiles';
set daznode.sends = :'sends';

create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);

\set file 20240612_create_profiles.sql
\ir record.sql

\set file 20240905_create_crm.sql
\ir record.sql

\set file 20241118_crm_statistics.sql
\ir record.sql

\set file 20241202_crm_row_security.sql
\ir record.sql

-- People -----------------------------------------------------------------------------------------------------------------------------------

create function pg_temp.people() returns integer
language sql stable as $$ select current_setting('daznode.profiles')::integer $$;

create function pg_temp.sends() returns integer
language sql stable as $$ select current_setting('daznode.sends')::integer $$;

create function pg_temp.uid(kind text, n bigint) returns uuid
language sql immutable as $$ select md5(kind || n)::uuid $$;

create function pg_temp.pubkey(n bigint) returns text
language sql immutable as $$ select '0' || 2 + n % 2 || md5('pubkey' || n) || md5('point' || n) $$;

create function pg_temp.email(n bigint) returns text
language sql immutable as $$ select format('personne%s@exemple.fr', n) $$;

-- Midnight in UTC, as partitions count.
create function pg_temp.today() returns timestamptz
language sql stable as $$ select date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' $$;

insert into public.profiles (id, email, full_name, pubkey, email_verified, t4g_tokens, role, created_at, updated_at)
select pg_temp.uid('person', n),
  case
    when n between 101 and 180 then '  ' || initcap(pg_temp.email(n)) -- 80 to be written as they should be
    when n between 201 and 270 then (array['sans-arobase.fr', 'deux@@exemple.fr', 'espace dedans@exemple.fr', 'sans-domaine@', '@sans-nom.fr', 'sans-point@exemple', 'virgule@exemple,fr'])[1 + n % 7] || n -- 70 that are none
    else pg_temp.email(n)
  end,
  (array['Camille', 'Louise', 'Jeanne', 'Hugo', 'Inès', 'Noé', 'Chloé', 'Léa', 'Paul', 'Zoé', 'Émile'])[1 + n % 11] || ' ' || (array['Martin', 'Bernard', 'Petit', 'Durand', 'Moreau', 'Lefèvre', 'Garçon'])[1 + n % 7],
  case
    when n between 301 and 355 then (array['04' || md5('x' || n) || md5('y' || n), left(pg_temp.pubkey(n), 64), 'zz' || substr(pg_temp.pubkey(n), 3), 'lnurl1' || md5('z' || n), pg_temp.pubkey(n) || 'ff'])[1 + n % 5] -- 55 that are none
    when n between 361 and 380 then upper(pg_temp.pubkey(n)) -- 20 to be written as they should be
    when n between 501 and 590 then null -- 90 that only users has
    when n % 5 < 3 then pg_temp.pubkey(n)
  end,
  n % 10 < 7,
  case when n % 3 = 0 then 0 else n * 7919 % 500 end,
  case when n <= 5 then 'admin' else 'user' end,
  pg_temp.today() - interval '3 years' + n * 86311 % 94608000 * interval '1 second',
  pg_temp.today() - interval '1 day'
from generate_series(1::bigint, pg_temp.people()) n;

-- 40 signed up twice.
insert into public.profiles (id, email, full_name, pubkey, email_verified, t4g_tokens, created_at, updated_at)
select pg_temp.uid('person', pg_temp.people() + n), pg_temp.email(400 + n), 'Encore moi', null, false, 10, pg_temp.today() - interval '20 days', pg_temp.today() - interval '20 days'
from generate_series(1, 40) n;

-- The accounts of the first version: most have a profile under the same id, 120 have none.
insert into public.users (id, email, name, pubkey, created_at)
select id, pg_temp.email(n), full_name, coalesce(pubkey, case when n between 501 and 590 then pg_temp.pubkey(n) end), created_at
from generate_series(1, pg_temp.people() * 4 / 5) n
join public.profiles on id = pg_temp.uid('person', n);
insert into public.users (id, email, name, pubkey, created_at)
select pg_temp.uid('person', n), pg_temp.email(n), 'Des débuts', pg_temp.pubkey(n), pg_temp.today() - interval '4 years'
from generate_series(pg_temp.people() + 101, pg_temp.people() + 220) n;

insert into public.contacts (id, profile_id, email, company, source, created_at)
select pg_temp.uid('contact', n),
  case when n between 101 and 145 then pg_temp.uid('gone', n) else pg_temp.uid('person', n) end, -- 45 of people who are gone
  case when n between 201 and 230 then 'contact' || n else format('contact%s@exemple.org', n) end, -- 30 whose address is none
  'Nœud ' || n % 97, (array['web', 'event', 'import'])[1 + n % 3], pg_temp.today() - n % 700 * interval '1 day'
from generate_series(1, pg_temp.people() * 2 / 5) n;

-- Segments ---------------------------------------------------------------------------------------------------------------------------------

insert into public.crm_segments (id, name, description, criteria)
select pg_temp.uid('segment', n), name, description, criteria::jsonb
from (values
  (1, 'Adresse vérifiée', 'Peuvent recevoir des envois', '{"email_verified": true}'),
  (2, 'Adresse à vérifier', 'Relance', '{"email_verified": false}'),
  (3, 'Opérateurs de nœud', 'Ont une clé publique', '{"has_pubkey": true, "email_verified": true}'),
  (4, 'Sans nœud', 'À accompagner', '{"has_pubkey": false}'),
  (5, 'Grands contributeurs', '400 jetons T4G et plus', '{"min_tokens": 400}'),
  (6, 'Contributeurs', 'De 100 à 399 jetons T4G', '{"min_tokens": 100, "max_tokens": 399}'),
  (7, 'Sans jeton', 'N''ont encore rien gagné', '{"max_tokens": 0}'),
  (8, 'Anciens', 'Plus de deux ans', format('{"created_before": "%s"}', pg_temp.today() - interval '2 years')),
  (9, 'Nouveaux', 'De l''année', format('{"created_after": "%s"}', pg_temp.today() - interval '1 year')),
  (10, 'Nouveaux opérateurs', 'De l''année, avec un nœud', format('{"created_after": "%s", "has_pubkey": true}', pg_temp.today() - interval '1 year')),
  (11, 'Bêta-testeurs', 'Choisis à la main', null),
  (12, 'Presse', 'Choisie à la main', null)
) as segment (n, name, description, criteria);

insert into public.crm_segment_members (segment_id, profile_id, added_at)
select segment.id, person.id, pg_temp.today() - interval '2 days'
from public.crm_segments segment
join public.profiles person on public.crm_segment_matches(segment.criteria, person)
where segment.criteria is not null
order by segment.name, person.id;
insert into public.crm_segment_members (segment_id, profile_id, added_at)
select pg_temp.uid('segment', 11 + n % 2), pg_temp.uid('person', n), pg_temp.today() - interval '100 days' from generate_series(1, 400) n;
-- 35 chosen twice, 60 of people who are gone, 25 of segments that are gone.
insert into public.crm_segment_members (segment_id, profile_id, added_at)
select pg_temp.uid('segment', 11 + n % 2), pg_temp.uid('person', n), pg_temp.today() - interval '50 days' from generate_series(1, 35) n;
insert into public.crm_segment_members (segment_id, profile_id, added_at)
select pg_temp.uid('segment', 1 + n % 12), pg_temp.uid('gone', n), pg_temp.today() - interval '300 days' from generate_series(1, 60) n;
insert into public.crm_segment_members (segment_id, profile_id, added_at)
select pg_temp.uid('gone', n), pg_temp.uid('person', n), pg_temp.today() - interval '300 days' from generate_series(1, 25) n;

-- Campaigns and their e-mails --------------------------------------------------------------------------------------------------------------

-- 60 in 450 days, the last one the day before yesterday; three had a segment that is gone.
insert into public.crm_campaigns (id, segment_id, name, subject, status, sent_at, created_at)
select pg_temp.uid('campaign', n),
  case when n in (7, 21, 42) then pg_temp.uid('gone', n) when n % 6 > 0 then pg_temp.uid('segment', 1 + n % 12) end,
  'Lettre n° ' || n, (array['Les frais de la semaine', 'Votre nœud, ce mois-ci', 'Nouveaux canaux', 'Jetons T4G : le point'])[1 + n % 4],
  'sent', pg_temp.today() - interval '2 days' - (60 - n) * interval '7 days 12 hours', pg_temp.today() - interval '4 days' - (60 - n) * interval '7 days 12 hours'
from generate_series(1, 60) n;
insert into public.crm_campaigns (id, segment_id, name, subject, created_at)
select pg_temp.uid('campaign', n), pg_temp.uid('segment', 1 + n % 12), 'Brouillon n° ' || n, 'À écrire', pg_temp.today() - interval '1 day' from generate_series(61, 65) n;

-- Ids grow with time, as UUIDs of version 7 do. Among the first 400: 150 of campaigns that are gone, 250 to people who are gone.
insert into public.crm_email_sends (id, campaign_id, profile_id, email, status, sent_at, opened_at, clicked_at, error_message)
select overlay(md5('send' || n) placing lpad(to_hex(n), 12, '0') from 1 for 12)::uuid,
  case when n <= 150 then pg_temp.uid('gone', n % 10) else pg_temp.uid('campaign', campaign) end,
  case when n between 151 and 400 then pg_temp.uid('gone', n) else pg_temp.uid('person', person) end,
  pg_temp.email(person),
  (array['bounced', 'failed', 'sent', 'clicked', 'clicked', 'opened', 'opened', 'opened', 'opened', 'delivered'])[1 + least(chance, 9)],
  at,
  case when chance between 3 and 8 then at + (60 + chance * 797 + n % 86400) * interval '1 second' end,
  case when chance between 3 and 4 then at + (90 + chance * 797 + n % 86400) * interval '1 second' end,
  case chance when 0 then '550 mailbox unavailable' when 1 then 'timeout' end
from (
  select n, campaign, 1 + n * 7919 % (pg_temp.people() + 40) as person, n * 40503 % 65537 % 18 as chance,
    pg_temp.today() - interval '2 days' - (60 - campaign) * interval '7 days 12 hours' + n * 104729 % 21600 * interval '1 second' as at
  from (select n, 1 + (n - 1) * 60 / pg_temp.sends() as campaign from generate_series(1::bigint, pg_temp.sends()) n) numbered
) send
order by n;

analyze;

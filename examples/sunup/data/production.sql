-- Production-like data for a database that stands at 0010, as it was on 3 October 2025. Deterministic: the same rows every time.
-- Users 1 to 12 are managers, 13 to 1212 FBOs (a hundred per manager), 1213 to 1215 marketing assistants.
create function pg_temp.pick(kind text, n bigint, choices int) returns int language sql immutable
as $$ select ('x' || substr(md5(kind || n), 1, 7))::bit(28)::int % choices $$;
create function pg_temp.moment(kind text, n bigint, on_day date) returns timestamp language sql immutable
as $$ select on_day + interval '7 hours' + pg_temp.pick(kind, n, 54000) * interval '1 second' $$;
create function pg_temp.password(n bigint, password text) returns text language sql immutable
as $$ select format('sha256$%s$%s', salt, encode(sha256(convert_to(salt || password, 'UTF8')), 'hex')) from substr(md5('salt' || n), 1, 16) salt $$;

insert into users (id, email, name, password_hash, role, manager_id, phone, is_active, last_login_at, created_at, updated_at)
select n, format(case when n <= 12 then 'manager%s' when n <= 1212 then 'fbo%s' else 'marketing%s' end || '@sunup.example', case when n <= 12 then n when n <= 1212 then n - 12 else n - 1212 end),
       (array['Camille', 'Louise', 'Inès', 'Hugo', 'Arthur', 'Sofia', 'Noé', 'Chloé', 'Mehdi', 'Paul', 'Amina', 'Jules', 'Léa'])[1 + pg_temp.pick('first', n, 13)] || ' '
         || (array['Martin', 'Bernard', 'Thomas', 'Petit', 'Robert', 'Durand', 'Dubois', 'Moreau', 'Lefèvre', 'Garçon', 'Benali', 'Rossi', 'Haddad', 'Fontaine'])[1 + pg_temp.pick('last', n, 14)],
       pg_temp.password(n, 'Soleil-Levant-' || case when n <= 12 then '2025' else md5('password' || n) end),
       (case when n <= 12 then 'manager' when n <= 1212 then 'fbo' else 'marketing_assistant' end)::user_role,
       case when n between 13 and 1212 then 1 + n % 12 end, '+336' || lpad(pg_temp.pick('phone', n, 100000000)::text, 8, '0'), n <= 12 or n % 37 <> 0,
       case when n % 11 <> 0 then pg_temp.moment('login', n, date '2025-10-02' - pg_temp.pick('away', n, 60)) end,
       pg_temp.moment('joined', n, date '2025-01-10' + pg_temp.pick('joined', n, 20)), pg_temp.moment('joined', n, date '2025-01-10' + pg_temp.pick('joined', n, 20))
from generate_series(1, 1215) n;

-- A new campaign every ten days, each with a challenge a day for four weeks.
insert into campaigns (id, name, description, start_date, end_date, status, created_by, archived, archived_at, created_at, updated_at)
select n, format('Campagne %s : %s', n, (array['Cap sur l''été', 'Nouveau souffle', 'Équipe gagnante', 'Objectif soleil'])[1 + n % 4]), 'Un défi par jour, pendant quatre semaines.',
       starts, starts + 27 + n % 3, (case when n = 7 then 'cancelled' when n >= 23 then 'active' else 'completed' end)::campaign_status, 1 + n % 12,
       n <= 14, case when n <= 14 then timestamp '2025-09-09 18:00' end, starts - 14 + time '10:00', starts - 14 + time '10:00'
from generate_series(1, 24) n, lateral (select date '2025-02-03' + (n - 1) * 10 as starts) dates;
insert into challenges (id, campaign_id, date, title, description, created_at, updated_at)
select row_number() over (order by c.id, d), c.id, c.start_date + d, format('Jour %s', d + 1), format('Le défi du jour %s de la campagne %s.', d + 1, c.id), c.created_at, c.created_at
from campaigns c, lateral generate_series(0, c.end_date - c.start_date) d;
insert into actions (id, challenge_id, type, title, description, position, created_at)
select row_number() over (order by c.id, p), c.id, (array['vente', 'recrutement', 'reseaux_sociaux'])[1 + (c.id + p) % 3]::action_type,
       (array['Présenter un produit', 'Inviter un contact', 'Publier un témoignage', 'Relancer un client', 'Partager une photo'])[1 + pg_temp.pick('action', c.id * 4 + p, 5)],
       format('Action %s du défi.', p), p, c.created_at
from challenges c, lateral generate_series(1, case when c.id % 5 < 3 then 4 else 3 end) p;

-- Each action that has come due was given to about 26 FBOs; four in five did it.
insert into user_actions (id, user_id, action_id, challenge_id, completed, completed_at, created_at, updated_at)
select row_number() over (order by due, turn, action_id), 13 + (action_id * 37 + turn * 41) % 1200, action_id, challenge_id, done, case when done then done_at end, due + time '06:00', case when done then done_at else due + time '06:00' end
from (select a.id as action_id, c.id as challenge_id, c.date as due, row_number() over (order by a.id) - 1 as place, count(*) over () as places
      from actions a join challenges c on c.id = a.challenge_id where c.date <= '2025-10-03') a
join lateral (select n / places as turn from generate_series(place, 59999, places) n) given on true,
lateral (select pg_temp.pick('done', action_id * 100 + turn, 5) > 0 as done, pg_temp.moment('done at', action_id * 100 + turn, due) as done_at) did;

insert into campaign_bonus_config (id, campaign_id, bonus_enabled, basket_amount, sponsorship_amount, created_by, created_at, updated_at)
select id, id, id % 6 <> 0, 1 + id % 3, 5 + id % 4, created_by, created_at, created_at from campaigns;
insert into daily_bonus (id, user_id, campaign_id, bonus_date, bonus_type, amount, status, reviewed_by, reviewed_at, created_at)
select n, user_id, c.id, day, kind::bonus_type, case kind when 'panier' then config.basket_amount else config.sponsorship_amount end, verdict,
       case when verdict <> 'pending' then 1 + user_id % 12 end, case when verdict <> 'pending' then pg_temp.moment('reviewed', n, day + 1) end, pg_temp.moment('bonus', n, day)
from generate_series(1, 8000) n
join campaigns c on c.id = 1 + (n - 1) * 24 / 8000
join campaign_bonus_config config on config.campaign_id = c.id,
lateral (select 13 + pg_temp.pick('winner', n, 1200) as user_id, least(c.start_date + pg_temp.pick('day', n, 28), date '2025-10-02') as day, case when n % 4 = 0 then 'parrainage' else 'panier' end as kind,
                case when c.id >= 23 and n % 3 = 0 then 'pending' when n % 29 = 0 then 'rejected' else 'approved' end as verdict) bonus;

-- Three proofs in four are of an action, the others of a bonus.
insert into proofs (id, user_action_id, daily_bonus_id, url, type, original_name, size_bytes, created_at)
select row_number() over (order by sent_at, url), user_action_id, daily_bonus_id, url, (case when number % 9 = 0 then 'video' else 'image' end)::proof_type,
       format('IMG_%s', 1000 + number % 9000), 80000 + number % 4000000, sent_at
from (
  (select id as user_action_id, null::int as daily_bonus_id, 'preuves/actions/' || md5('action' || id) as url, completed_at as sent_at, pg_temp.pick('action', id, 5000000) as number
   from user_actions where completed and id % 10 = 0 order by id limit 4500)
  union all
  (select null, id, 'preuves/bonus/' || md5('bonus' || id), created_at, pg_temp.pick('bonus', id, 5000000) from daily_bonus where id % 5 = 0 order by id limit 1500)
) sent;

insert into campaign_validations (id, campaign_id, user_id, status, validated_by, validated_at, comment, created_at)
select row_number() over (order by c.id, n), c.id, 13 + (c.id * 97 + n * 7) % 1200, verdict, case when verdict <> 'pending' then 1 + n % 12 end,
       case when verdict <> 'pending' then pg_temp.moment('validated', c.id * 1000 + n, c.end_date + 2) end, case when verdict = 'rejected' then 'Preuves incomplètes' end,
       pg_temp.moment('finished', c.id * 1000 + n, c.end_date)
from campaigns c, generate_series(1, 180) n,
lateral (select case when c.id = 22 and n % 2 = 0 then 'pending' when n % 13 = 0 then 'rejected' else 'approved' end as verdict) decided
where c.status = 'completed' and c.end_date + 2 <= '2025-10-03';

insert into app_versions (id, version, title, release_notes, is_mandatory, is_active, released_at)
select n, format('1.%s.0', n), format('Version 1.%s', n), jsonb_build_array(format('Nouveauté %s', n), 'Corrections'), n % 5 = 0, n > 10, timestamp '2025-02-03 06:00' + (n - 1) * interval '16 days'
from generate_series(1, 15) n;
insert into user_version_tracking (id, app_version_id, user_id, has_seen, seen_at, created_at)
select row_number() over (order by v.id, u.id), v.id, u.id, seen, case when seen then v.released_at + pg_temp.pick('seen at', u.id * 15 + v.id, 10000) * interval '1 minute' end, v.released_at
from app_versions v, users u, lateral (select pg_temp.pick('seen', u.id * 15 + v.id, 4) > 0 as seen) looked
where pg_temp.pick('told', u.id * 15 + v.id, 2) = 0;

-- The rows came with their numbers: the next one goes on behind them.
do $$
declare name text; last bigint;
begin
  for name in select tablename from pg_tables where schemaname = 'public' loop
    execute format('select max(id) from %I', name) into last;
    perform setval(pg_get_serial_sequence(name, 'id'), last);
  end loop;
end $$;
analyze;

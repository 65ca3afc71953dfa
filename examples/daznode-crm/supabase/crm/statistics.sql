-- Statistics that are counted once an hour instead of once per reader. Materialized views know no row security, and the API shows those in
-- public to everybody who is signed in: they stand in crm_private, and views of the same names let administrators and the server's own roles in.
-- They read the tables through functions, which look tables up by name when they run: the table of e-mails can be replaced, and put back, beneath them.

create function crm_private.count_segments() returns table (
  id uuid, name text, automatic boolean, members bigint, verified_members bigint, t4g_tokens bigint, emails_90_days bigint, opened_90_days bigint)
language sql stable
as $$
  with recent as (
    select profile_id, count(*) as emails, count(opened_at) as opened
    from public.crm_email_sends where sent_at >= now() - interval '90 days' and profile_id is not null
    group by profile_id)
  select
    segment.id,
    segment.name,
    segment.criteria is not null,
    count(member.profile_id),
    count(member.profile_id) filter (where person.email_verified),
    coalesce(sum(person.t4g_tokens), 0),
    coalesce(sum(recent.emails), 0)::bigint,
    coalesce(sum(recent.opened), 0)::bigint
  from public.crm_segments segment
  left join public.crm_segment_members member on member.segment_id = segment.id
  left join public.profiles person on person.id = member.profile_id
  left join recent on recent.profile_id = member.profile_id
  group by segment.id
$$;
create materialized view crm_private.crm_segments_stats_mv as select * from crm_private.count_segments();
create unique index crm_segments_stats_mv_id on crm_private.crm_segments_stats_mv (id);

create function crm_private.count_campaigns() returns table (
  id uuid, segment_id uuid, name text, status text, sent_at timestamptz, sent bigint, delivered bigint, opened bigint, clicked bigint, failed bigint,
  people bigint, readers bigint, opened_first_day bigint, median_time_to_open interval)
language sql stable
as $$
  select
    campaign.id,
    campaign.segment_id,
    campaign.name,
    campaign.status,
    campaign.sent_at,
    count(send.id),
    count(send.id) filter (where send.status not in ('bounced', 'failed')),
    count(send.opened_at),
    count(send.clicked_at),
    count(send.id) filter (where send.status in ('bounced', 'failed')),
    count(distinct send.profile_id),
    count(distinct send.profile_id) filter (where send.opened_at is not null),
    count(send.id) filter (where send.opened_at < send.sent_at + interval '1 day'),
    percentile_cont(0.5) within group (order by send.opened_at - send.sent_at)
  from public.crm_campaigns campaign
  left join public.crm_email_sends send on send.campaign_id = campaign.id
  group by campaign.id
$$;
create materialized view crm_private.crm_campaigns_analytics_mv as select * from crm_private.count_campaigns();
create unique index crm_campaigns_analytics_mv_id on crm_private.crm_campaigns_analytics_mv (id);

create view public.crm_segments_stats_mv with (security_barrier = true) as
select * from crm_private.crm_segments_stats_mv where (select public.is_admin_user()) or current_user not in ('anon', 'authenticated');
create view public.crm_campaigns_analytics_mv with (security_barrier = true) as
select * from crm_private.crm_campaigns_analytics_mv where (select public.is_admin_user()) or current_user not in ('anon', 'authenticated');

-- Who still asks the former views gets the same figures, as quick.
create or replace view public.crm_segments_overview with (security_invoker = true) as
select id, name, automatic, members, verified_members, t4g_tokens, emails_90_days, opened_90_days
from public.crm_segments_stats_mv;
create or replace view public.crm_campaigns_overview with (security_invoker = true) as
select id, segment_id, name, status, sent_at, sent, delivered, opened, clicked, failed, people, readers, opened_first_day, median_time_to_open
from public.crm_campaigns_analytics_mv;

create table crm_private.refreshes (
  view_name text primary key,
  refreshed_at timestamptz not null default now(),
  took interval
);
alter table crm_private.refreshes enable row level security;
insert into crm_private.refreshes (view_name) values ('crm_segments_stats_mv'), ('crm_campaigns_analytics_mv');

create function public.refresh_crm_materialized_views() returns table (view_name text, refreshed_at timestamptz, took interval)
language plpgsql security definer set search_path = ''
as $$
declare
  began timestamptz;
begin
  foreach view_name in array array['crm_segments_stats_mv', 'crm_campaigns_analytics_mv'] loop
    began := clock_timestamp();
    execute format('refresh materialized view concurrently crm_private.%I', view_name);
    refreshed_at := clock_timestamp();
    took := refreshed_at - began;
    insert into crm_private.refreshes as last values (view_name, refreshed_at, took)
    on conflict on constraint refreshes_pkey do update set refreshed_at = excluded.refreshed_at, took = excluded.took;
    return next;
  end loop;
end
$$;
comment on function public.refresh_crm_materialized_views() is 'Counts the statistics anew, while everybody reads the former ones. Once an hour, say.';
revoke execute on function public.refresh_crm_materialized_views() from public, anon, authenticated;

-- What keeps the CRM quick, and tells when it is not.

create view public.crm_performance_monitor as
select
  stats.relname as name,
  case when relation.relkind = 'm' then 'materialized view' when relation.relispartition then 'partition' else 'table' end as kind,
  stats.n_live_tup as records,
  stats.n_dead_tup as dead_records,
  pg_size_pretty(pg_table_size(stats.relid)) as size,
  pg_size_pretty(pg_indexes_size(stats.relid)) as index_size,
  stats.seq_scan as sequential_scans,
  stats.idx_scan as index_scans,
  greatest(stats.last_analyze, stats.last_autoanalyze) as analyzed_at,
  refreshes.refreshed_at,
  refreshes.took as refresh_took
from pg_stat_user_tables stats
join pg_class relation on relation.oid = stats.relid
left join crm_private.refreshes on refreshes.view_name = stats.relname
where stats.schemaname = 'public' and (stats.relname in ('profiles', 'contacts') or stats.relname like 'crm\_%')
  or stats.schemaname = 'crm_private' and relation.relkind = 'm'
order by pg_total_relation_size(stats.relid) desc;
comment on view public.crm_performance_monitor is 'Size, use and age of what the CRM is made of.';

create function public.diagnose_crm_performance() returns table (check_name text, status text, value text, recommendation text)
language sql stable security definer set search_path = ''
as $$
  with finding (check_name, records, recommendation) as (
    select 'stale_statistics', count(*), 'select * from refresh_crm_materialized_views();'
    from crm_private.refreshes where refreshed_at < now() - interval '2 hours'
    union all
    select 'invalid_indexes', count(*), 'Drop and create anew: ' || string_agg(indexrelid::regclass::text, ', ')
    from pg_catalog.pg_index where not indisvalid
    union all
    select 'unproven_constraints', count(*), 'Validate: ' || string_agg(format('%s of %s', conname, conrelid::regclass), ', ')
    from pg_catalog.pg_constraint where not convalidated and connamespace = 'public'::regnamespace
    union all
    select 'policies_asking_per_row', count(*), 'Write (select is_admin_user()) in ' || string_agg(policyname, ', ')
    from pg_catalog.pg_policies
    where schemaname = 'public' and regexp_replace(concat(qual, with_check), 'SELECT (public\.)?is_admin_user\(\)', '', 'g') like '%is_admin_user()%'
    union all
    select 'tables_never_analyzed', count(*), 'Analyze ' || string_agg(relid::regclass::text, ', ')
    from pg_catalog.pg_stat_user_tables
    where schemaname = 'public' and relname not like '%\_backup' and n_live_tup > 1000 and coalesce(last_analyze, last_autoanalyze) is null
    union all
    select 'many_dead_records', count(*), 'Vacuum ' || string_agg(relid::regclass::text, ', ')
    from pg_catalog.pg_stat_user_tables
    where schemaname = 'public' and relname not like '%\_backup' and n_dead_tup > 10000 and n_dead_tup > n_live_tup / 5
    union all
    select 'months_without_partition', count(*), 'select * from cleanup_old_email_partitions();'
    from generate_series(0, 1) ahead
    where exists (select from pg_catalog.pg_partitioned_table where partrelid = 'public.crm_email_sends'::regclass)
      and to_regclass(to_char((now() at time zone 'UTC') + ahead * interval '1 month', '"public.crm_email_sends_"YYYY_MM')) is null
    union all
    select 'records_in_no_month', coalesce(sum(stats.n_live_tup), 0)::bigint, 'They came before their partition was there; move them, and make partitions ahead.'
    from pg_catalog.pg_stat_user_tables stats where stats.schemaname = 'public' and stats.relname = 'crm_email_sends_default')
  select check_name, case when records = 0 then 'OK' else 'WARNING' end, records::text, case when records > 0 then recommendation end
  from finding
$$;
comment on function public.diagnose_crm_performance() is 'What makes the CRM slow, or soon will: check, status (OK, WARNING), value, recommendation.';

create function public.cleanup_old_email_partitions(keep_months integer default 24) returns table (name text, what text, records bigint)
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  this_month constant timestamp := date_trunc('month', now() at time zone 'UTC');
  oldest constant timestamptz := (this_month - keep_months * interval '1 month') at time zone 'UTC';
  month timestamp;
begin
  if keep_months < 1 then
    raise exception 'keep_months is %, and must be 1 or more', keep_months;
  end if;
  if not exists (select from pg_catalog.pg_partitioned_table where partrelid = 'public.crm_email_sends'::regclass) then
    delete from public.crm_email_sends where sent_at < oldest;
    get diagnostics records = row_count;
    name := 'crm_email_sends';
    what := 'deleted';
    return next;
    return;
  end if;

  what := 'dropped';
  for name in
    select partition.relname
    from pg_catalog.pg_inherits
    join pg_catalog.pg_class partition on partition.oid = inhrelid
    where inhparent = 'public.crm_email_sends'::regclass
      and substring(pg_get_expr(partition.relpartbound, partition.oid) from 'TO \(''([^'']+)''\)')::timestamptz <= oldest
    order by partition.relname
  loop
    execute format('select count(*) from public.%I', name) into records;
    execute format('drop table public.%I', name);
    return next;
  end loop;

  what := 'created';
  records := 0;
  for month in select generate_series(this_month, this_month + interval '3 months', interval '1 month') loop
    name := to_char(month, '"crm_email_sends_"YYYY_MM');
    if to_regclass('public.' || name) is null then
      execute format('create table public.%I partition of public.crm_email_sends for values from (%L) to (%L)',
        name, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
      execute format('alter table public.%I enable row level security', name);
      return next;
    end if;
  end loop;
end
$$;
comment on function public.cleanup_old_email_partitions(integer) is 'Drops the partitions of months that are over longer ago, and makes those of the next three. Once a month, say.';

revoke all on public.crm_performance_monitor from anon, authenticated;
revoke execute on function public.diagnose_crm_performance(), public.cleanup_old_email_partitions(integer) from public, anon, authenticated;

analyze public.profiles, public.contacts, public.crm_segments, public.crm_segment_members, public.crm_campaigns, public.crm_email_sends;

select 'publication', quote_ident(pubname), null, quote_ident(pubname), 'pub' || oid, 'create publication ' || quote_ident(pubname) || case
  when puballtables then ' for all tables' else '' end, 'drop publication ' || quote_ident(pubname)
from pg_publication
union all
select 'published operations', quote_ident(pubname), quote_ident(pubname), quote_ident(pubname), 'pubops' || oid,
  'alter publication ' || quote_ident(pubname) || ' set (publish = ''' || concat_ws(', ', case when pubinsert then 'insert' end, case
    when pubupdate then 'update' end, case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end) || ''')',
  'alter publication ' || quote_ident(pubname) || ' set (publish = ''insert, update, delete, truncate'')'
from pg_publication where not (pubinsert and pubupdate and pubdelete and pubtruncate)
union all
select 'published through the root', quote_ident(pubname), quote_ident(pubname), quote_ident(pubname), 'pubroot' || oid,
  'alter publication ' || quote_ident(pubname) || ' set (publish_via_partition_root = true)', 'alter publication ' || quote_ident(pubname)
    || ' set (publish_via_partition_root = false)'
from pg_publication p where to_jsonb(p) ->> 'pubviaroot' = 'true'
union all
select 'published generated columns', quote_ident(pubname), quote_ident(pubname), quote_ident(pubname), 'pubgen' || oid,
  'alter publication ' || quote_ident(pubname) || ' set (publish_generated_columns = stored)', 'alter publication ' || quote_ident(pubname)
    || ' set (publish_generated_columns = none)'
from pg_publication p where to_jsonb(p) ->> 'pubgencols' = 's'
union all
select 'published table', r.name || ' in ' || quote_ident(p.pubname), quote_ident(p.pubname), r.local, 'pr' || m.oid,
  'alter publication ' || quote_ident(p.pubname) || ' add table ' || case when r.relkind = 'p' then '' else 'only ' end || r.name {published_part},
  'alter publication ' || quote_ident(p.pubname) || ' drop table ' || case when r.relkind = 'p' then '' else 'only ' end || r.name
from pg_publication_rel m join pg_publication p on p.oid = m.prpubid join relations r on r.oid = m.prrelid
union all
{published_schemas}
select 'event trigger', quote_ident(e.evtname), null, quote_ident(e.evtname), 'et' || e.oid,
  'create event trigger ' || quote_ident(e.evtname) || ' on ' || e.evtevent || coalesce(' when tag in (' || (select string_agg(quote_literal(tag), ', ')
    from unnest(e.evttags) tag) || ')', '') || ' execute function ' || e.evtfoid::regproc || '()',
  'drop event trigger ' || quote_ident(e.evtname)
from pg_event_trigger e
where not exists (select from members x where x.classid = 'pg_event_trigger'::regclass and x.objid = e.oid)
union all
select 'event trigger state', quote_ident(e.evtname), quote_ident(e.evtname), quote_ident(e.evtname), 'es' || e.oid,
  'alter event trigger ' || quote_ident(e.evtname) || case e.evtenabled when 'D' then ' disable' when 'R' then ' enable replica' else ' enable always' end,
    'alter event trigger ' || quote_ident(e.evtname) || ' enable'
from pg_event_trigger e
where e.evtenabled <> 'O' and not exists (select from members x where x.classid = 'pg_event_trigger'::regclass and x.objid = e.oid)
union all
-- How it connects may hold a password.
select 'subscription', quote_ident(s.subname), null, quote_ident(s.subname), 'sub' || {subscription_id},
  '-- subscription to ' || array_to_string(s.subpublications, ', ') || case when s.subenabled then '' else ', disabled' end || coalesce(', slot '
    || s.subslotname, '') {subscription_commit}
    {subscription_options}
    || ', owner ' || quote_ident(pg_get_userbyid(s.subowner))
    || {subscription_connection}, 'drop subscription ' || quote_ident(s.subname)
from pg_subscription s where s.subdbid = (select oid from here)

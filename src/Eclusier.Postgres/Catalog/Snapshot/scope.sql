-- Every object that a migration can change, with the SQL that makes it and the SQL that removes it. Run with an empty search path, so
-- that all names are qualified. Names are those of pg_identify_object. Columns: kind, name, parent, local name, id, create, drop.
-- This file says what is looked at; the files beside it say how each kind is written. What stands in braces is filled in for the
-- server's version and the layout.
with members as (
  -- of extensions; and what a type brings with it (a range's functions and casts)
  select classid, objid from pg_depend where deptype = 'e' or (deptype = 'i' and classid in ('pg_proc'::regclass, 'pg_cast'::regclass))
), ours as (
  select n.oid, quote_ident(n.nspname) as name, n.nspowner, n.nspacl
  from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname not in ({schemas}) and (select count(*) from members e
    where e.classid = 'pg_namespace'::regclass and e.objid = n.oid) = 0
), relations as (
  select c.*, o.name || '.' || quote_ident(c.relname) as name, quote_ident(c.relname) as local,
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end as kind
  from pg_class c join ours o on o.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relpersistence <> 't'
    and not {tracking}
    and not exists (select from members e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
    and not (c.relkind = 'S' and exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'))
), columns as (
  select a.*, r.name as table_name, r.kind as table_kind, r.relowner, r.name || '.' || quote_ident(a.attname) as name, quote_ident(a.attname) as local,
    t.typstorage, t.typcollation,
    'alter ' || case r.kind when 'materialized view' then r.kind when 'foreign table' then r.kind else 'table' end || ' ' || r.name || ' alter column '
      || quote_ident(a.attname) as alter_column,
    attinhcount = 0 or attislocal as own,
    -- Columns of views are no objects of their own.
    r.name || case when r.kind in ('view', 'materialized view') then '' else '.' || quote_ident(a.attname) end as parent
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  where r.kind <> 'sequence'
), indexes as (
  select c.*, i.indrelid, i.indexrelid, i.indisvalid, i.indisreplident, i.indisclustered, r.name as table_name, r.kind as table_kind, o.name || '.'
    || quote_ident(c.relname) as name, quote_ident(c.relname) as local,
    k.conname
  from relations r join pg_index i on i.indrelid = r.oid join pg_class c on c.oid = i.indexrelid join ours o on o.oid = c.relnamespace
  left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
), routines as (
  select p.*, p.oid::regprocedure::text as name,
    case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind
  from pg_proc p join ours o on o.oid = p.pronamespace
  where p.proname not in ({uncounted})
    and not exists (select from members e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
), types as (
  select t.*, t.oid::regtype::text as name, case t.typtype when 'd' then 'domain' else 'type' end as kind
  from pg_type t join ours o on o.oid = t.typnamespace
  where (t.typtype in ('e', 'd', 'r', 'c') or (t.typtype = 'b' and t.typelem = 0) or (t.typtype = 'p' and not t.typisdefined))
    and (t.typtype <> 'c' or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
    and not exists (select from members e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
), here as (
  select d.*, a.rolname as owner from pg_database d join pg_roles a on a.oid = d.datdba where d.datname = current_database()
), others(class, oid, owner, kind) as (
  select 'pg_operator'::regclass, oid, oprowner, 'operator' from pg_operator
  union all select 'pg_collation'::regclass, oid, collowner, 'collation' from pg_collation
  union all select 'pg_conversion'::regclass, oid, conowner, 'conversion' from pg_conversion
  union all select 'pg_ts_config'::regclass, oid, cfgowner, 'text search configuration' from pg_ts_config
  union all select 'pg_ts_dict'::regclass, oid, dictowner, 'text search dictionary' from pg_ts_dict
  union all select 'pg_opclass'::regclass, oid, opcowner, 'operator class' from pg_opclass
  union all select 'pg_opfamily'::regclass, oid, opfowner, 'operator family' from pg_opfamily
  union all select 'pg_foreign_data_wrapper'::regclass, oid, fdwowner, 'foreign data wrapper' from pg_foreign_data_wrapper
  union all select 'pg_foreign_server'::regclass, oid, srvowner, 'server' from pg_foreign_server
  union all select 'pg_event_trigger'::regclass, oid, evtowner, 'event trigger' from pg_event_trigger
  union all select 'pg_publication'::regclass, oid, pubowner, 'publication' from pg_publication
  union all select 'pg_statistic_ext'::regclass, oid, stxowner, 'statistics' from pg_statistic_ext
  union all select 'pg_language'::regclass, oid, lanowner, 'language' from pg_language
  union all select 'pg_ts_parser'::regclass, oid, null, 'text search parser' from pg_ts_parser
  union all select 'pg_ts_template'::regclass, oid, null, 'text search template' from pg_ts_template
  union all select 'pg_cast'::regclass, oid, null, 'cast' from pg_cast
  union all select 'pg_transform'::regclass, oid, null, 'transform' from pg_transform
  union all select 'pg_am'::regclass, oid, null, 'access method' from pg_am
), named as (
  select o.class, o.oid, o.owner, o.kind, i.identity as name, coalesce(quote_ident(i.name), i.identity) as local
  from others o cross join lateral pg_identify_object(o.class, o.oid, 0) i
  where o.oid >= 16384 and not exists (select from members e where e.classid = o.class and e.objid = o.oid)
),

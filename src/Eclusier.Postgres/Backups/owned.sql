-- What a dump can hold and has an owner of its own. `ours`: the session's user may drop it. Extensions' members are never ours: they come and go with their extension.
select o.classid, o.objid, o.owner, o.namespace, m.member, pg_has_role(o.owner, 'USAGE') and not m.member as ours
from (
  select 'pg_class'::regclass::oid as classid, oid as objid, relowner as owner, relnamespace as namespace from pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
  union all select 'pg_proc'::regclass, oid, proowner, pronamespace from pg_proc
  union all select 'pg_type'::regclass, oid, typowner, typnamespace from pg_type t
    where typtype in ('b', 'd', 'e', 'r') and typrelid = 0 and not exists (select from pg_type e where e.typarray = t.oid)
  union all select 'pg_operator'::regclass, oid, oprowner, oprnamespace from pg_operator
  union all select 'pg_opclass'::regclass, oid, opcowner, opcnamespace from pg_opclass
  union all select 'pg_opfamily'::regclass, oid, opfowner, opfnamespace from pg_opfamily
  union all select 'pg_collation'::regclass, oid, collowner, collnamespace from pg_collation
  union all select 'pg_conversion'::regclass, oid, conowner, connamespace from pg_conversion
  union all select 'pg_ts_config'::regclass, oid, cfgowner, cfgnamespace from pg_ts_config
  union all select 'pg_ts_dict'::regclass, oid, dictowner, dictnamespace from pg_ts_dict
  union all select 'pg_ts_parser'::regclass, oid, 10, prsnamespace from pg_ts_parser
  union all select 'pg_ts_template'::regclass, oid, 10, tmplnamespace from pg_ts_template
  union all select 'pg_statistic_ext'::regclass, oid, stxowner, stxnamespace from pg_statistic_ext
  union all select 'pg_foreign_server'::regclass, oid, srvowner, 0 from pg_foreign_server
  union all select 'pg_foreign_data_wrapper'::regclass, oid, fdwowner, 0 from pg_foreign_data_wrapper
  union all select 'pg_language'::regclass, oid, lanowner, 0 from pg_language
  union all select 'pg_publication'::regclass, oid, pubowner, 0 from pg_publication
  union all select 'pg_event_trigger'::regclass, oid, evtowner, 0 from pg_event_trigger
  -- These have no owner: whoever owns a type may make and drop them.
  union all select 'pg_cast'::regclass, c.oid, (select t.typowner from pg_type t where t.oid in (c.castsource, c.casttarget)
    order by pg_has_role(t.typowner, 'USAGE') desc, t.typowner desc limit 1), 0 from pg_cast c
  union all select 'pg_transform'::regclass, f.oid, t.typowner, 0 from pg_transform f join pg_type t on t.oid = f.trftype
  union all select 'pg_am'::regclass, oid, 10, 0 from pg_am
) o, lateral (select exists (select from pg_depend e where e.classid = o.classid and e.objid = o.objid and e.deptype = 'e') as member) m
where o.objid >= 16384
  and not exists (select from pg_namespace n where n.oid = o.namespace and (n.nspname ~ '^pg_' or n.nspname = 'information_schema'))

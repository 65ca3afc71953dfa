select 'schema', name, null, name, 'n' || oid, 'create schema ' || name, 'drop schema ' || name from ours
union all
select 'extension', quote_ident(e.extname), null, quote_ident(e.extname), 'x' || e.oid,
  'create extension ' || quote_ident(e.extname) || ' with schema ' || quote_ident(n.nspname) || ' version ' || quote_literal(e.extversion), 'drop extension '
    || quote_ident(e.extname)
from pg_extension e join pg_namespace n on n.oid = e.extnamespace
where e.extname <> 'plpgsql'
union all
select 'table', name, null, local, 'r' || oid, 'create table ' || name || ' ()' || case when relkind = 'p' then ' partition by ' || pg_get_partkeydef(oid)
  else '' end, 'drop table ' || name
from relations where kind = 'table'
union all
select 'persistence', name, name, local, 'persistence' || oid, 'alter ' || kind || ' ' || name || ' set unlogged', 'alter ' || kind || ' ' || name
  || ' set logged'
from relations where relpersistence = 'u' and kind in ('table', 'sequence')
union all
select 'table type', name, name, local, 'of' || oid, 'alter table ' || name || ' of ' || reloftype::regtype, 'alter table ' || name || ' not of'
  from relations where reloftype <> 0
union all
select 'access method', r.name, r.name, r.local, 'am' || r.oid, 'alter ' || r.kind || ' ' || r.name || ' set access method ' || quote_ident(am.amname),
  'alter ' || r.kind || ' ' || r.name || ' set access method heap'
from relations r join pg_am am on am.oid = r.relam where am.amname <> 'heap' and r.kind in ('table', 'materialized view')
union all
select 'tablespace', o.name, o.name, o.local, 'space' || o.oid, 'alter ' || o.kind || ' ' || o.name || ' set tablespace ' || quote_ident(s.spcname),
  'alter ' || o.kind || ' ' || o.name || ' set tablespace ' || (select quote_ident(own.spcname) from here
    join pg_tablespace own on own.oid = here.dattablespace)
from (select oid, kind, name, local, reltablespace from relations union all select oid, 'index', name, local, reltablespace from indexes) o
  join pg_tablespace s on s.oid = o.reltablespace
union all
select 'foreign table', r.name, null, local, 'r' || r.oid, 'create foreign table ' || r.name || ' () server ' || quote_ident(s.srvname),
  'drop foreign table ' || r.name
from relations r join pg_foreign_table f on f.ftrelid = r.oid join pg_foreign_server s on s.oid = f.ftserver
union all
select 'partition', r.name, r.name, local, 'i' || i.inhrelid || '.' || i.inhparent,
  'alter table ' || i.inhparent::regclass || ' attach partition ' || r.name || ' ' || pg_get_expr(r.relpartbound, r.oid), 'alter table '
    || i.inhparent::regclass || ' detach partition ' || r.name
from relations r join pg_inherits i on i.inhrelid = r.oid
where r.relispartition
union all
select 'inheritance', r.name || ' from ' || i.inhparent::regclass, r.name, local, 'i' || i.inhrelid || '.' || i.inhparent,
  'alter table ' || r.name || ' inherit ' || i.inhparent::regclass, 'alter table ' || r.name || ' no inherit ' || i.inhparent::regclass
from relations r join pg_inherits i on i.inhrelid = r.oid
where not r.relispartition
union all
select 'storage parameter', o.prefix || quote_ident(p.option_name) || ' of ' || o.name, o.name, o.prefix || p.option_name, 'o' || o.oid || o.prefix
  || p.option_name,
  'alter ' || o.kind || ' ' || o.name || ' set (' || o.prefix || quote_ident(p.option_name) || ' = ' || quote_literal(p.option_value) || ')',
  'alter ' || o.kind || ' ' || o.name || ' reset (' || o.prefix || quote_ident(p.option_name) || ')'
from (
  select oid, kind, name, reloptions, '' as prefix from relations
  union all select r.oid, r.kind, r.name, t.reloptions, 'toast.' from relations r join pg_class t on t.oid = r.reltoastrelid
  union all select oid, 'index', name, reloptions, '' from indexes where conname is null
) o cross join lateral pg_options_to_table(o.reloptions) p
union all
select 'row security', name, name, local, 's' || oid, 'alter table ' || name || ' enable row level security', 'alter table ' || name
  || ' disable row level security' from relations where relrowsecurity
union all
select 'forced row security', name, name, local, 'f' || oid, 'alter table ' || name || ' force row level security', 'alter table ' || name
  || ' no force row level security' from relations where relforcerowsecurity
union all
select 'replica identity', r.name, r.name, r.local, 'd' || r.oid,
  'alter ' || r.kind || ' ' || r.name || ' replica identity ' || case r.relreplident when 'f' then 'full' when 'n' then 'nothing' else
    'using index ' || (select i.local from indexes i where i.indrelid = r.oid and i.indisreplident) end,
  'alter ' || r.kind || ' ' || r.name || ' replica identity default'
from relations r where r.kind in ('table', 'materialized view') and r.relreplident <> 'd'
union all
select 'clustering', i.table_name, i.table_name, i.local, 'cluster' || i.indrelid, 'alter ' || i.table_kind || ' ' || i.table_name || ' cluster on '
  || i.local, 'alter ' || i.table_kind || ' ' || i.table_name || ' set without cluster'
from indexes i where i.indisclustered
union all
-- A sequence that belongs to a column has the owner of its table.
select 'owner', kind || ' ' || name, name, local, 'w' || oid, 'alter ' || kind || ' ' || name || ' owner to ' || quote_ident(pg_get_userbyid(relowner)), ''
from relations r
where r.kind <> 'sequence' or not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = r.oid
  and d.refclassid = 'pg_class'::regclass and d.deptype = 'a')
union all
select 'owner', 'schema ' || name, name, name, 'w' || oid, 'alter schema ' || name || ' owner to ' || quote_ident(pg_get_userbyid(nspowner)), '' from ours
union all
-- The types of its columns tell whether it can be replaced as it is, or has to be dropped.
select 'view', r.name, null, local, 'r' || oid,
  'create or replace view ' || r.name || ' (' || (select coalesce(string_agg(c.local, ', ' order by c.attnum) || ') /* ' || string_agg(format_type(c.atttypid,
    c.atttypmod), ', ' order by c.attnum), ') /* ') from columns c where c.attrelid = r.oid)
    || ' */ as' || E'\n' || rtrim(pg_get_viewdef(oid), ';'),
  'drop view ' || r.name
from relations r where kind = 'view'
union all
-- With or without its rows it is the same object.
select 'materialized view', r.name, null, local, 'r' || oid, 'create materialized view ' || r.name || ' as' || E'\n' || rtrim(pg_get_viewdef(oid), ';'),
  'drop materialized view ' || r.name
from relations r where kind = 'materialized view'
union all
select 'sequence', r.name, null, local, 'r' || oid,
  'create sequence ' || r.name || ' as ' || s.seqtypid::regtype || ' increment by ' || s.seqincrement || ' minvalue ' || s.seqmin || ' maxvalue ' || s.seqmax
    || ' start with ' || s.seqstart || ' cache ' || s.seqcache || case when s.seqcycle then ' cycle' else ' no cycle' end,
  'drop sequence ' || r.name
from relations r join pg_sequence s on s.seqrelid = r.oid
union all
select 'sequence owner', r.name, r.name, r.local, 'q' || r.oid, 'alter sequence ' || r.name || ' owned by ' || c.name, 'alter sequence ' || r.name
  || ' owned by none'
from relations r join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.deptype = 'a'
  and d.refobjsubid > 0
join columns c on c.attrelid = d.refobjid and c.attnum = d.refobjsubid
where r.kind = 'sequence'

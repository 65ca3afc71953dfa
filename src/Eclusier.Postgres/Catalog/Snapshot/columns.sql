select 'column', name, table_name, local, 'c' || attrelid || '.' || attnum,
  'alter ' || table_kind || ' ' || table_name || ' add column ' || local || ' ' || format_type(atttypid, atttypmod)
    || case when attcollation <> typcollation then ' collate ' || attcollation::regcollation else '' end
    || case when attgenerated <> '' then ' generated always as (' || (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = attrelid
      and d.adnum = attnum) || ')'
      || case attgenerated when 's' then ' stored' else ' virtual' end else '' end,
  'alter ' || table_kind || ' ' || table_name || ' drop column ' || local
from columns where table_kind in ('table', 'foreign table') and own
union all
select 'identity', name, name, local, 'identity' || attrelid || '.' || attnum,
  alter_column || ' add generated ' || case attidentity when 'a' then 'always' else 'by default' end || ' as identity (sequence name '
    || s.seqrelid::regclass || ')', alter_column || ' drop identity'
from columns c
join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.attrelid and d.refobjsubid = c.attnum
  and d.deptype = 'i'
join pg_sequence s on s.seqrelid = d.objid
where attidentity <> '' and own
union all
select 'identity sequence', name, name, local, 'identitysequence' || attrelid || '.' || attnum,
  'alter sequence ' || s.seqrelid::regclass || ' increment by ' || s.seqincrement || ' minvalue ' || s.seqmin || ' maxvalue ' || s.seqmax
    || ' start with ' || s.seqstart || ' cache ' || s.seqcache || case when s.seqcycle then ' cycle' else ' no cycle' end, ''
from columns c
join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.attrelid and d.refobjsubid = c.attnum
  and d.deptype = 'i'
join pg_sequence s on s.seqrelid = d.objid
where attidentity <> '' and own
union all
select 'default', c.name, c.parent, local, 'e' || attrelid || '.' || attnum, replace(alter_column, 'alter table', case
  when table_kind = 'view' then 'alter view' else 'alter table' end) || ' set default ' || pg_get_expr(d.adbin, d.adrelid),
  replace(alter_column, 'alter table', case when table_kind = 'view' then 'alter view' else 'alter table' end) || ' drop default'
from columns c join pg_attrdef d on d.adrelid = c.attrelid and d.adnum = c.attnum
where attgenerated = '' and own
union all
select 'not null', name, name, local, 'l' || attrelid || '.' || attnum, alter_column || ' set not null', alter_column || ' drop not null'
from columns where attnotnull and table_kind in ('table', 'foreign table') and own
union all
select 'statistics target', name, parent, local, 't' || attrelid || '.' || attnum, alter_column || ' set statistics ' || attstattarget, alter_column
  || ' set statistics -1'
from columns where attstattarget >= 0 and table_kind <> 'view' and own
union all
-- Of an expression: columns of an index have no names of their own.
select 'statistics target', i.name || '.' || a.attnum, i.name, a.attnum::text, 't' || a.attrelid || '.' || a.attnum,
  'alter index ' || i.name || ' alter column ' || a.attnum || ' set statistics ' || a.attstattarget, 'alter index ' || i.name || ' alter column ' || a.attnum
    || ' set statistics -1'
from indexes i join pg_attribute a on a.attrelid = i.oid where a.attstattarget >= 0
union all
select 'column option', quote_ident(p.option_name) || ' of ' || c.name, c.parent, p.option_name, 'option' || attrelid || '.' || attnum || p.option_name,
  alter_column || ' set (' || quote_ident(p.option_name) || ' = ' || p.option_value || ')', alter_column || ' reset (' || quote_ident(p.option_name) || ')'
-- Those that begin with pg_ the server writes for itself (pg_attver of the minor releases of 2026), and pg_dump leaves them out.
from columns c cross join lateral pg_options_to_table(c.attoptions) p where own and p.option_name !~ '^pg_'
union all
select 'storage', name, parent, local, 'g' || attrelid || '.' || attnum,
  alter_column || ' set storage ' || case attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end,
  alter_column || ' set storage ' || case typstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end
from columns where attstorage <> typstorage and table_kind <> 'view' and own
union all
select 'compression', name, parent, local, 'k' || attrelid || '.' || attnum, alter_column || ' set compression ' || case {compression} when 'p' then 'pglz'
  else 'lz4' end, alter_column || ' set compression default'
from columns where {compression} <> '' and table_kind in ('table', 'materialized view') and own

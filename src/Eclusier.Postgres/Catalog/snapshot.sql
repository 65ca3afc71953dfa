-- Every object that a migration can change, with the SQL that makes it and the SQL that removes it. Run with an empty search path, so
-- that all names are qualified. Names are those of pg_identify_object. Columns: kind, name, parent, local name, id, create, drop.
-- {compression}, {parent_trigger} and {uncounted} and {schemas} are filled in for the server's version and the layout.
with members as (
  -- of extensions; and what a type brings with it (a range's functions and casts)
  select classid, objid from pg_depend where deptype = 'e' or (deptype = 'i' and classid in ('pg_proc'::regclass, 'pg_cast'::regclass))
), ours as (
  select n.oid, quote_ident(n.nspname) as name, n.nspowner, n.nspacl
  from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname not in ({schemas}) and (select count(*) from members e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid) = 0
), relations as (
  select c.*, o.name || '.' || quote_ident(c.relname) as name, quote_ident(c.relname) as local,
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end as kind
  from pg_class c join ours o on o.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relpersistence <> 't'
    and c.relname not in ({uncounted})
    and not exists (select from members e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
    and not (c.relkind = 'S' and exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'))
), columns as (
  select a.*, r.name as table_name, r.kind as table_kind, r.relowner, r.name || '.' || quote_ident(a.attname) as name, quote_ident(a.attname) as local, t.typstorage, t.typcollation,
    'alter table ' || r.name || ' alter column ' || quote_ident(a.attname) as alter_column
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  where r.kind <> 'sequence'
), routines as (
  select p.*, p.oid::regprocedure::text as name,
    case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind
  from pg_proc p join ours o on o.oid = p.pronamespace
  where p.proname not in ({uncounted})
    and not exists (select from members e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
), types as (
  select t.*, t.oid::regtype::text as name, case t.typtype when 'd' then 'domain' else 'type' end as kind
  from pg_type t join ours o on o.oid = t.typnamespace
  where t.typtype in ('e', 'd', 'r', 'c')
    and (t.typtype <> 'c' or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
    and not exists (select from members e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
), grants(kind, name, object, owner, acl) as (
  select kind, name, case kind when 'view' then 'table' when 'materialized view' then 'table' when 'foreign table' then 'table' else kind end || ' ' || name, relowner, relacl from relations where relacl is not null
  union all
  select 'column', name, table_name, relowner, attacl from columns where attacl is not null
  union all
  select 'schema', name, 'schema ' || name, nspowner, nspacl from ours where nspacl is not null
  union all
  select kind, name, case kind when 'procedure' then 'procedure ' else 'function ' end || name, proowner, coalesce(proacl, acldefault('f', proowner)) from routines
  union all
  select kind, name, kind || ' ' || name, typowner, coalesce(typacl, acldefault('T', typowner)) from types
), granted as (
  select g.kind, g.name, e.privilege_type || case when g.kind = 'column' then ' (' || c.local || ')' else '' end || ' on ' || g.object as what, e.is_grantable,
    case e.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end as grantee
  from grants g cross join aclexplode(g.acl) e left join columns c on g.kind = 'column' and c.name = g.name
  where e.grantee <> g.owner
), objects(kind, name, parent, local, id, definition, removal) as (
  select 'schema', name, null, name, 'n' || oid, 'create schema ' || name, 'drop schema ' || name from ours
  union all
  select 'extension', quote_ident(e.extname), null, quote_ident(e.extname), 'x' || e.oid,
    'create extension ' || quote_ident(e.extname) || ' with schema ' || quote_ident(n.nspname) || ' version ' || quote_literal(e.extversion), 'drop extension ' || quote_ident(e.extname)
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname <> 'plpgsql'
  union all
  select 'table', r.name, null, local, 'r' || r.oid,
    'create ' || case relpersistence when 'u' then 'unlogged ' else '' end || 'table ' || r.name || ' ()'
      || case when reloftype <> 0 then ' of ' || reloftype::regtype else '' end
      || case when relkind = 'p' then ' partition by ' || pg_get_partkeydef(r.oid) else '' end
      || case when am.amname <> 'heap' then ' using ' || quote_ident(am.amname) else '' end,
    'drop table ' || r.name
  from relations r left join pg_am am on am.oid = r.relam
  where kind = 'table'
  union all
  select 'foreign table', r.name, null, local, 'r' || r.oid, '-- foreign table ' || r.name || ' on ' || quote_ident(s.srvname) || ' ' || md5(coalesce(f.ftoptions::text, '')), 'drop foreign table ' || r.name
  from relations r join pg_foreign_table f on f.ftrelid = r.oid join pg_foreign_server s on s.oid = f.ftserver
  union all
  select 'partition', r.name, r.name, local, 'i' || i.inhrelid || '.' || i.inhparent,
    'alter table ' || i.inhparent::regclass || ' attach partition ' || r.name || ' ' || pg_get_expr(r.relpartbound, r.oid), 'alter table ' || i.inhparent::regclass || ' detach partition ' || r.name
  from relations r join pg_inherits i on i.inhrelid = r.oid
  where r.relispartition
  union all
  select 'inheritance', r.name || ' from ' || i.inhparent::regclass, r.name, local, 'i' || i.inhrelid || '.' || i.inhparent,
    'alter table ' || r.name || ' inherit ' || i.inhparent::regclass, 'alter table ' || r.name || ' no inherit ' || i.inhparent::regclass
  from relations r join pg_inherits i on i.inhrelid = r.oid
  where not r.relispartition
  union all
  select 'storage parameters', name, name, local, 'o' || oid,
    'alter ' || kind || ' ' || name || ' set (' || array_to_string(reloptions, ', ') || ')',
    'alter ' || kind || ' ' || name || ' reset (' || (select string_agg(split_part(option, '=', 1), ', ') from unnest(reloptions) option) || ')'
  from relations where reloptions is not null and kind in ('table', 'view', 'materialized view')
  union all
  select 'row security', name, name, local, 's' || oid, 'alter table ' || name || ' enable row level security', 'alter table ' || name || ' disable row level security' from relations where relrowsecurity
  union all
  select 'forced row security', name, name, local, 'f' || oid, 'alter table ' || name || ' force row level security', 'alter table ' || name || ' no force row level security' from relations where relforcerowsecurity
  union all
  select 'replica identity', r.name, r.name, r.local, 'd' || r.oid,
    'alter table ' || r.name || ' replica identity ' || case r.relreplident when 'f' then 'full' when 'n' then 'nothing' else
      'using index ' || (select quote_ident(c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = r.oid and i.indisreplident) end,
    'alter table ' || r.name || ' replica identity default'
  from relations r where r.kind = 'table' and r.relreplident <> 'd'
  union all
  select 'owner', kind || ' ' || name, name, local, 'w' || oid, 'alter ' || kind || ' ' || name || ' owner to ' || quote_ident(pg_get_userbyid(relowner)), '' from relations
  union all
  select 'column', name, table_name, local, 'c' || attrelid || '.' || attnum,
    'alter table ' || table_name || ' add column ' || local || ' ' || format_type(atttypid, atttypmod)
      || case when attcollation <> typcollation then ' collate ' || attcollation::regcollation else '' end
      || case when attgenerated = 's' then ' generated always as (' || (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = attrelid and d.adnum = attnum) || ') stored' else '' end
      || case attidentity when 'a' then ' generated always as identity' when 'd' then ' generated by default as identity' else '' end,
    'alter table ' || table_name || ' drop column ' || local
  from columns where table_kind in ('table', 'foreign table') and (attinhcount = 0 or attislocal)
  union all
  select 'default', c.name, c.name, local, 'e' || attrelid || '.' || attnum, alter_column || ' set default ' || pg_get_expr(d.adbin, d.adrelid), alter_column || ' drop default'
  from columns c join pg_attrdef d on d.adrelid = c.attrelid and d.adnum = c.attnum
  where attgenerated = '' and (attinhcount = 0 or attislocal)
  union all
  select 'not null', name, name, local, 'l' || attrelid || '.' || attnum, alter_column || ' set not null', alter_column || ' drop not null'
  from columns where attnotnull and attidentity = '' and table_kind = 'table' and (attinhcount = 0 or attislocal)
  union all
  select 'statistics target', name, name, local, 't' || attrelid || '.' || attnum, alter_column || ' set statistics ' || attstattarget, alter_column || ' set statistics -1'
  from columns where attstattarget >= 0 and table_kind = 'table' and (attinhcount = 0 or attislocal)
  union all
  select 'storage', name, name, local, 'g' || attrelid || '.' || attnum,
    alter_column || ' set storage ' || case attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end,
    alter_column || ' set storage ' || case typstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end
  from columns where attstorage <> typstorage and table_kind = 'table' and (attinhcount = 0 or attislocal)
  union all
  select 'compression', name, name, local, 'k' || attrelid || '.' || attnum, alter_column || ' set compression ' || case {compression} when 'p' then 'pglz' else 'lz4' end, alter_column || ' set compression default'
  from columns where {compression} <> '' and table_kind = 'table' and (attinhcount = 0 or attislocal)
  union all
  select 'constraint', quote_ident(c.conname) || ' on ' || r.name, r.name, quote_ident(c.conname), 'b' || c.oid,
    'alter table ' || r.name || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), 'alter table ' || r.name || ' drop constraint ' || quote_ident(c.conname)
  from relations r join pg_constraint c on c.conrelid = r.oid
  where c.contype in ('c', 'f', 'p', 'u', 'x') and c.conparentid = 0 and (c.coninhcount = 0 or c.conislocal)
  union all
  select 'constraint', quote_ident(c.conname) || ' on ' || t.name, t.name, quote_ident(c.conname), 'b' || c.oid,
    'alter domain ' || t.name || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), 'alter domain ' || t.name || ' drop constraint ' || quote_ident(c.conname)
  from types t join pg_constraint c on c.contypid = t.oid and c.contype = 'c'
  union all
  select 'index', o.name || '.' || quote_ident(c.relname), r.name, quote_ident(c.relname), 'r' || c.oid,
    pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' -- invalid' end, 'drop index ' || o.name || '.' || quote_ident(c.relname)
  from relations r join pg_index i on i.indrelid = r.oid join pg_class c on c.oid = i.indexrelid join ours o on o.oid = c.relnamespace
  where not c.relispartition and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  union all
  select 'trigger', quote_ident(t.tgname) || ' on ' || r.name, r.name, quote_ident(t.tgname), 'g' || t.oid, pg_get_triggerdef(t.oid), 'drop trigger ' || quote_ident(t.tgname) || ' on ' || r.name
  from relations r join pg_trigger t on t.tgrelid = r.oid
  where not t.tgisinternal and {parent_trigger}
  union all
  select 'trigger state', quote_ident(t.tgname) || ' on ' || r.name, quote_ident(t.tgname) || ' on ' || r.name, quote_ident(t.tgname), 'h' || t.oid,
    'alter table ' || r.name || case t.tgenabled when 'D' then ' disable' when 'R' then ' enable replica' else ' enable always' end || ' trigger ' || quote_ident(t.tgname),
    'alter table ' || r.name || ' enable trigger ' || quote_ident(t.tgname)
  from relations r join pg_trigger t on t.tgrelid = r.oid
  where not t.tgisinternal and t.tgenabled <> 'O' and {parent_trigger}
  union all
  select 'policy', quote_ident(p.polname) || ' on ' || r.name, r.name, quote_ident(p.polname), 'p' || p.oid,
    'create policy ' || quote_ident(p.polname) || ' on ' || r.name || case when p.polpermissive then '' else ' as restrictive' end
      || ' for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
      || ' to ' || (select string_agg(case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', ' order by case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end collate "C") from unnest(p.polroles) role)
      || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
    'drop policy ' || quote_ident(p.polname) || ' on ' || r.name
  from relations r join pg_policy p on p.polrelid = r.oid
  union all
  select 'rule', quote_ident(w.rulename) || ' on ' || r.name, r.name, quote_ident(w.rulename), 'u' || w.oid, pg_get_ruledef(w.oid), 'drop rule ' || quote_ident(w.rulename) || ' on ' || r.name
  from relations r join pg_rewrite w on w.ev_class = r.oid and w.rulename <> '_RETURN'
  union all
  select 'view', r.name, null, local, 'r' || oid,
    'create or replace view ' || r.name || ' (' || (select string_agg(c.local, ', ' order by c.attnum) from columns c where c.attrelid = r.oid) || ')'
      || ' as' || E'\n' || rtrim(pg_get_viewdef(oid), ';'),
    'drop view ' || r.name
  from relations r where kind = 'view'
  union all
  select 'materialized view', r.name, null, local, 'r' || oid,
    'create materialized view ' || r.name || ' as' || E'\n' || rtrim(pg_get_viewdef(oid), ';') || case when relispopulated then '' else ' with no data' end, 'drop materialized view ' || r.name
  from relations r where kind = 'materialized view'
  union all
  select 'sequence', r.name, null, local, 'r' || oid,
    'create sequence ' || r.name || ' as ' || s.seqtypid::regtype || ' increment by ' || s.seqincrement || ' minvalue ' || s.seqmin || ' maxvalue ' || s.seqmax
      || ' start with ' || s.seqstart || ' cache ' || s.seqcache || case when s.seqcycle then ' cycle' else ' no cycle' end,
    'drop sequence ' || r.name
  from relations r join pg_sequence s on s.seqrelid = r.oid
  union all
  select 'sequence owner', r.name, r.name, r.local, 'q' || r.oid, 'alter sequence ' || r.name || ' owned by ' || c.name, 'alter sequence ' || r.name || ' owned by none'
  from relations r join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.deptype = 'a' and d.refobjsubid > 0
  join columns c on c.attrelid = d.refobjid and c.attnum = d.refobjsubid
  where r.kind = 'sequence'
  union all
  select kind, name, null, quote_ident(proname), 'm' || oid, pg_get_functiondef(oid), 'drop ' || kind || ' ' || name from routines where kind <> 'aggregate'
  union all
  select kind, r.name, null, quote_ident(proname), 'm' || r.oid,
    'create aggregate ' || r.name || ' (sfunc = ' || a.aggtransfn::regproc || ', stype = ' || format_type(a.aggtranstype, null) || case when a.aggtransspace > 0 then ', sspace = ' || a.aggtransspace else '' end
      || case when a.aggfinalfn <> 0 then ', finalfunc = ' || a.aggfinalfn::regproc else '' end || case when a.aggcombinefn <> 0 then ', combinefunc = ' || a.aggcombinefn::regproc else '' end
      || coalesce(', initcond = ' || quote_literal(a.agginitval), '') || ', parallel = ' || case proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end || ')',
    'drop aggregate ' || r.name
  from routines r join pg_aggregate a on a.aggfnoid = r.oid where kind = 'aggregate'
  union all
  select 'type', name, null, quote_ident(typname), 'y' || oid, case typtype
      when 'e' then 'create type ' || name || ' as enum (' || coalesce((select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = types.oid), '') || ')'
      when 'c' then 'create type ' || name || ' as (' || coalesce((select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) from pg_attribute a where a.attrelid = typrelid and a.attnum > 0 and not a.attisdropped), '') || ')'
      else 'create type ' || name || ' as range (subtype = ' || (select format_type(g.rngsubtype, null) from pg_range g where g.rngtypid = types.oid) || ')' end,
    'drop type ' || name
  from types where kind = 'type'
  union all
  select 'domain', name, null, quote_ident(typname), 'y' || oid,
    'create domain ' || name || ' as ' || format_type(typbasetype, typtypmod) || coalesce(' default ' || typdefault, '') || case when typnotnull then ' not null' else '' end, 'drop domain ' || name
  from types where kind = 'domain'
  union all
  select 'owner', kind || ' ' || name, name, name, 'w' || oid, 'alter ' || kind || ' ' || name || ' owner to ' || quote_ident(pg_get_userbyid(proowner)), '' from routines
  union all
  select 'owner', kind || ' ' || name, name, name, 'w' || oid, 'alter ' || kind || ' ' || name || ' owner to ' || quote_ident(pg_get_userbyid(typowner)), '' from types
  union all
  select 'owner', 'schema ' || name, name, name, 'w' || oid, 'alter schema ' || name || ' owner to ' || quote_ident(pg_get_userbyid(nspowner)), '' from ours
  union all
  select 'grant', what || ' to ' || grantee, name, what, 'a' || what || grantee, 'grant ' || what || ' to ' || grantee || case when is_grantable then ' with grant option' else '' end, 'revoke ' || what || ' from ' || grantee
  from granted
  union all
  select 'default privilege', quote_ident(pg_get_userbyid(d.defaclrole)) || coalesce(' in ' || o.name, '') || ': ' || e.privilege_type || ' on ' || k.objects || ' to ' || g.grantee, o.name, k.objects, 'z' || d.oid || e.privilege_type || g.grantee,
    'alter default privileges for role ' || quote_ident(pg_get_userbyid(d.defaclrole)) || coalesce(' in schema ' || o.name, '') || ' grant ' || e.privilege_type || ' on ' || k.objects || ' to ' || g.grantee || case when e.is_grantable then ' with grant option' else '' end,
    'alter default privileges for role ' || quote_ident(pg_get_userbyid(d.defaclrole)) || coalesce(' in schema ' || o.name, '') || ' revoke ' || e.privilege_type || ' on ' || k.objects || ' from ' || g.grantee
  from pg_default_acl d left join ours o on o.oid = d.defaclnamespace
  cross join aclexplode(d.defaclacl) e
  cross join lateral (select case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas' end) k(objects)
  cross join lateral (select case e.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end) g(grantee)
  where d.defaclnamespace = 0 or o.oid is not null
  union all
  select 'comment', i.type || ' ' || i.identity, i.identity, i.identity, 'j' || d.classoid || '.' || d.objoid || '.' || d.objsubid, c.command || ' is ' || quote_literal(d.description), c.command || ' is null'
  from pg_description d
  cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
  cross join lateral (select 'comment on ' || case when i.type like '% column' then 'column ' || i.identity when i.type = 'table constraint' then 'constraint ' || i.identity
    when i.type = 'domain constraint' then 'constraint ' || replace(i.identity, ' on ', ' on domain ') else i.type || ' ' || i.identity end) c(command)
  where d.objoid >= 16384 and not exists (select from members e where e.classid = d.classoid and e.objid = d.objoid)
    and not (i.type = 'function' and split_part(i.name, '.', 1) in ({uncounted}))
  union all
  select 'statistics', o.name || '.' || quote_ident(s.stxname), r.name, quote_ident(s.stxname), 'v' || s.oid, pg_get_statisticsobjdef(s.oid), 'drop statistics ' || o.name || '.' || quote_ident(s.stxname)
  from pg_statistic_ext s join ours o on o.oid = s.stxnamespace join relations r on r.oid = s.stxrelid
  union all
  select 'publication', quote_ident(p.pubname), null, quote_ident(p.pubname), 'pub' || p.oid,
    'create publication ' || quote_ident(p.pubname) || case when p.puballtables then ' for all tables' else '' end || ' with (publish = '''
      || concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end) || ''')',
    'drop publication ' || quote_ident(p.pubname)
  from pg_publication p
  union all
  select 'published table', r.name || ' in ' || quote_ident(p.pubname), quote_ident(p.pubname), r.local, 'pr' || m.oid,
    'alter publication ' || quote_ident(p.pubname) || ' add table ' || r.name, 'alter publication ' || quote_ident(p.pubname) || ' drop table ' || r.name
  from pg_publication_rel m join pg_publication p on p.oid = m.prpubid join relations r on r.oid = m.prrelid
  union all
  select 'event trigger', quote_ident(e.evtname), null, quote_ident(e.evtname), 'et' || e.oid,
    'create event trigger ' || quote_ident(e.evtname) || ' on ' || e.evtevent || coalesce(' when tag in (' || (select string_agg(quote_literal(tag), ', ') from unnest(e.evttags) tag) || ')', '') || ' execute function ' || e.evtfoid::regproc || '()',
    'drop event trigger ' || quote_ident(e.evtname)
  from pg_event_trigger e
  where not exists (select from members x where x.classid = 'pg_event_trigger'::regclass and x.objid = e.oid)
  union all
  select i.type, i.identity, null, i.identity, 'other' || other.class || '.' || other.oid, '-- ' || i.type || ' ' || i.identity, 'drop ' || i.type || ' ' || i.identity
  from (
    select 'pg_operator'::regclass, oid from pg_operator union all select 'pg_cast'::regclass, oid from pg_cast union all select 'pg_collation'::regclass, oid from pg_collation
    union all select 'pg_ts_config'::regclass, oid from pg_ts_config union all select 'pg_ts_dict'::regclass, oid from pg_ts_dict union all select 'pg_opclass'::regclass, oid from pg_opclass
    union all select 'pg_opfamily'::regclass, oid from pg_opfamily union all select 'pg_conversion'::regclass, oid from pg_conversion
    union all select 'pg_foreign_data_wrapper'::regclass, oid from pg_foreign_data_wrapper union all select 'pg_foreign_server'::regclass, oid from pg_foreign_server
  ) other(class, oid)
  cross join lateral pg_identify_object(other.class, other.oid, 0) i
  where other.oid >= 16384 and not exists (select from members e where e.classid = other.class and e.objid = other.oid)
)
select kind, name, parent, local, id, definition, removal from objects

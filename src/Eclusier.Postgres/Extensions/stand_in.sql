-- For each extension of a database, what makes something with the names and the types of its members on a server that does not have it: enough for
-- definitions that use them. Types are text underneath, functions answer null, index methods are hashes: a b-tree asks
-- whether it is one. Run with an empty search path.
-- Columns: extension, place (in this order), statement, what ALTER EXTENSION ... ADD calls it (empty: it is no member).
with members as (
  select e.extname, d.classid, d.objid
  from pg_extension e join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e'
  where e.extname <> 'plpgsql'
), bases as (
  select m.extname, t.*, t.oid::regtype::text as name, quote_ident(n.nspname) || '.' as home
  from members m join pg_type t on m.classid = 'pg_type'::regclass and t.oid = m.objid join pg_namespace n on n.oid = t.typnamespace
  where t.typtype = 'b' and t.typcategory <> 'A'
), parts as (
  select b.*, home || quote_ident('eclusier_in_' || typname) as reads, home || quote_ident('eclusier_out_' || typname) as writes,
    home || quote_ident('eclusier_mod_' || typname) as reads_mod, home || quote_ident('eclusier_show_' || typname) as writes_mod, home || quote_ident('eclusier_cmp_' || typname) as compares
  from bases b
), routines as (
  select m.extname, p.*, quote_ident(n.nspname) || '.' || quote_ident(p.proname) as name, p.oid::regprocedure::text as signature, quote_ident(n.nspname) || '.' || quote_ident('eclusier_state_' || p.oid) as state
  from members m join pg_proc p on m.classid = 'pg_proc'::regclass and p.oid = m.objid join pg_namespace n on n.oid = p.pronamespace
  where not ('{cstring,internal,cstring[]}'::regtype[]::oid[] && (p.proargtypes::oid[] || p.prorettype))
)
select extname::text, place, statement, member from (
  select extname, 1, 0::oid, 'create schema if not exists ' || quote_ident(n.nspname), 'schema ' || quote_ident(n.nspname)
  from members join pg_namespace n on classid = 'pg_namespace'::regclass and n.oid = objid
  union all select extname, 2, oid, 'create type ' || name, '' from parts
  union all select extname, 3, oid, 'create function ' || reads || '(cstring, oid, integer) returns ' || name || ' language internal immutable strict as ''textin''', 'function ' || reads || '(cstring, oid, integer)' from parts
  union all select extname, 3, oid, 'create function ' || writes || '(' || name || ') returns cstring language internal immutable strict as ''textout''', 'function ' || writes || '(' || name || ')' from parts
  union all select extname, 3, oid, 'create function ' || reads_mod || '(cstring[]) returns integer language internal immutable strict as ''varchartypmodin''', 'function ' || reads_mod || '(cstring[])' from parts where typmodin <> 0
  union all select extname, 3, oid, 'create function ' || writes_mod || '(integer) returns cstring language internal immutable strict as ''varchartypmodout''', 'function ' || writes_mod || '(integer)' from parts where typmodin <> 0
  union all select extname, 4, oid, 'create type ' || name || ' (input = ' || reads || ', output = ' || writes
      || case when typmodin <> 0 then ', typmod_in = ' || reads_mod || ', typmod_out = ' || writes_mod else '' end
      || ', internallength = variable, storage = extended, category = ' || quote_literal(typcategory::text) || case when typcollation <> 0 then ', collatable = true' else '' end || ')', 'type ' || name
  from parts
  union all select extname, 5, oid, 'create function ' || compares || '(' || name || ', ' || name || ') returns integer language internal immutable strict as ''bttextcmp''', 'function ' || compares || '(' || name || ', ' || name || ')' from parts
  union all
  select extname, 6, t.oid, 'create type ' || t.oid::regtype || ' as enum (' || coalesce((select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid), '') || ')', 'type ' || t.oid::regtype
  from members join pg_type t on classid = 'pg_type'::regclass and t.oid = objid where typtype = 'e'
  union all
  select extname, 7, c.oid, case when relkind = 'c' then 'create type ' || t.oid::regtype || ' as (' else 'create table ' || t.oid::regtype || ' (' end
      || coalesce((select string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped), '') || ')',
    case when relkind = 'c' then 'type ' else 'table ' end || t.oid::regtype
  from members join pg_class c on classid = 'pg_class'::regclass and c.oid = objid join pg_type t on t.oid = c.reltype where relkind in ('r', 'p', 'v', 'm', 'f')
  union all
  select extname, 7, t.oid, 'create type ' || t.oid::regtype || ' as (' || coalesce((select string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute where attrelid = typrelid and attnum > 0 and not attisdropped), '') || ')', 'type ' || t.oid::regtype
  from members join pg_type t on classid = 'pg_type'::regclass and t.oid = objid join pg_class c on c.oid = t.typrelid and c.relkind = 'c' where typtype = 'c'
  union all
  select extname, 7, t.oid, 'create domain ' || t.oid::regtype || ' as ' || format_type(typbasetype, typtypmod), 'domain ' || t.oid::regtype
  from members join pg_type t on classid = 'pg_type'::regclass and t.oid = objid where typtype = 'd'
  union all
  select extname, 7, c.oid, 'create sequence ' || c.oid::regclass, 'sequence ' || c.oid::regclass from members join pg_class c on classid = 'pg_class'::regclass and c.oid = objid where relkind = 'S'
  union all
  select extname, 8, oid, 'create ' || case prokind when 'p' then 'procedure ' else 'function ' end || name || '(' || pg_get_function_arguments(oid) || ')' || case prokind when 'p' then '' else ' returns ' || pg_get_function_result(oid) end
      || ' language plpgsql' || case prokind when 'p' then '' else case provolatile when 'i' then ' immutable' when 's' then ' stable' else '' end || case when proisstrict then ' strict' else '' end end
      || ' as ' || quote_literal(case
        when prokind = 'p' or prorettype = 'void'::regtype or prorettype = 'event_trigger'::regtype then 'begin end'
        when prorettype = 'trigger'::regtype then 'begin return new; end'
        when proretset or proargmodes is not null then 'begin return; end'
        else 'begin return null; end' end),
    case prokind when 'p' then 'procedure ' else 'function ' end || signature
  from routines where prokind in ('f', 'p')
  union all
  select extname, 8, r.oid, 'create function ' || state || '(' || concat_ws(', ', format_type(prorettype, null), nullif((select string_agg(format_type(type, null), ', ') from unnest(proargtypes::oid[]) type), '')) || ') returns ' || format_type(prorettype, null)
      || ' language plpgsql as ''begin return null; end''',
    'function ' || state || '(' || concat_ws(', ', format_type(prorettype, null), nullif((select string_agg(format_type(type, null), ', ') from unnest(proargtypes::oid[]) type), '')) || ')'
  from routines r join pg_aggregate a on a.aggfnoid = r.oid and a.aggkind = 'n'
  union all
  select extname, 9, r.oid, 'create aggregate ' || name || '(' || coalesce(nullif(pg_get_function_identity_arguments(r.oid), ''), '*') || ') (sfunc = ' || state || ', stype = ' || format_type(prorettype, null) || ')', 'aggregate ' || name || '(' || coalesce(nullif(pg_get_function_identity_arguments(r.oid), ''), '*') || ')'
  from routines r join pg_aggregate a on a.aggfnoid = r.oid and a.aggkind = 'n'
  union all
  select extname, 10, c.oid, 'create cast (' || format_type(castsource, null) || ' as ' || format_type(casttarget, null) || ') with inout' || case castcontext when 'i' then ' as implicit' when 'a' then ' as assignment' else '' end,
    'cast (' || format_type(castsource, null) || ' as ' || format_type(casttarget, null) || ')'
  from members join pg_cast c on classid = 'pg_cast'::regclass and c.oid = objid
  union all
  select extname, 11, o.oid, 'create operator ' || quote_ident(n.nspname) || '.' || oprname || ' (' || concat_ws(', ', case when oprleft <> 0 then 'leftarg = ' || format_type(oprleft, null) end, case when oprright <> 0 then 'rightarg = ' || format_type(oprright, null) end, 'function = ' || oprcode::regproc) || ')',
    'operator ' || o.oid::regoperator
  from members join pg_operator o on classid = 'pg_operator'::regclass and o.oid = objid join pg_namespace n on n.oid = o.oprnamespace
  union all
  select extname, 12, a.oid, 'create access method ' || quote_ident(amname) || case amtype when 't' then ' type table handler heap_tableam_handler' else ' type index handler hashhandler' end, 'access method ' || quote_ident(amname)
  from members join pg_am a on classid = 'pg_am'::regclass and a.oid = objid
  union all
  select extname, 13, f.oid, 'create operator family ' || quote_ident(n.nspname) || '.' || quote_ident(opfname) || ' using ' || quote_ident(amname), 'operator family ' || quote_ident(n.nspname) || '.' || quote_ident(opfname) || ' using ' || quote_ident(amname)
  from members join pg_opfamily f on classid = 'pg_opfamily'::regclass and f.oid = objid join pg_namespace n on n.oid = f.opfnamespace join pg_am a on a.oid = f.opfmethod
  union all
  select m.extname, 14, c.oid, 'create operator class ' || quote_ident(n.nspname) || '.' || quote_ident(opcname) || case when opcdefault then ' default' else '' end || ' for type ' || format_type(opcintype, null) || ' using ' || quote_ident(amname)
      || ' family ' || quote_ident(fn.nspname) || '.' || quote_ident(fa.opfname) || ' as function 1 ' || coalesce(p.compares, (select f.amproc::regproc::text from pg_opclass d join pg_amproc f on f.amprocfamily = d.opcfamily and f.amproclefttype = c.opcintype and f.amprocrighttype = c.opcintype and f.amprocnum = 1
        where d.opcmethod = 403 and d.opcdefault and d.opcintype = c.opcintype limit 1)) || '(' || format_type(opcintype, null) || ', ' || format_type(opcintype, null) || ')',
    'operator class ' || quote_ident(n.nspname) || '.' || quote_ident(opcname) || ' using ' || quote_ident(amname)
  from members m join pg_opclass c on m.classid = 'pg_opclass'::regclass and c.oid = m.objid join pg_namespace n on n.oid = c.opcnamespace join pg_am a on a.oid = c.opcmethod
    join pg_opfamily fa on fa.oid = c.opcfamily join pg_namespace fn on fn.oid = fa.opfnamespace left join parts p on p.oid = c.opcintype
  where a.amname = 'btree' or a.oid >= 16384
  union all
  select extname, 14, w.oid, 'create foreign data wrapper ' || quote_ident(fdwname), 'foreign data wrapper ' || quote_ident(fdwname) from members join pg_foreign_data_wrapper w on classid = 'pg_foreign_data_wrapper'::regclass and w.oid = objid
  union all
  select extname, 14, d.oid, 'create text search dictionary ' || quote_ident(n.nspname) || '.' || quote_ident(dictname) || ' (template = simple)', 'text search dictionary ' || quote_ident(n.nspname) || '.' || quote_ident(dictname)
  from members join pg_ts_dict d on classid = 'pg_ts_dict'::regclass and d.oid = objid join pg_namespace n on n.oid = d.dictnamespace
  union all
  select extname, 14, c.oid, 'create text search configuration ' || quote_ident(n.nspname) || '.' || quote_ident(cfgname) || ' (copy = pg_catalog.simple)', 'text search configuration ' || quote_ident(n.nspname) || '.' || quote_ident(cfgname)
  from members join pg_ts_config c on classid = 'pg_ts_config'::regclass and c.oid = objid join pg_namespace n on n.oid = c.cfgnamespace
  union all
  select extname, 15, oid, 'comment on extension ' || quote_ident(extname) || ' is ' || quote_literal(obj_description(oid, 'pg_extension')), '' from pg_extension where extname <> 'plpgsql'
) units(extname, place, oid, statement, member)
where statement is not null
order by extname, place, oid

select kind, name, null, quote_ident(proname), 'm' || oid, pg_get_functiondef(oid), 'drop ' || kind || ' ' || name from routines where kind <> 'aggregate'
union all
select kind, r.name, null, quote_ident(proname), 'm' || r.oid,
  'create aggregate ' || r.pronamespace::regnamespace || '.' || quote_ident(proname) || ' (' || case when pg_get_function_arguments(r.oid) = '' then '*'
    else pg_get_function_arguments(r.oid) end
    || ') (sfunc = ' || a.aggtransfn::regproc || ', stype = ' || format_type(a.aggtranstype, null)
    || case when a.aggtransspace > 0 then ', sspace = ' || a.aggtransspace else '' end
    || case when a.aggfinalfn <> 0 then ', finalfunc = ' || a.aggfinalfn::regproc else '' end || case when a.aggfinalextra then ', finalfunc_extra' else '' end
    || case when a.aggfinalfn <> 0 and a.aggfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end
      then ', finalfunc_modify = ' || case a.aggfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end else '' end
    || case when a.aggcombinefn <> 0 then ', combinefunc = ' || a.aggcombinefn::regproc else '' end
    || case when a.aggserialfn <> 0 then ', serialfunc = ' || a.aggserialfn::regproc || ', deserialfunc = ' || a.aggdeserialfn::regproc else '' end
    || coalesce(', initcond = ' || quote_literal(a.agginitval), '')
    || case when a.aggmtransfn <> 0 then ', msfunc = ' || a.aggmtransfn::regproc || ', minvfunc = ' || a.aggminvtransfn::regproc || ', mstype = '
      || format_type(a.aggmtranstype, null) else '' end
    || case when a.aggmtransspace > 0 then ', msspace = ' || a.aggmtransspace else '' end
    || case when a.aggmfinalfn <> 0 then ', mfinalfunc = ' || a.aggmfinalfn::regproc else '' end || case when a.aggmfinalextra then ', mfinalfunc_extra'
      else '' end
    || case when a.aggmfinalfn <> 0 and a.aggmfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end
      then ', mfinalfunc_modify = ' || case a.aggmfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end else '' end
    || coalesce(', minitcond = ' || quote_literal(a.aggminitval), '')
    || case when a.aggsortop <> 0 then ', sortop = ' || a.aggsortop::regoper else '' end
    || case when a.aggkind = 'h' then ', hypothetical' else '' end
    || ', parallel = ' || case proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end || ')',
  'drop aggregate ' || r.pronamespace::regnamespace || '.' || quote_ident(proname) || '(' || case
    when pg_get_function_identity_arguments(r.oid) = '' then '*' else pg_get_function_identity_arguments(r.oid) end || ')'
from routines r join pg_aggregate a on a.aggfnoid = r.oid where kind = 'aggregate'
union all
select 'owner', kind || ' ' || name, name, name, 'w' || oid,
  'alter ' || kind || ' ' || case kind when 'aggregate' then pronamespace::regnamespace || '.' || quote_ident(proname) || '(' || case
    when pg_get_function_identity_arguments(oid) = '' then '*' else pg_get_function_identity_arguments(oid) end || ')' else name end
    || ' owner to ' || quote_ident(pg_get_userbyid(proowner)), '' from routines
union all
select 'type', name, null, quote_ident(typname), 'y' || oid, case typtype
    when 'e' then 'create type ' || name || ' as enum (' || coalesce((select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
      from pg_enum e where e.enumtypid = types.oid), '') || ')'
    when 'c' then 'create type ' || name || ' as ()'
    when 'r' then (select 'create type ' || name || ' as range (subtype = ' || format_type(g.rngsubtype, null)
      || case when c.opcdefault then '' else ', subtype_opclass = ' || c.opcnamespace::regnamespace || '.' || quote_ident(c.opcname) end
      || case when g.rngcollation <> t.typcollation then ', collation = ' || g.rngcollation::regcollation else '' end
      || case when g.rngcanonical <> 0 then ', canonical = ' || g.rngcanonical::regproc else '' end
      || case when g.rngsubdiff <> 0 then ', subtype_diff = ' || g.rngsubdiff::regproc else '' end
      || coalesce(', multirange_type_name = ' || ((to_jsonb(g) ->> 'rngmultitypid')::oid)::regtype, '') || ')'
      from pg_range g join pg_opclass c on c.oid = g.rngsubopc join pg_type t on t.oid = g.rngsubtype where g.rngtypid = types.oid)
    else '-- type ' || name || ' ' || (to_jsonb(types) - '{oid,typnamespace,typowner,typacl,typarray,kind}'::text[])::text end,
  'drop type ' || name || case when typtype in ('b', 'p') then ' cascade' else '' end
from types where kind = 'type'
union all
select 'attribute', t.name || '.' || quote_ident(a.attname), t.name, quote_ident(a.attname), 'c' || t.typrelid || '.' || a.attnum,
  'alter type ' || t.name || ' add attribute ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || case
    when a.attcollation <> b.typcollation then ' collate ' || a.attcollation::regcollation else '' end,
  'alter type ' || t.name || ' drop attribute ' || quote_ident(a.attname)
from types t join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped join pg_type b on b.oid = a.atttypid
where t.typtype = 'c'
union all
select 'domain', t.name, null, quote_ident(t.typname), 'y' || t.oid,
  'create domain ' || t.name || ' as ' || format_type(t.typbasetype, t.typtypmod) || case when t.typcollation <> b.typcollation then ' collate '
    || t.typcollation::regcollation else '' end, 'drop domain ' || t.name
from types t join pg_type b on b.oid = t.typbasetype where kind = 'domain'
union all
select 'default', name, name, quote_ident(typname), 'yd' || oid, 'alter domain ' || name || ' set default ' || coalesce(pg_get_expr(typdefaultbin, 0),
  typdefault), 'alter domain ' || name || ' drop default' from types where kind = 'domain' and typdefault is not null
union all
select 'not null', name, name, quote_ident(typname), 'yn' || oid, 'alter domain ' || name || ' set not null', 'alter domain ' || name || ' drop not null'
  from types where kind = 'domain' and typnotnull
union all
select 'owner', kind || ' ' || name, name, name, 'w' || oid, 'alter ' || kind || ' ' || name || ' owner to ' || quote_ident(pg_get_userbyid(typowner)), ''
  from types

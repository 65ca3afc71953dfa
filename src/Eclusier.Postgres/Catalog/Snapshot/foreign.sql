select 'foreign data wrapper', n.name, null, n.name, 'fw' || n.oid,
  'create foreign data wrapper ' || n.name || case when w.fdwhandler <> 0 then ' handler ' || w.fdwhandler::regproc else '' end || case
    when w.fdwvalidator <> 0 then ' validator ' || w.fdwvalidator::regproc else '' end,
  'drop foreign data wrapper ' || n.name
from named n join pg_foreign_data_wrapper w on n.class = 'pg_foreign_data_wrapper'::regclass and w.oid = n.oid
union all
select 'server', n.name, null, n.name, 'fs' || n.oid,
  'create server ' || n.name || coalesce(' type ' || quote_literal(s.srvtype), '') || coalesce(' version ' || quote_literal(s.srvversion), '')
    || ' foreign data wrapper ' || quote_ident(w.fdwname), 'drop server ' || n.name
from named n join pg_foreign_server s on n.class = 'pg_foreign_server'::regclass and s.oid = n.oid join pg_foreign_data_wrapper w on w.oid = s.srvfdw
union all
select 'user mapping', case umuser when 0 then 'public' else quote_ident(usename) end || ' on server ' || quote_ident(srvname), null,
  case umuser when 0 then 'public' else quote_ident(usename) end, 'um' || umid,
  'create user mapping for ' || case umuser when 0 then 'public' else quote_ident(usename) end || ' server ' || quote_ident(srvname),
    'drop user mapping for ' || case umuser when 0 then 'public' else quote_ident(usename) end || ' server ' || quote_ident(srvname)
from pg_user_mappings
union all
-- A secret is compared by a hash too short to try passwords on, and never shown; so it cannot be set again.
select 'option', quote_ident(p.option_name) || ' of ' || o.kind || ' ' || o.name, o.name, p.option_name, 'fo' || o.id || p.option_name,
  case when p.option_name ~* {secret_name} or p.option_value ~* {secret_value} then '-- ' || o.command || ' options (set ' || quote_ident(p.option_name)
    || ' ''***'') ' || left(md5(p.option_value), 6)
    else o.command || ' options (add ' || quote_ident(p.option_name) || ' ' || quote_literal(p.option_value) || ')' end,
  o.command || ' options (drop ' || quote_ident(p.option_name) || ')'
from (
  select 'foreign data wrapper' as kind, n.name, 'alter foreign data wrapper ' || n.name as command, 'fw' || n.oid as id, w.fdwoptions as options
  from named n join pg_foreign_data_wrapper w on n.class = 'pg_foreign_data_wrapper'::regclass and w.oid = n.oid
  union all
  select 'server', n.name, 'alter server ' || n.name, 'fs' || n.oid, s.srvoptions from named n
    join pg_foreign_server s on n.class = 'pg_foreign_server'::regclass and s.oid = n.oid
  union all
  select 'user mapping', u.who || ' on server ' || quote_ident(m.srvname), 'alter user mapping for ' || u.who || ' server ' || quote_ident(m.srvname), 'um'
    || m.umid, m.umoptions
  from pg_user_mappings m cross join lateral (select case m.umuser when 0 then 'public' else quote_ident(m.usename) end) u(who)
  union all
  select 'foreign table', r.name, 'alter foreign table ' || r.name, 'r' || r.oid, f.ftoptions from relations r join pg_foreign_table f on f.ftrelid = r.oid
  union all
  select 'column', name, alter_column, 'c' || attrelid || '.' || attnum, attfdwoptions from columns where attfdwoptions is not null
) o cross join lateral pg_options_to_table(o.options) p

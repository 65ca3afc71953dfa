-- Of the database itself and of its server. The database is not named: another one may have the same settings.
select 'database', 'database', null, 'database', 'db',
  '-- encoding ' || pg_encoding_to_char(d.encoding) || ', collate ' || d.datcollate || ', ctype ' || d.datctype || coalesce(', provider '
    || (to_jsonb(d) ->> 'datlocprovider'), '')
    || coalesce(', locale ' || coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'), '') || case
      when d.datconnlimit >= 0 then ', connection limit ' || d.datconnlimit else '' end, ''
from here d
union all
select 'setting', s.name || ' of ' || concat_ws(' in ', 'role ' || s.role, case when s.here then 'the database' end), s.role, s.name, 'set'
  || coalesce(s.role, '') || s.here || s.name,
  case when s.name ~* {secret_name} or s.value ~* {secret_value} then '-- set ' || s.name || ' to *** ' || left(md5(s.value), 6) when s.here then r.here_set
    else r.set end,
  case when s.here then r.here_reset else r.reset end
from (
  select n.name, substr(c.setting, strpos(c.setting, '=') + 1) as value, s.setdatabase <> 0 as here, r.role,
    'alter ' || concat_ws(' in ', 'role ' || r.role, case when s.setdatabase <> 0 then 'database {here}' end) as command
  from pg_db_role_setting s cross join lateral unnest(s.setconfig) c(setting)
  cross join lateral (select case when s.setrole <> 0 then quote_ident(pg_get_userbyid(s.setrole)) end) r(role)
  cross join lateral (select string_agg(quote_ident(part), '.' order by place) from unnest(string_to_array(split_part(c.setting, '=', 1),
    '.')) with ordinality p(part, place)) n(name)
  where s.setdatabase in (0, (select oid from here)) and not (s.setdatabase = 0 and s.setrole = 0)
    -- A copy of ours has the other's server's settings as its own.
    and not (s.setdatabase <> 0 and s.setrole = 0 and split_part(c.setting, '=', 1) = any ('eclusier.likeness'::text || string_to_array(coalesce((
      select split_part(ours, '=', 2) from pg_db_role_setting l cross join unnest(l.setconfig) ours
      where l.setdatabase = (select oid from here) and l.setrole = 0 and ours like 'eclusier.likeness=%'), ''), ',')))
) s
cross join lateral (select s.command || ' set ' || s.name || ' to ' || case when s.name in ('search_path', 'temp_tablespaces', 'session_preload_libraries',
  'local_preload_libraries') then s.value else quote_literal(s.value) end,
  s.command || ' reset ' || s.name) c(set, reset)
cross join lateral (select c.set, c.reset,
  'do $do$ begin execute pg_catalog.format(' || quote_literal(replace(replace(c.set, '%', '%%'), '{here}', '%I'))
    || ', pg_catalog.current_database()); end $do$',
  'do $do$ begin execute pg_catalog.format(' || quote_literal(replace(replace(c.reset, '%', '%%'), '{here}', '%I'))
    || ', pg_catalog.current_database()); end $do$') r(set, reset, here_set, here_reset)

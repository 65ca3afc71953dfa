select 'constraint', quote_ident(c.conname) || ' on ' || r.name, r.name, quote_ident(c.conname), 'b' || c.oid,
  'alter table ' || r.name || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), 'alter table ' || r.name
    || ' drop constraint ' || quote_ident(c.conname)
from relations r join pg_constraint c on c.conrelid = r.oid
where c.contype in ('c', 'f', 'p', 'u', 'x') and c.conparentid = 0 and (c.coninhcount = 0 or c.conislocal)
union all
select 'constraint', quote_ident(c.conname) || ' on ' || t.name, t.name, quote_ident(c.conname), 'b' || c.oid,
  'alter domain ' || t.name || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), 'alter domain ' || t.name
    || ' drop constraint ' || quote_ident(c.conname)
from types t join pg_constraint c on c.contypid = t.oid and c.contype = 'c'
union all
-- Its storage parameters are objects of their own: changing one does not change what the index is.
select 'index', i.name, i.table_name, i.local, 'r' || i.oid,
  replace(pg_get_indexdef(i.indexrelid), coalesce(' WITH (' || (
    select string_agg(quote_ident(p.option_name) || '=' || case when quote_ident(p.option_value) = p.option_value then p.option_value
      else quote_literal(p.option_value) end, ', ' order by p.place)
    from pg_options_to_table(i.reloptions) with ordinality p(option_name, option_value, place)) || ')', '-'), '') || case when i.indisvalid then ''
      else ' -- invalid' end,
  'drop index ' || i.name
from indexes i
where not i.relispartition and i.conname is null
union all
select 'trigger', quote_ident(t.tgname) || ' on ' || r.name, r.name, quote_ident(t.tgname), 'g' || t.oid, pg_get_triggerdef(t.oid), 'drop trigger '
  || quote_ident(t.tgname) || ' on ' || r.name
from relations r join pg_trigger t on t.tgrelid = r.oid
where not t.tgisinternal and {parent_trigger}
union all
select 'trigger state', quote_ident(t.tgname) || ' on ' || r.name, quote_ident(t.tgname) || ' on ' || r.name, quote_ident(t.tgname), 'h' || t.oid,
  'alter table ' || r.name || case t.tgenabled when 'D' then ' disable' when 'R' then ' enable replica' else ' enable always' end || ' trigger '
    || quote_ident(t.tgname),
  'alter table ' || r.name || ' enable trigger ' || quote_ident(t.tgname)
from relations r join pg_trigger t on t.tgrelid = r.oid
where not t.tgisinternal and t.tgenabled <> 'O' and {parent_trigger}
union all
-- Those that enforce a foreign key (or a deferrable key) are called by their oids: the command finds them by what they belong to.
select 'trigger state', f.name, quote_ident(k.conname) || ' on ' || k.conrelid::regclass, f.name, 'h' || t.oid,
  f.head || case t.tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end || f.tail, f.head || 'enable' || f.tail
from relations r join pg_trigger t on t.tgrelid = r.oid join pg_constraint k on k.oid = t.tgconstraint join pg_proc p on p.oid = t.tgfoid
cross join lateral (select
  quote_ident(p.proname) || ' of ' || quote_ident(k.conname) || ' on ' || r.name,
  'do $do$ begin execute (select format(''alter table %s ',
  ' trigger %I'', tgrelid::pg_catalog.regclass, tgname) from pg_catalog.pg_trigger t join pg_catalog.pg_constraint k on k.oid = t.tgconstraint'
    || ' join pg_catalog.pg_proc p on p.oid = t.tgfoid where k.conname = ' || quote_literal(k.conname)
    || ' and k.conrelid = ' || quote_literal(k.conrelid::regclass) || '::pg_catalog.regclass and t.tgrelid = ' || quote_literal(r.name)
    || '::pg_catalog.regclass and p.proname = ' || quote_literal(p.proname) || '); end $do$') f(name, head, tail)
where t.tgisinternal and t.tgenabled <> 'O' and {parent_trigger}
union all
select 'policy', quote_ident(p.polname) || ' on ' || r.name, r.name, quote_ident(p.polname), 'p' || p.oid,
  'create policy ' || quote_ident(p.polname) || ' on ' || r.name || case when p.polpermissive then '' else ' as restrictive' end
    || ' for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
    || ' to ' || (select string_agg(case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', ' order by case role when 0 then 'public'
      else quote_ident(pg_get_userbyid(role)) end collate "C") from unnest(p.polroles) role)
    || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
  'drop policy ' || quote_ident(p.polname) || ' on ' || r.name
from relations r join pg_policy p on p.polrelid = r.oid
union all
select 'rule', quote_ident(w.rulename) || ' on ' || r.name, r.name, quote_ident(w.rulename), 'u' || w.oid, pg_get_ruledef(w.oid), 'drop rule '
  || quote_ident(w.rulename) || ' on ' || r.name
from relations r join pg_rewrite w on w.ev_class = r.oid and w.rulename <> '_RETURN'
union all
select 'rule state', quote_ident(w.rulename) || ' on ' || r.name, quote_ident(w.rulename) || ' on ' || r.name, quote_ident(w.rulename), 'us' || w.oid,
  'alter table ' || r.name || case w.ev_enabled when 'D' then ' disable' when 'R' then ' enable replica' else ' enable always' end || ' rule '
    || quote_ident(w.rulename),
  'alter table ' || r.name || ' enable rule ' || quote_ident(w.rulename)
from relations r join pg_rewrite w on w.ev_class = r.oid and w.rulename <> '_RETURN' and w.ev_enabled <> 'O'
union all
select 'statistics', o.name || '.' || quote_ident(s.stxname), r.name, quote_ident(s.stxname), 'v' || s.oid, pg_get_statisticsobjdef(s.oid),
  'drop statistics ' || o.name || '.' || quote_ident(s.stxname)
from pg_statistic_ext s join ours o on o.oid = s.stxnamespace join relations r on r.oid = s.stxrelid
union all
select 'statistics target', n.name, n.name, quote_ident(s.stxname), 'vt' || s.oid, 'alter statistics ' || n.name || ' set statistics '
  || (to_jsonb(s) ->> 'stxstattarget'), 'alter statistics ' || n.name || ' set statistics -1'
from pg_statistic_ext s join ours o on o.oid = s.stxnamespace join relations r on r.oid = s.stxrelid
cross join lateral (select o.name || '.' || quote_ident(s.stxname)) n(name)
where (to_jsonb(s) ->> 'stxstattarget')::int >= 0

with described(kind, command, class, oid, sub, text) as (
  select 'comment', 'comment on ', classoid, objoid, objsubid, description from pg_description
  where objoid >= 16384 or (classoid = 'pg_namespace'::regclass and objoid::regnamespace::text = 'public' and description <> 'standard public schema')
  union all
  select 'security label', 'security label for ' || quote_ident(provider) || ' on ', classoid, objoid, objsubid, label from pg_seclabel
)
select d.kind, i.type || ' ' || n.name, n.parent, n.name,
  case d.kind when 'comment' then 'j' else 'sl' end || d.class || '.' || d.oid || '.' || d.sub, c.command || ' is ' || quote_literal(d.text), c.command
  || case when i.type = 'schema' and i.identity = 'public' then ' is ' || quote_literal('standard public schema') else ' is null' end
from described d
cross join lateral pg_identify_object(d.class, d.oid, d.sub) i
cross join lateral (select case when d.class = 'pg_proc'::regclass then d.oid::regprocedure::text else i.identity end,
  case when d.class = 'pg_proc'::regclass then d.oid::regprocedure::text when i.type like '%view column' then d.oid::regclass::text
    else i.identity end) n(name, parent)
cross join lateral (select d.command || case when i.type like '% column' then 'column ' || i.identity when i.type = 'table constraint' then 'constraint '
  || i.identity
  when i.type = 'domain constraint' then 'constraint ' || replace(i.identity, ' on ', ' on domain ')
  when i.type = 'foreign-data wrapper' then 'foreign data wrapper ' || i.identity
  when i.type = 'statistics object' then 'statistics ' || i.identity
  when i.type = 'aggregate' then 'aggregate ' || (select p.pronamespace::regnamespace || '.' || quote_ident(p.proname) || '(' || case
    when pg_get_function_identity_arguments(p.oid) = '' then '*' else pg_get_function_identity_arguments(p.oid) end || ')' from pg_proc p where p.oid = d.oid)
  else i.type || ' ' || i.identity end) c(command)
where not exists (select from members e where e.classid = d.class and e.objid = d.oid)
  and not (d.class = 'pg_class'::regclass and exists (select from pg_class c where c.oid = d.oid and (c.relpersistence = 't' or {tracking})))
  and not (d.class = 'pg_proc'::regclass and exists (select from pg_proc p where p.oid = d.oid and p.proname in ({uncounted})))
  and coalesce(i.schema, '') not in ({schemas}, 'pg_toast')

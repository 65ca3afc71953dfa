-- Rights, as far as they differ from what an object has when it is made: what was granted beyond that, and what was revoked of it.
-- Of objects that the server or an extension brought along, as far as they differ from what they came with (as pg_dump does).
with acls(letter, class, oid, sub, kind, name, parent, target, owner, acl) as (
  select case relkind when 'S' then 's' else 'r' end, 'pg_class'::regclass, oid, 0, 'relation', oid::regclass::text, oid::regclass::text,
    case relkind when 'S' then 'sequence ' else 'table ' end || oid::regclass, relowner, relacl
  from pg_class c
  where relacl is not null and relkind in ('r', 'p', 'v', 'm', 'S', 'f') and relpersistence <> 't' and not {tracking}
    and relnamespace::regnamespace::text not in ({schemas}, 'pg_toast', 'information_schema')
  union all
  select 'c', 'pg_class'::regclass, c.oid, a.attnum, 'column', c.oid::regclass || '.' || quote_ident(a.attname), c.oid::regclass || case
    when c.relkind in ('v', 'm') then '' else '.' || quote_ident(a.attname) end,
    'table ' || c.oid::regclass, c.relowner, a.attacl
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where a.attacl is not null and not a.attisdropped and c.relpersistence <> 't' and not {tracking}
    and c.relnamespace::regnamespace::text not in ({schemas}, 'pg_toast', 'information_schema')
  union all
  select 'n', 'pg_namespace'::regclass, oid, 0, 'schema', quote_ident(nspname), quote_ident(nspname), 'schema ' || quote_ident(nspname), nspowner, nspacl
  from pg_namespace where nspacl is not null and nspname !~ '^pg_(toast|temp)' and nspname not in ({schemas}, 'information_schema')
  union all
  select 'f', 'pg_proc'::regclass, p.oid, 0, 'routine', p.oid::regprocedure::text, p.oid::regprocedure::text, case prokind when 'p' then 'procedure '
    else 'function ' end || p.oid::regprocedure, proowner, proacl
  from pg_proc p where proacl is not null and proname not in ({uncounted})
    -- What a type brings along has its rights by itself.
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
    and pronamespace::regnamespace::text not in ({schemas}, 'information_schema')
  union all
  select 'T', 'pg_type'::regclass, t.oid, 0, 'type', t.oid::regtype::text, t.oid::regtype::text, case typtype when 'd' then 'domain ' else 'type ' end
    || t.oid::regtype, typowner, typacl from pg_type t where typacl is not null and typnamespace::regnamespace::text not in ({schemas}, 'information_schema')
  union all
  select 'l', 'pg_language'::regclass, oid, 0, 'language', quote_ident(lanname), quote_ident(lanname), 'language ' || quote_ident(lanname), lanowner, lanacl
    from pg_language where lanacl is not null
  union all
  select 'F', 'pg_foreign_data_wrapper'::regclass, oid, 0, 'foreign data wrapper', quote_ident(fdwname), quote_ident(fdwname), 'foreign data wrapper '
    || quote_ident(fdwname), fdwowner, fdwacl from pg_foreign_data_wrapper where fdwacl is not null
  union all
  select 'S', 'pg_foreign_server'::regclass, oid, 0, 'server', quote_ident(srvname), quote_ident(srvname), 'foreign server ' || quote_ident(srvname),
    srvowner, srvacl from pg_foreign_server where srvacl is not null
  union all
  select 'L', 'pg_largeobject_metadata'::regclass, oid, 0, 'large object', oid::text, oid::text, 'large object ' || oid, lomowner, lomacl
    from pg_largeobject_metadata where lomacl is not null
  union all
  select 'd', 'pg_database'::regclass, oid, 0, 'database', 'database', 'database', 'database', datdba, datacl from here where datacl is not null
  {parameter_rights}
), initials as (
  select a.*, case when a.kind = 'schema' and a.name = 'public' then acldefault('n', a.owner) else coalesce(i.initprivs, case
    when a.letter <> 'p' then acldefault(a.letter::"char", a.owner) end) end as initial
  from acls a left join pg_init_privs i on i.classoid = a.class and i.objoid = a.oid and i.objsubid = a.sub
), usual as (
  -- Nearly all that the server brought along is as it came: nothing more is asked of it.
  select * from initials where initial is distinct from acl
), differing as (
  select u.*, e.grantor, e.grantee, e.privilege_type, e.is_grantable, true as granted
  from usual u cross join lateral (select * from aclexplode(u.acl) except select * from aclexplode(u.initial)) e
  union all
  select u.*, e.grantor, e.grantee, e.privilege_type, e.is_grantable, false
  from usual u cross join lateral (select * from aclexplode(u.initial) i where not exists (
    select from aclexplode(u.acl) a where (a.grantor, a.grantee, a.privilege_type) = (i.grantor, i.grantee, i.privilege_type))) e
), written as (
  select d.*, quote_ident(pg_get_userbyid(grantor)) as by, grantor not in (owner, 10) as by_another,
    privilege_type || case when sub > 0 then ' (' || (select quote_ident(attname) from pg_attribute where attrelid = d.oid and attnum = d.sub) || ')'
      else '' end || ' on ' as privilege,
    case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as who
  from differing d
), commands as (
  select w.*,
    'grant ' || privilege || place || ' to ' || who || case when is_grantable then ' with grant option' else '' end as give,
    'revoke ' || privilege || place || ' from ' || who as take
  from written w cross join lateral (select case kind when 'database' then 'database {here}' else target end) t(place)
), run as (
  -- Who granted it has to grant it again, or it would not be the same. The database is not named: another one may have the same rights.
  select c.*, r.giving, r.taking
  from commands c cross join lateral (select
    case when kind = 'database' then 'do $do$ begin execute pg_catalog.format(' || quote_literal(replace(replace(give, '%', '%%'), '{here}', '%I'))
      || ', pg_catalog.current_database()); end $do$'
      when by_another then 'set role ' || by || '; ' || give || '; reset role' else give end,
    case when kind = 'database' then 'do $do$ begin execute pg_catalog.format(' || quote_literal(replace(replace(take, '%', '%%'), '{here}', '%I'))
      || ', pg_catalog.current_database()); end $do$'
      when by_another then 'set role ' || by || '; ' || take || '; reset role' else take end) r(giving, taking)
)
select case when granted then 'grant' else 'revoke' end, privilege || target || case when granted then ' to ' else ' from ' end || who || case
  when by_another then ' by ' || by else '' end, parent, privilege || target,
  'a' || class::oid || '.' || oid || '.' || sub || privilege_type || grantor || '.' || grantee || granted, case when granted then giving else taking end,
    case when granted then taking else giving end
from run
union all
-- Those of a whole database begin with what objects usually have; those of a schema only add.
select 'default privilege', d.role || coalesce(' in ' || d.schema, '') || ': ' || d.privilege_type || ' on ' || d.objects || case when d.granted then ' to '
  else ' from ' end || d.who, d.schema, d.who,
  'z' || d.oid || d.privilege_type || d.who || d.granted,
  'alter default privileges for role ' || d.role || coalesce(' in schema ' || d.schema, '') || case when d.granted then ' grant ' else ' revoke ' end
    || d.privilege_type || ' on ' || d.objects
    || case when d.granted then ' to ' else ' from ' end || d.who || case when d.granted and d.is_grantable then ' with grant option' else '' end,
  'alter default privileges for role ' || d.role || coalesce(' in schema ' || d.schema, '') || case when d.granted then ' revoke ' else ' grant ' end
    || d.privilege_type || ' on ' || d.objects
    || case when d.granted then ' from ' else ' to ' end || d.who || case when not d.granted and d.is_grantable then ' with grant option' else '' end
from (
  select d.oid, o.name as schema, quote_ident(pg_get_userbyid(d.defaclrole)) as role, e.privilege_type, e.is_grantable, e.granted,
    case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas'
      else 'large objects' end as objects,
    case e.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end as who
  from pg_default_acl d left join ours o on o.oid = d.defaclnamespace
  cross join lateral (select case when d.defaclnamespace = 0 then acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end,
    d.defaclrole) end) i(initial)
  cross join lateral (
    select a.*, true as granted from (select * from aclexplode(d.defaclacl) except select * from aclexplode(i.initial)) a
    union all
    select a.*, false from aclexplode(i.initial) a where not exists (select from aclexplode(d.defaclacl) b where (b.grantor, b.grantee,
      b.privilege_type) = (a.grantor, a.grantee, a.privilege_type))
  ) e
  where d.defaclnamespace = 0 or o.oid is not null
) d

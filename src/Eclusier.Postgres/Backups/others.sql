-- What belongs to others and would go along, by CASCADE, with what it rests on; without the triggers that are made again.
with owned as materialized ({owned}),
  relations as (select objid from owned where classid = 'pg_class'::regclass and not ours and not member)
select o.classid, o.objid, 0 as part from owned o where not o.ours and not o.member
union all select 'pg_extension'::regclass, e.oid, 0 from pg_extension e where e.extname <> all ({going})
union all select 'pg_class'::regclass, a.attrelid, a.attnum from pg_attribute a where a.attrelid in (select objid from relations) and a.attnum > 0 and not a.attisdropped
union all select 'pg_attrdef'::regclass, d.oid, 0 from pg_attrdef d where d.adrelid in (select objid from relations)
union all select 'pg_constraint'::regclass, c.oid, 0 from pg_constraint c where c.conrelid in (select objid from relations)
union all select 'pg_policy'::regclass, p.oid, 0 from pg_policy p where p.polrelid in (select objid from relations)
union all select 'pg_trigger'::regclass, t.oid, 0 from pg_trigger t where t.tgrelid in (select objid from relations) and not t.tgisinternal and t.oid not in ({recreated})
union all select 'pg_publication_rel'::regclass, r.oid, 0 from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where not pg_has_role(p.pubowner, 'USAGE')
{published_schemas}
union all select 'pg_default_acl'::regclass, d.oid, 0 from pg_default_acl d where not pg_has_role(d.defaclrole, 'USAGE')
-- What it has replicated of a table it knows by the table's oid.
union all select 'pg_subscription'::regclass, r.srsubid, r.srrelid::int from pg_subscription_rel r
-- Their options are shown to nobody else, so that a dump does not have them.
union all select 'pg_user_mapping'::regclass, m.umid, 0 from pg_user_mappings m where m.umoptions is null and m.umuser <> 0 and m.usename <> current_user

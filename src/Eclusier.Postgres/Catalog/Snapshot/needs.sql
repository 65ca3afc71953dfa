-- Which object needs which, by the ids that the other files give them. What a table's own parts need of it is left out: they belong to it.
with places(class, oid, sub, id) as (
  select distinct on (class, oid, sub) class, oid, sub, id
  from (
    select d.classid as class, d.objid as oid, 0 as sub, 'x' || d.refobjid as id, 0 as rank from pg_depend d where d.deptype = 'e'
    union all
    select 'pg_class'::regclass, c.oid, 0, coalesce('b' || k.oid, 'r' || c.oid), 1
    from pg_class c left join pg_constraint k on k.conindid = c.oid and k.contype in ('p', 'u', 'x') where c.relkind <> 't'
    union all
    select 'pg_class'::regclass, a.attrelid, a.attnum, case when c.relkind in ('v', 'm') then 'r' || c.oid else 'c' || a.attrelid || '.' || a.attnum end, 1
    from pg_attribute a join pg_class c on c.oid = a.attrelid where a.attrelid >= 16384 and a.attnum > 0
    union all
    select 'pg_attrdef'::regclass, d.oid, 0, case when a.attgenerated <> '' then 'c' else 'e' end || d.adrelid || '.' || d.adnum, 1
    from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    union all
    select 'pg_rewrite'::regclass, w.oid, 0, case when w.rulename = '_RETURN' then 'r' || w.ev_class else 'u' || w.oid end, 1 from pg_rewrite w
      where w.oid >= 16384
    union all
    select 'pg_type'::regclass, t.oid, 0, case when coalesce(e.typrelid, t.typrelid) <> 0 and c.relkind <> 'c' then 'r' || c.oid else 'y' || coalesce(e.oid,
      t.oid) end, 1
    from pg_type t left join pg_type e on t.typelem = e.oid and t.typlen = -1 left join pg_class c on c.oid = coalesce(nullif(e.typrelid, 0), t.typrelid)
      where t.oid >= 16384
    union all select 'pg_amop'::regclass, d.objid, 0, case d.refclassid when 'pg_opclass'::regclass then 'oc' else 'of' end || d.refobjid, 1 from pg_depend d
      where d.classid = 'pg_amop'::regclass and d.refclassid in ('pg_opclass'::regclass, 'pg_opfamily'::regclass) and d.objid >= 16384
    union all select 'pg_amproc'::regclass, d.objid, 0, case d.refclassid when 'pg_opclass'::regclass then 'oc' else 'of' end || d.refobjid, 1
      from pg_depend d where d.classid = 'pg_amproc'::regclass and d.refclassid in ('pg_opclass'::regclass, 'pg_opfamily'::regclass) and d.objid >= 16384
  ) p
  order by class, oid, sub, rank
), letters(class, letter) as (
  values ('pg_namespace'::regclass, 'n'), ('pg_extension'::regclass, 'x'), ('pg_constraint'::regclass, 'b'), ('pg_trigger'::regclass, 'g'),
    ('pg_policy'::regclass, 'p'), ('pg_proc'::regclass, 'm'), ('pg_statistic_ext'::regclass, 'v'),
    ('pg_publication'::regclass, 'pub'), ('pg_publication_rel'::regclass, 'pr'), ('pg_event_trigger'::regclass, 'et'), ('pg_operator'::regclass, 'op'),
      ('pg_opclass'::regclass, 'oc'), ('pg_opfamily'::regclass, 'of'), ('pg_cast'::regclass, 'ca'),
    ('pg_collation'::regclass, 'co'), ('pg_conversion'::regclass, 'cv'), ('pg_ts_config'::regclass, 'tc'), ('pg_ts_dict'::regclass, 'td'),
      ('pg_ts_parser'::regclass, 'tp'), ('pg_ts_template'::regclass, 'tt'),
    ('pg_foreign_data_wrapper'::regclass, 'fw'), ('pg_foreign_server'::regclass, 'fs'), ('pg_user_mapping'::regclass, 'um'), ('pg_language'::regclass, 'la'),
      ('pg_transform'::regclass, 'tf'), ('pg_am'::regclass, 'am')
)
select distinct one.id, other.id
from (select * from pg_depend where deptype in ('n', 'a', 'i') and objid >= 16384 and refobjid >= 16384 and (classid, objid) <> (refclassid, refobjid)) d
left join places o on (o.class, o.oid, o.sub) = (d.classid, d.objid, d.objsubid) left join letters l on l.class = d.classid
left join places r on (r.class, r.oid, r.sub) = (d.refclassid, d.refobjid, d.refobjsubid) left join letters m on m.class = d.refclassid
cross join lateral (select coalesce(o.id, l.letter || d.objid)) one(id) cross join lateral (select coalesce(r.id, m.letter || d.refobjid)) other(id)
where one.id <> other.id

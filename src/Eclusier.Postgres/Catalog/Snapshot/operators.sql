-- Operators, text search, casts and what else belongs to no table.
select n.kind, n.name, null, n.local, n.id, coalesce(n.definition, '-- ' || n.kind || ' ' || n.name), 'drop ' || n.kind || ' ' || n.name
from (
  select n.kind, n.name, o.oprname::text as local, 'op' || n.oid as id,
    'create operator ' || o.oprnamespace::regnamespace || '.' || o.oprname || ' (function = ' || nullif(o.oprcode, 0)::regproc || case
      when o.oprleft <> 0 then ', leftarg = ' || format_type(o.oprleft, null) else '' end
    || case when o.oprright <> 0 then ', rightarg = ' || format_type(o.oprright, null) else '' end
    || coalesce((select ', commutator = operator(' || c.oprnamespace::regnamespace || '.' || c.oprname || ')' from pg_operator c where c.oid = o.oprcom), '')
    || coalesce((select ', negator = operator(' || c.oprnamespace::regnamespace || '.' || c.oprname || ')' from pg_operator c where c.oid = o.oprnegate), '')
    || case when o.oprrest <> 0 then ', restrict = ' || o.oprrest::regproc else '' end || case when o.oprjoin <> 0 then ', join = ' || o.oprjoin::regproc
      else '' end
    || case when o.oprcanmerge then ', merges' else '' end || case when o.oprcanhash then ', hashes' else '' end || ')' as definition
  from named n join pg_operator o on n.class = 'pg_operator'::regclass and o.oid = n.oid
  union all
  select n.kind, n.name, n.local, 'co' || n.oid,
    'create collation ' || n.name || ' (provider = ' || case c.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end
    || case when c.collprovider = 'c' then ', lc_collate = ' || quote_literal(c.collcollate) || ', lc_ctype = ' || quote_literal(c.collctype)
      else ', locale = ' || quote_literal(coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate::text)) end
    || coalesce(', rules = ' || quote_literal(to_jsonb(c) ->> 'collicurules'), '') || case when c.collisdeterministic then ''
      else ', deterministic = false' end || ')'
  from named n join pg_collation c on n.class = 'pg_collation'::regclass and c.oid = n.oid
  union all
  select n.kind, n.name, n.local, 'cv' || n.oid,
    'create ' || case when c.condefault then 'default ' else '' end || 'conversion ' || n.name || ' for '
      || quote_literal(pg_encoding_to_char(c.conforencoding)) || ' to ' || quote_literal(pg_encoding_to_char(c.contoencoding)) || ' from ' || c.conproc::regproc
  from named n join pg_conversion c on n.class = 'pg_conversion'::regclass and c.oid = n.oid
  union all
  select n.kind, n.name, n.local, 'tc' || n.oid, 'create text search configuration ' || n.name || ' (parser = ' || p.prsnamespace::regnamespace || '.'
    || quote_ident(p.prsname) || ')'
  from named n join pg_ts_config c on n.class = 'pg_ts_config'::regclass and c.oid = n.oid join pg_ts_parser p on p.oid = c.cfgparser
  union all
  select n.kind, n.name, n.local, 'td' || n.oid, 'create text search dictionary ' || n.name || ' (template = ' || t.tmplnamespace::regnamespace || '.'
    || quote_ident(t.tmplname) || coalesce(', ' || d.dictinitoption, '') || ')'
  from named n join pg_ts_dict d on n.class = 'pg_ts_dict'::regclass and d.oid = n.oid join pg_ts_template t on t.oid = d.dicttemplate
  union all
  select n.kind, n.name, n.local, 'tp' || n.oid, 'create text search parser ' || n.name || ' (start = ' || p.prsstart::regproc || ', gettoken = '
    || p.prstoken::regproc || ', end = ' || p.prsend::regproc || ', lextypes = ' || p.prslextype::regproc
    || case when p.prsheadline <> 0 then ', headline = ' || p.prsheadline::regproc else '' end || ')'
  from named n join pg_ts_parser p on n.class = 'pg_ts_parser'::regclass and p.oid = n.oid
  union all
  select n.kind, n.name, n.local, 'tt' || n.oid, 'create text search template ' || n.name || ' (lexize = ' || t.tmpllexize::regproc || case
    when t.tmplinit <> 0 then ', init = ' || t.tmplinit::regproc else '' end || ')'
  from named n join pg_ts_template t on n.class = 'pg_ts_template'::regclass and t.oid = n.oid
  union all
  select n.kind, n.name, n.name, 'ca' || n.oid,
    'create cast ' || n.name || case c.castmethod when 'f' then ' with function ' || c.castfunc::regprocedure when 'i' then ' with inout'
      else ' without function' end
    || case c.castcontext when 'a' then ' as assignment' when 'i' then ' as implicit' else '' end
  from named n join pg_cast c on n.class = 'pg_cast'::regclass and c.oid = n.oid
  union all
  select n.kind, n.name, n.name, 'tf' || n.oid,
    'create transform ' || n.name || ' (' || concat_ws(', ', case when t.trffromsql <> 0 then 'from sql with function ' || t.trffromsql::regprocedure end,
      case when t.trftosql <> 0 then 'to sql with function ' || t.trftosql::regprocedure end) || ')'
  from named n join pg_transform t on n.class = 'pg_transform'::regclass and t.oid = n.oid
  union all
  select n.kind, n.name, n.local, 'am' || n.oid, 'create access method ' || n.name || ' type ' || case a.amtype when 'i' then 'index' else 'table' end
    || ' handler ' || a.amhandler::regproc
  from named n join pg_am a on n.class = 'pg_am'::regclass and a.oid = n.oid
  union all
  select n.kind, n.name, n.local, 'la' || n.oid,
    'create ' || case when l.lanpltrusted then 'trusted ' else '' end || 'language ' || n.name || ' handler ' || nullif(l.lanplcallfoid, 0)::regproc || case
      when l.laninline <> 0 then ' inline ' || l.laninline::regproc else '' end
    || case when l.lanvalidator <> 0 then ' validator ' || l.lanvalidator::regproc else '' end
  from named n join pg_language l on n.class = 'pg_language'::regclass and l.oid = n.oid
  union all
  select n.kind, n.name, n.local, 'of' || n.oid, 'create operator family ' || n.name from named n where n.class = 'pg_opfamily'::regclass
  union all
  select n.kind, n.name, n.local, 'oc' || n.oid,
    'create operator class ' || c.opcnamespace::regnamespace || '.' || quote_ident(c.opcname) || case when c.opcdefault then ' default' else '' end
      || ' for type ' || format_type(c.opcintype, null) || ' using ' || quote_ident(a.amname)
    || ' family ' || f.opfnamespace::regnamespace || '.' || quote_ident(f.opfname) || ' as ' || concat_ws(', ',
      case when c.opckeytype <> 0 then 'storage ' || format_type(c.opckeytype, null) else 'storage ' || format_type(c.opcintype, null) end,
      (select string_agg('operator ' || m.amopstrategy || ' ' || m.amopopr::regoperator || case when m.amopsortfamily <> 0 then ' for order by '
        || (select s.opfnamespace::regnamespace || '.' || quote_ident(s.opfname) from pg_opfamily s where s.oid = m.amopsortfamily) else '' end,
          ', ' order by m.amopstrategy, m.amopopr::regoperator::text)
        from pg_depend d join pg_amop m on m.oid = d.objid where d.classid = 'pg_amop'::regclass and d.refclassid = 'pg_opclass'::regclass
          and d.refobjid = c.oid),
      (select string_agg('function ' || m.amprocnum || ' (' || format_type(m.amproclefttype, null) || ', ' || format_type(m.amprocrighttype, null) || ') '
        || m.amproc::regprocedure, ', ' order by m.amprocnum, m.amproclefttype, m.amprocrighttype)
        from pg_depend d join pg_amproc m on m.oid = d.objid where d.classid = 'pg_amproc'::regclass and d.refclassid = 'pg_opclass'::regclass
          and d.refobjid = c.oid))
  from named n join pg_opclass c on n.class = 'pg_opclass'::regclass and c.oid = n.oid join pg_opfamily f on f.oid = c.opcfamily
    join pg_am a on a.oid = c.opcmethod
) n
union all
select 'operator family member', 'operator ' || m.amopstrategy || ' ' || m.amopopr::regoperator || ' of ' || n.name, n.name, m.amopopr::regoperator::text,
  'fo' || m.oid,
  'alter operator family ' || n.name || ' add operator ' || m.amopstrategy || ' ' || m.amopopr::regoperator, 'alter operator family ' || n.name
    || ' drop operator ' || m.amopstrategy || ' (' || format_type(m.amoplefttype, null) || ', ' || format_type(m.amoprighttype, null) || ')'
from named n join pg_depend d on n.class = 'pg_opfamily'::regclass and d.refclassid = n.class and d.refobjid = n.oid and d.classid = 'pg_amop'::regclass
  join pg_amop m on m.oid = d.objid
union all
select 'operator family member', 'function ' || m.amprocnum || ' (' || format_type(m.amproclefttype, null) || ', ' || format_type(m.amprocrighttype, null)
  || ') of ' || n.name, n.name, m.amproc::regproc::text, 'fp' || m.oid,
  'alter operator family ' || n.name || ' add function ' || m.amprocnum || ' (' || format_type(m.amproclefttype, null) || ', '
    || format_type(m.amprocrighttype, null) || ') ' || m.amproc::regprocedure,
  'alter operator family ' || n.name || ' drop function ' || m.amprocnum || ' (' || format_type(m.amproclefttype, null) || ', '
    || format_type(m.amprocrighttype, null) || ')'
from named n join pg_depend d on n.class = 'pg_opfamily'::regclass and d.refclassid = n.class and d.refobjid = n.oid and d.classid = 'pg_amproc'::regclass
  join pg_amproc m on m.oid = d.objid
union all
select 'text search mapping', t.alias || ' of ' || n.name, n.name, t.alias, 'tm' || n.oid || '.' || t.tokid,
  'alter text search configuration ' || n.name || ' add mapping for ' || t.alias || ' with ' || string_agg(m.mapdict::regdictionary::text,
    ', ' order by m.mapseqno), 'alter text search configuration ' || n.name || ' drop mapping for ' || t.alias
from named n join pg_ts_config c on n.class = 'pg_ts_config'::regclass and c.oid = n.oid join pg_ts_config_map m on m.mapcfg = c.oid
cross join lateral (select * from ts_token_type(c.cfgparser) t where t.tokid = m.maptokentype) t
group by n.name, n.oid, t.alias, t.tokid
union all
select 'owner', kind || ' ' || name, name, name, 'w' || oid, 'alter ' || kind || ' ' || name || ' owner to ' || quote_ident(pg_get_userbyid(owner)), ''
  from named where owner is not null
union all
-- The server's own libraries give it; a restored copy has another.
select 'collation version', n.name, n.name, n.local, 'cov' || n.oid, '-- version ' || c.collversion, '' from named n
  join pg_collation c on n.class = 'pg_collation'::regclass and c.oid = n.oid where c.collversion is not null
union all
select 'extension dependency', i.type || ' ' || i.identity || ' on ' || quote_ident(x.extname), i.identity, quote_ident(x.extname), 'dx' || d.objid || '.' || x.oid,
  'alter ' || i.type || ' ' || i.identity || ' depends on extension ' || quote_ident(x.extname),
  'alter ' || i.type || ' ' || i.identity || ' no depends on extension ' || quote_ident(x.extname)
from pg_depend d join pg_extension x on d.refclassid = 'pg_extension'::regclass and x.oid = d.refobjid
cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) i
where d.deptype = 'x'

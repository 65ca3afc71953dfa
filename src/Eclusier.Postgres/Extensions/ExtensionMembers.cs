using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Extensions;

/// <summary>Reads which names a database has from its extensions: a copy on a server without them cannot tell.</summary>
internal static class ExtensionMembers
{
    public const string Schema = "schema";

    public const string Operator = "operator";

    /// <summary>
    /// The kinds are those that a server's refusals tell apart. Operators and default operator classes are told with their types, as refusals tell
    /// them, and only those of the server's own types: without the extension nobody has any other. Functions that share their name with one of
    /// the server's own are left out: a refusal may just as well be about that one. So are those that only the server can call.
    /// </summary>
    private const string Sql = """
        with members as (
          select e.extname, h.nspname as home, d.classid, d.objid
          from pg_extension e
          join pg_namespace h on h.oid = e.extnamespace
          left join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e'
          where e.extname <> 'plpgsql'
        ), names(class, oid, kind, schema, name) as (
          select 'pg_class'::regclass, oid, 'relation', relnamespace, relname from pg_class where relkind <> 'c'
          union all select 'pg_proc'::regclass, oid, 'routine', pronamespace, proname from pg_proc
            where 'internal'::regtype <> all (proargtypes) and proname not in (select proname from pg_proc where oid < 16384)
          union all select 'pg_operator'::regclass, oid, 'operator', 0, concat_ws(' ', case when oprleft <> 0 then format_type(oprleft, null) end, oprname, case when oprright <> 0 then format_type(oprright, null) end) from pg_operator
            where oprleft < 16384 and oprright < 16384
          union all select 'pg_namespace'::regclass, oid, 'schema', 0, nspname from pg_namespace
          union all select 'pg_type'::regclass, oid, 'object', typnamespace, typname from pg_type where typcategory <> 'A'
          union all select 'pg_opclass'::regclass, oid, 'object', opcnamespace, opcname from pg_opclass
          union all select 'pg_opclass'::regclass, c.oid, 'object', 0, format_type(c.opcintype, null) || ' ' || a.amname from pg_opclass c join pg_am a on a.oid = c.opcmethod
            where c.opcdefault and c.opcintype < 16384
          union all select 'pg_opfamily'::regclass, oid, 'object', opfnamespace, opfname from pg_opfamily
          union all select 'pg_am'::regclass, oid, 'object', 0, amname from pg_am
          union all select 'pg_language'::regclass, oid, 'object', 0, lanname from pg_language
          union all select 'pg_collation'::regclass, oid, 'object', collnamespace, collname from pg_collation
          union all select 'pg_ts_config'::regclass, oid, 'object', cfgnamespace, cfgname from pg_ts_config
          union all select 'pg_ts_dict'::regclass, oid, 'object', dictnamespace, dictname from pg_ts_dict
          union all select 'pg_ts_parser'::regclass, oid, 'object', prsnamespace, prsname from pg_ts_parser
          union all select 'pg_ts_template'::regclass, oid, 'object', tmplnamespace, tmplname from pg_ts_template
          union all select 'pg_foreign_data_wrapper'::regclass, oid, 'object', 0, fdwname from pg_foreign_data_wrapper
          union all select 'pg_foreign_server'::regclass, oid, 'object', 0, srvname from pg_foreign_server
          union all select 'pg_event_trigger'::regclass, oid, 'object', 0, evtname from pg_event_trigger
        )
        select distinct m.extname::text, m.home::text, coalesce(n.kind, ''), coalesce(case when s.nspname <> m.home then s.nspname || '.' end || n.name, n.name, '')::text as name
        from members m
        left join names n on n.class = m.classid and n.oid = m.objid
        left join pg_namespace s on s.oid = n.schema
        order by 1, 3, 4
        """;

    public static async Task<IReadOnlyList<DumpedExtension>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.RowsAsync(Sql, row => (Extension: row.GetString(0), Home: row.GetString(1), Kind: row.GetString(2), Name: row.GetString(3)), cancellationToken);
        return
        [
            .. from row in rows
               group row by (row.Extension, row.Home) into extension
               select new DumpedExtension(
                   extension.Key.Extension,
                   extension.Key.Home,
                   extension.Where(row => row.Kind.Length > 0).GroupBy(row => row.Kind, row => row.Name, StringComparer.Ordinal)
                       .ToDictionary(kind => kind.Key, IReadOnlyList<string> (kind) => [.. kind], StringComparer.Ordinal)),
        ];
    }
}

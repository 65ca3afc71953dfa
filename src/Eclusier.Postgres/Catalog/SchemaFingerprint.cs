using Npgsql;

namespace Eclusier.Postgres.Catalog;

/// <summary>
/// A hash of a database's schema: equal before and after means that nobody changed it in between. The tracking table
/// and its functions do not count, nor do rows, privileges and what belongs to an extension.
/// </summary>
public static class SchemaFingerprint
{
    private const string Lines = """
        with ours as (
          select n.oid, n.nspname from pg_namespace n
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname not in ({schemas})
        ), relations as (
          select c.*, n.nspname || '.' || c.relname as name
          from pg_class c join ours n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
            and c.relpersistence <> 't'
            and c.relname not in ({uncounted})
            and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
        ), lines(line) as (
          select concat_ws(' ', 'schema', nspname) from ours
          union all
          select concat_ws(' ', 'extension', extname, extversion) from pg_extension
          union all
          select concat_ws(' ', 'relation', relkind, name, relpersistence, relrowsecurity, relforcerowsecurity,
            case relkind when 'p' then pg_get_partkeydef(oid) end,
            case when relispartition then pg_get_expr(relpartbound, oid) end,
            case when relkind in ('v', 'm') then md5(pg_get_viewdef(oid)) end)
          from relations
          union all
          select concat_ws(' ', 'column', r.name,
            row_number() over (partition by a.attrelid order by a.attnum), a.attname,
            format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
            nullif(a.attcollation, t.typcollation)::regcollation, pg_get_expr(d.adbin, d.adrelid))
          from relations r
          join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
          join pg_type t on t.oid = a.atttypid
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          union all
          select concat_ws(' ', 'index', r.name, i.indisvalid, i.indisreplident, pg_get_indexdef(i.indexrelid))
          from relations r join pg_index i on i.indrelid = r.oid
          union all
          select concat_ws(' ', 'constraint', r.name, c.conname, pg_get_constraintdef(c.oid))
          from relations r join pg_constraint c on c.conrelid = r.oid
          union all
          select concat_ws(' ', 'trigger', r.name, t.tgenabled, pg_get_triggerdef(t.oid))
          from relations r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
          union all
          select concat_ws(' ', 'policy', r.name, p.polname, p.polcmd, p.polpermissive,
            (select string_agg(coalesce(o.rolname, 'public'), ',' order by o.rolname collate "C") from unnest(p.polroles) x left join pg_roles o on o.oid = x),
            pg_get_expr(p.polqual, p.polrelid), '/', pg_get_expr(p.polwithcheck, p.polrelid))
          from relations r join pg_policy p on p.polrelid = r.oid
          union all
          select concat_ws(' ', 'function', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), p.prokind, p.prorettype::regtype,
            case when p.prokind in ('f', 'p') then md5(pg_get_functiondef(p.oid)) end)
          from pg_proc p join ours n on n.oid = p.pronamespace
          where p.proname not in ({uncounted})
            and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
          union all
          select concat_ws(' ', 'enum', t.typname, n.nspname, string_agg(quote_literal(e.enumlabel), ',' order by e.enumsortorder))
          from pg_type t join ours n on n.oid = t.typnamespace join pg_enum e on e.enumtypid = t.oid
          group by t.typname, n.nspname
          union all
          select concat_ws(' ', 'domain', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
            (select string_agg(c.conname || ' ' || pg_get_constraintdef(c.oid), ',' order by c.conname collate "C") from pg_constraint c where c.contypid = t.oid))
          from pg_type t join ours n on n.oid = t.typnamespace
          where t.typtype = 'd'
        )
        """;

    private const string Hash = """
        select encode(sha256(convert_to(coalesce(string_agg(line, E'\n' order by line collate "C"), ''), 'UTF8')), 'hex') from lines
        """;

    /// <summary>One round trip; works in a read-only transaction, too.</summary>
    /// <returns>Lower-case hex of a SHA-256.</returns>
    public static async Task<string> ComputeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(EmptySearchPath.Set), new(Uncounted.FilledInto(Lines + Hash)), new(EmptySearchPath.PutBack) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetString(0);
    }
}

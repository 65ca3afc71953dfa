using Npgsql;

namespace Eclusier.Postgres.Catalog;

/// <summary>
/// A hash of what migrations change: tables, columns, indexes, constraints, functions, triggers, policies, views, types.
/// Two equal fingerprints mean the same schema for a plan's purpose; the tracking table and its functions do not count.
/// </summary>
internal static class SchemaFingerprint
{
    private const string Sql =
        """
        with own as (select oid, nspname from pg_namespace where nspname <> 'information_schema' and nspname !~ '^pg_'),
        relations as (
          select c.oid, own.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity
          from pg_class c join own on own.oid = c.relnamespace where c.relname <> 'schema_migrations'
        ),
        lines as (
          select format('relation %s.%s %s %s %s', nspname, relname, relkind, relrowsecurity, relforcerowsecurity) as line
          from relations where relkind in ('r', 'p', 'v', 'm', 'S', 'f') and relname not like 'schema\_migrations\_%'
          union all
          select format('column %s.%s.%s %s %s %s', r.nspname, r.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                        (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum))
          from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped where r.relkind in ('r', 'p', 'f')
          union all
          select format('index %s', pg_get_indexdef(i.indexrelid)) from relations r join pg_index i on i.indrelid = r.oid
          union all
          select format('constraint %s.%s %s %s', r.relname, k.conname, k.convalidated, pg_get_constraintdef(k.oid)) from relations r join pg_constraint k on k.conrelid = r.oid
          union all
          select format('trigger %s %s', t.tgenabled, pg_get_triggerdef(t.oid)) from relations r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
          union all
          select format('policy %s.%s %s %s %s %s', r.relname, p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
          from relations r join pg_policy p on p.polrelid = r.oid
          union all
          select format('view %s.%s %s', r.nspname, r.relname, md5(pg_get_viewdef(r.oid))) from relations r where r.relkind in ('v', 'm')
          union all
          select format('function %s.%s(%s) %s %s %s', own.nspname, f.proname, pg_get_function_identity_arguments(f.oid), f.prosecdef, f.provolatile,
                        md5(concat(f.prosrc, pg_get_function_sqlbody(f.oid))))
          from pg_proc f join own on own.oid = f.pronamespace
          where f.proname not in ('migration_applied', 'record_migration', 'record_migration_failure', 'get_migration_status')
          union all
          select format('enum %s.%s %s', own.nspname, t.typname, (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
          from pg_type t join own on own.oid = t.typnamespace where t.typtype in ('e', 'd')
        )
        select encode(sha256(convert_to(coalesce(string_agg(line, E'\n' order by line collate "C"), ''), 'UTF8')), 'hex') from lines
        """;

    public static async Task<string> ComputeAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<string>(Sql, cancellationToken) ?? "";
}

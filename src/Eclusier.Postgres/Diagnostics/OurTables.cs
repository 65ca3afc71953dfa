using Eclusier.Catalog;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>The tables that a diagnosis is about: the user's own.</summary>
internal static class OurTables
{
    /// <summary>
    /// Begins a query with the relations <c>members</c> (of extensions), <c>ours</c> (schemas) and <c>tables</c> (ordinary, partitioned, partitions and materialized
    /// views, with their qualified <c>name</c>). Left out: the system, extensions, the platform's schemas, temporary and tracking tables.
    /// </summary>
    public static string Sql(string platform) => Uncounted.FilledInto(
        $$"""
        with recursive members as (
          select classid, objid from pg_depend where deptype = 'e'
        ), ours as (
          select n.oid, n.nspname from pg_namespace n
          where n.nspname !~ '^pg_' and n.nspname not in ({{string.Join(", ", Platforms.SchemasOf(platform).Prepend("information_schema").Select(Literal.Quote))}}) and n.nspname not in ({schemas})
            and not exists (select from members m where m.classid = 'pg_namespace'::regclass and m.objid = n.oid)
        ), tables as (
          select c.*, format('%I.%I', o.nspname, c.relname) as name, o.nspname from pg_class c join ours o on o.oid = c.relnamespace
          where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and not {tracking}
            and not exists (select from members m where m.classid = 'pg_class'::regclass and m.objid = c.oid)
        )

        """);
}

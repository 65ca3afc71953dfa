using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Catalog;

/// <summary>The tracking tables of all layouts, which no snapshot and no fingerprint counts.</summary>
internal static class Uncounted
{
    /// <summary>Columns by which a tracking table is known under any name.</summary>
    private static readonly string[] Columns =
    [
        "checksum,error_message,executed_at,executed_by,execution_time_ms,name,success,version",
        "applied_steps_count,checksum,finished_at,id,logs,migration_name,rolled_back_at,started_at",
        "checksum,description,execution_time,installed_by,installed_on,installed_rank,script,success,type,version",
        "name,statements,version",
    ];

    /// <summary>The same, where the name must speak of it, too: other tables may well have these.</summary>
    private static readonly string[] PlainColumns = ["version", "created_at,hash,id", "applied_at,created_at,hash,id,name"];

    /// <param name="query">With <c>{uncounted}</c> and <c>{schemas}</c> where lists of names belong, and <c>{tracking}</c> where it asks whether the
    /// relation <c>c</c> is a tracking table.</param>
    public static string FilledInto(string query) => query
        .Replace("{tracking}", $"({IsTracking("c")} or {IsSequenceOfTracking})", StringComparison.Ordinal)
        .Replace("{uncounted}", List(TrackingTable.Names), StringComparison.Ordinal)
        .Replace("{schemas}", List(TrackingTable.Schemas), StringComparison.Ordinal);

    private static string IsSequenceOfTracking =>
        $"""
        (c.relkind = 'S' and exists (
          select from pg_depend d join pg_class o on o.oid = d.refobjid
          where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'a' and {IsTracking("o")}))
        """;

    private static string IsTracking(string relation) =>
        $"""
        ({relation}.relname in ({List(TrackingTable.Names)}) or ({relation}.relkind = 'r' and (
          select k.names in ({List(Columns)}) or (k.names in ({List(PlainColumns)}) and {relation}.relname ~* 'migrat|version')
          from (select string_agg(a.attname::text, ',' order by a.attname collate "C") from pg_attribute a
                where a.attrelid = {relation}.oid and a.attnum > 0 and not a.attisdropped) k(names))))
        """;

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Literal.Quote));
}

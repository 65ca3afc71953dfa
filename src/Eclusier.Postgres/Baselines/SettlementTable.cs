using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Baselines;

/// <summary>What a baseline left to settle and what somebody marked, beside the tracking table. There only while there is something to remember.</summary>
internal static class SettlementTable
{
    public static async Task<IReadOnlyList<Settlement>> ReadAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        if (!await connection.ScalarAsync<bool>($"select to_regclass({Literal.Quote(Qualified(schema))}) is not null", cancellationToken))
            return [];
        return await connection.RowsAsync(
            $"select version, verdict, because, marked_by from {Qualified(schema)} order by version",
            row => new Settlement(row.GetString(0), VerdictOf(row.GetString(1)), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)),
            cancellationToken);
    }

    /// <summary>Puts these in the place of what was remembered before; meant to commit with the rows of the tracking table.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Write(string schema, IReadOnlyList<Settlement> settlements)
    {
        var table = Qualified(schema);
        yield return new("set local client_min_messages = warning");
        if (settlements.Count == 0)
        {
            yield return new($"drop table if exists {table}");
            yield break;
        }

        yield return new($"create table if not exists {table} (version text primary key, verdict text not null, because text not null, marked_by text, noted_at timestamptz not null default now())");
        yield return new($"delete from {table}");
        foreach (var (migration, verdict, because, by) in settlements)
            yield return new($"insert into {table} (version, verdict, because, marked_by) values ({Literal.Quote(migration)}, {Literal.Quote(Name(verdict))}, {Literal.Quote(because)}, {(by is null ? "null" : Literal.Quote(by))})");
    }

    private static string Qualified(string schema) => $"{Identifier.Quote(schema)}.{TrackingTable.SettlementTable}";

    private static string Name(BaselineVerdict verdict) => verdict switch
    {
        BaselineVerdict.Present => "present",
        BaselineVerdict.Absent => "absent",
        BaselineVerdict.Partial => "partial",
        _ => "undecidable",
    };

    /// <summary>What nobody knows is undecidable.</summary>
    private static BaselineVerdict VerdictOf(string name) => name switch
    {
        "present" => BaselineVerdict.Present,
        "absent" => BaselineVerdict.Absent,
        "partial" => BaselineVerdict.Partial,
        _ => BaselineVerdict.Undecidable,
    };
}

using System.Text.Json;
using Eclusier.Engines;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Comparisons;

/// <summary>
/// Measures with EXPLAIN ANALYZE: the server's own time, without the network and without a clock at each node of the plan, which
/// would slow down plans of many rows more than others. See https://www.postgresql.org/docs/current/sql-explain.html (TIMING).
/// </summary>
internal sealed class PostgresQueryMeter(NpgsqlConnection connection, string where) : IQueryMeter
{
    /// <summary>VACUUM also marks the pages that everybody sees, without which no index-only scan pays: a restored copy has none, a database in use has them.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => new ServerGuard(where).RunAsync(new Text("analyzing", "analyze"), async () =>
    {
        await connection.ExecuteAsync("vacuum analyze", cancellationToken);
        return true;
    });

    public async Task<QuerySample> MeasureAsync(string query, CancellationToken cancellationToken)
    {
        var answer = await new ServerGuard(where).RunAsync(
            new Text("measuring", "une mesure"),
            () => ReadOnlyQuery.RunAsync(connection, $"explain (analyze, buffers, timing off, format json) {query}", where, cancellationToken));
        using var json = JsonDocument.Parse(answer.Rows[0][0]!);
        var explained = json.RootElement[0];
        var root = explained.GetProperty("Plan");
        return new QuerySample(
            explained.GetProperty("Execution Time").GetDouble(),
            (long)root.GetProperty("Actual Rows").GetDouble(),
            root.GetProperty("Shared Hit Blocks").GetInt64(),
            root.GetProperty("Shared Read Blocks").GetInt64(),
            [.. PlanNodes.Of(root)]);
    }
}

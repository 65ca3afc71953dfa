using System.Globalization;
using Eclusier.Engines;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Migrations.Backfills;
using Eclusier.Postgres.Sessions;
using Npgsql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>
/// Deletes orphans in short transactions. The rows are chosen once, never more than the limit; each batch asks again whether its rows are still
/// orphans, since a parent may have come meanwhile, and another row may stand where one of them stood.
/// </summary>
internal sealed record OrphanBatches(Statement Delete, string Child, string Orphan, int Max, string Name)
{
    private const int FirstBatch = 500;

    public static Step Mark(Step step, Relation child, string orphan, int max) => step with
    {
        Transactional = false,
        Recorded = new Dictionary<string, string>(StringComparer.Ordinal) { ["child"] = child.Quoted, ["orphan"] = orphan, ["max"] = max.ToString(CultureInfo.InvariantCulture) },
    };

    /// <returns>Null when the step is about something else.</returns>
    public static OrphanBatches? Of(Step step) => step.Recorded.TryGetValue("orphan", out var orphan)
        ? new OrphanBatches(step.Statements[0], step.Recorded["child"], orphan, int.Parse(step.Recorded["max"], CultureInfo.InvariantCulture), step.Migration)
        : null;

    /// <exception cref="StatementFailed">The server refused a batch; those before it stay.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop, between two batches.</exception>
    public async Task DeleteAsync(NpgsqlConnection connection, StatementSender sender, LockRetry retry, SessionSettings settings, ApplyOptions options)
    {
        var places = await PlacesAsync(connection);
        var batches = new PacedBatches(connection, retry, options, Name, FirstBatch);
        var (done, deleted) = (0, 0L);
        while (done < places.Count)
        {
            await batches.RunAsync(async () =>
            {
                // One partition at a time: a place is unique in a table alone, and the server need not look into the others.
                var batch = places.Skip(done).TakeWhile(place => place.Table == places[done].Table).Take(batches.Rows).ToList();
                var (rows, elapsed) = await OneAsync(sender, settings, options, batch);
                (done, deleted) = (done + batch.Count, deleted + rows);
                return (elapsed, done < places.Count);
            });
        }

        options.Waiting?.Invoke(new Text($"{Name}: {English.Count(deleted, "row")} deleted", $"{Name} : {French.Count(deleted, "ligne supprimée")}"));
    }

    private Task<IReadOnlyList<(string Table, string Place)>> PlacesAsync(NpgsqlConnection connection) => connection.RowsAsync(
        $"""
        select format('%I.%I', n.nspname, c.relname), found.place::text
        from (select o.tableoid, o.ctid as place from {Child} o where {Orphan} limit {Max}) found join pg_class c on c.oid = found.tableoid join pg_namespace n on n.oid = c.relnamespace
        order by 1, found.place
        """,
        row => (row.GetString(0), row.GetString(1)),
        CancellationToken.None);

    private async Task<(long Rows, TimeSpan Elapsed)> OneAsync(StatementSender sender, SessionSettings settings, ApplyOptions options, IReadOnlyList<(string Table, string Place)> batch)
    {
        var places = string.Join(',', batch.Select(place => $"\"{place.Place}\""));
        var delete = new NpgsqlBatchCommand($"delete from only {batch[0].Table} o where o.ctid = any ('{{{places}}}'::tid[]) and {Orphan}");
        var elapsed = await sender.SendTimedAsync(
        [
            (new("begin"), null),
            .. settings.Of("set local", options.Policy.LockTimeout),
            (delete, Delete),
        ]);
        await sender.SendAsync([(new("commit"), null)], CancellationToken.None);
        return ((long)delete.RecordsAffected, elapsed);
    }
}

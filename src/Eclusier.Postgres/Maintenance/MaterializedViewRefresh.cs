using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>Refreshes materialized views, concurrently where the server can.</summary>
internal static class MaterializedViewRefresh
{
    public static async Task<JobPlan> PlanAsync(NpgsqlConnection connection, RefreshJob job, string where, CancellationToken cancellationToken)
    {
        var refreshes = await FindAsync(connection, job, where, cancellationToken);
        return new JobPlan(
            [.. refreshes.Select(refresh => JobStep.Of($"refresh {refresh.View}", where, refresh.Sql, refresh.Said, Risk.Low, new Text("it holds nothing of its own", "elle ne contient rien en propre")))],
            [What(refreshes)]);
    }

    /// <exception cref="RefusedException">One is not there, or is no materialized view.</exception>
    public static async Task<IReadOnlyList<Refresh>> FindAsync(NpgsqlConnection connection, RefreshJob job, string where, CancellationToken cancellationToken)
    {
        var refreshes = new List<Refresh>();
        foreach (var name in job.Views)
        {
            var view = await Relation.FindAsync(connection, name, where, "m", cancellationToken);
            refreshes.Add((await connection.RowsAsync(
                $"""
                select c.relispopulated, pg_total_relation_size(c.oid),
                  exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null)
                from pg_class c where c.oid = {view.Oid}
                """,
                row => new Refresh(view, row.GetBoolean(0), row.GetBoolean(2), row.GetInt64(1)),
                cancellationToken))[0]);
        }

        return refreshes;
    }

    private static Criterion What(IReadOnlyList<Refresh> refreshes)
    {
        var locking = refreshes.Any(refresh => refresh.LocksReaders);
        return new Criterion("refresh", new Text("What is refreshed", "Ce qui est actualisé"), locking ? Verdict.Warning : Verdict.Passed, Text.Join(refreshes.Select(refresh => refresh.Said)),
            locking ? new Text("Create a unique index on plain columns, without WHERE: then nobody waits.", "Créez un index unique sur des colonnes simples, sans WHERE : personne n'attendra.") : null);
    }
}

/// <param name="Populated">It has been filled once; one that has not cannot be read anyway.</param>
/// <param name="Unique">It has an index by which the server can tell its rows apart (PostgreSQL manual, REFRESH MATERIALIZED VIEW).</param>
internal sealed record Refresh(Relation View, bool Populated, bool Unique, long Bytes)
{
    public bool LocksReaders => Populated && !Unique;

    public string Sql => $"refresh materialized view {(Populated && Unique ? "concurrently " : "")}{View.Quoted}";

    public Text Said => (Populated, Unique) switch
    {
        (true, true) => new Text($"{View}: concurrently, {Sizes.Of(Bytes)}", $"{View} : sans bloquer la lecture, {Sizes.Of(Bytes)}"),
        (true, false) => new Text(
            $"{View}: it has no usable unique index: ACCESS EXCLUSIVE, whoever reads it waits until it is done, {Sizes.Of(Bytes)}",
            $"{View} : aucun index unique utilisable : ACCESS EXCLUSIVE, tout lecteur attend la fin, {Sizes.Of(Bytes)}"),
        _ => new Text($"{View}: for the first time", $"{View} : pour la première fois"),
    };
}

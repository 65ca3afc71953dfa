using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Plans;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Baselines;

/// <summary>The files of a runbook's layout, and the rows of its tracking table.</summary>
internal sealed class PostgresHistory(DatabaseUrl url, NpgsqlConnection connection, string description, Runbook runbook) : IMigrationHistory
{
    private static readonly Dictionary<string, TableFacts> NoTables = new(StringComparer.Ordinal);

    private readonly ServerGuard _guard = new(description);
    private readonly MigrationSource _source = new(runbook.Migrations);

    public bool RunsOnlyWhatIsNewer => _source.Layout.RunsOnlyWhatIsNewer(_source.Files());

    public IReadOnlyList<Step> Migrations(TargetEnvironment environment)
    {
        var everything = runbook with { Migrations = runbook.Migrations.WithoutExceptions() };
        // What the target holds would only make hazards, and a replay asks for none.
        return PlanBuilder.Build(everything, environment, description, schemaFingerprint: "", _source.Files(), [], NoTables).Steps;
    }

    public Task<Surroundings> SurroundingsAsync(string platform, CancellationToken cancellationToken) =>
        _guard.RunAsync(new Text("looking at the server", "l'examen du serveur"), () => ServerSurroundings.OfAsync(connection, platform, cancellationToken));

    public Task<IReadOnlyList<Unreplayed>> ReplayAsync(Step step, Surroundings target, CancellationToken cancellationToken) =>
        _guard.RunAsync(new Text($"replaying {step.Migration}", $"le rejeu de {step.Migration}"), async () =>
        {
            if (!step.Statements.Any(statement => statement.Partition is not null))
                return await new StatementReplay(connection, step, target).RunAsync(cancellationToken);
            return await PartitionReplay.RunAsync(url, connection, await _source.EnsureTrackingAsync(connection, step, cancellationToken), step, runbook, cancellationToken);
        });

    public Makes MakesOf(Step step) => StatementMakes.Of(step);

    public CatalogSnapshot InParts(CatalogSnapshot catalog) => CatalogParts.Of(catalog);

    public Task<IReadOnlyList<LostMigration>> LostAsync(CancellationToken cancellationToken) =>
        _guard.RunAsync(new Text("reading the tracking table", "la lecture de la table de suivi"), () =>
            _source.Layout.LostAsync(connection, _source.Place, _source.Files(), cancellationToken));

    public Task<IReadOnlyList<Settlement>> SettlementsAsync(CancellationToken cancellationToken) =>
        _guard.RunAsync(new Text("reading what is to be settled", "la lecture de ce qui reste à trancher"), async () =>
        {
            var tracking = await _source.ReadTrackingAsync(connection, _source.Files(), cancellationToken);
            return await SettlementTable.ReadAsync(connection, tracking.Schema, cancellationToken);
        });

    public Task RecordAsync(IReadOnlyList<Step> applied, IReadOnlyList<Settlement> remembered, string executedBy, CancellationToken cancellationToken) =>
        _guard.RunAsync(new Text("recording migrations", "l'enregistrement de migrations"), async () =>
        {
            var tracking = await _source.EnsureTrackingAsync(connection, applied.Count > 0 ? applied[0] : null, cancellationToken);
            await TrackingQueries.RecordAllAsync(connection, tracking, applied, executedBy, SettlementTable.Write(tracking.Schema, remembered), cancellationToken);
            return true;
        });
}

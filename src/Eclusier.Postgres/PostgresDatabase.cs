using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Backups;
using Eclusier.Postgres.Baselines;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Comparisons;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Diagnostics;
using Eclusier.Postgres.Extensions;
using Eclusier.Postgres.Inspections;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Maintenance;
using Eclusier.Postgres.Migrations;
using Eclusier.Postgres.Plans;
using Eclusier.Postgres.Preconditions;
using Eclusier.Postgres.Rehearsals;
using Eclusier.Postgres.Rollbacks;
using Eclusier.Postgres.Sessions;
using Eclusier.Postgres.Untracked;
using Eclusier.Postgres.Watching;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres;

/// <summary>One connection to one PostgreSQL database; each operation lives in the folder of its phase.</summary>
public sealed class PostgresDatabase : Database
{
    private readonly DatabaseUrl _url;
    private readonly NpgsqlConnection _connection;
    private readonly ScriptCache _scripts = new();

    /// <summary>Known, and complete, once the first step was applied.</summary>
    private TrackingTable? _tracking;

    /// <summary>In a rehearsal, from its first step on.</summary>
    private StatementTracer? _tracer;

    /// <summary>The server ends a statement whose client is gone; known once the run's lock was asked for.</summary>
    private bool _endsWithItsClient;

    /// <summary>It holds the run's lock.</summary>
    private bool _runs;

    /// <summary>The connection's own, once somebody watches the server.</summary>
    private PostgresHealth? _health;

    /// <summary>Each ends with a rollback.</summary>
    private long _queries;

    /// <summary>Null on the target itself: there, what fails has failed.</summary>
    private UnprovenCopy? _copy;

    /// <summary>Known once somebody asked.</summary>
    private DatabaseIdentity? _identity;

    private PostgresDatabase(DatabaseUrl url, NpgsqlConnection connection)
    {
        _url = url;
        _connection = connection;
    }

    public override string Description => PostgresUrl.Describe(_url);

    public override string ServerVersion => _connection.ServerVersion;

    /// <exception cref="EclusierException">The server cannot be reached or refuses.</exception>
    public static async Task<PostgresDatabase> OpenAsync(DatabaseUrl url, string purpose, CancellationToken cancellationToken) =>
        new(url, await PostgresConnection.OpenAsync(url, purpose, cancellationToken));

    /// <summary>A database for a rehearsal: what its server lacks is told apart from what is broken.</summary>
    /// <exception cref="EclusierException">As above.</exception>
    internal static async Task<PostgresDatabase> OpenScratchAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(url, "eclusier rehearsal", cancellationToken);
        database._copy = new UnprovenCopy(database._connection);
        await RunSession.EnterAsync(database._connection, cancellationToken);
        return database;
    }

    public override async Task<DatabaseIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        _identity ??= await Guarded(new Text("asking which database it is", "l'identification de la base"), () => PostgresIdentity.OfAsync(_connection, cancellationToken));

    public override Task<Inspection> InspectAsync(Runbook runbook, CancellationToken cancellationToken) =>
        Guarded(new Text("looking at it", "son inspection"), () => LookAsync(() => PostgresInspection.TakeAsync(_connection, Description, runbook.Migrations, cancellationToken), cancellationToken));

    public override Task<Plan> PlanAsync(Runbook runbook, TargetEnvironment environment, CancellationToken cancellationToken) =>
        Guarded(new Text("planning", "la planification"), () => LookAsync(async () => (await BuildPlanAsync(runbook, environment, evenWithWork: true, cancellationToken))!, cancellationToken));

    public override Task<Plan?> SettledPlanAsync(Runbook runbook, TargetEnvironment environment, CancellationToken cancellationToken) => Guarded(
        new Text("planning", "la planification"),
        () => LookAsync(async () => await BuildPlanAsync(runbook, environment, evenWithWork: false, cancellationToken) is { IsSettled: true } plan ? plan : null, cancellationToken));

    public override Task<IReadOnlyList<Criterion>> PreconditionsAsync(Plan plan, Runbook runbook, CancellationToken cancellationToken) =>
        Guarded(new Text("asking for rights", "la vérification des droits"), () => LookAsync(() => PostgresPreconditions.OfAsync(_connection, plan, runbook, cancellationToken), cancellationToken));

    public override IMigrationHistory? HistoryOf(Runbook runbook) => new PostgresHistory(_url, _connection, Description, runbook);

    public override IJobs JobsOf(Runbook runbook, TimeProvider time) => new PostgresJobs(_connection, Description, runbook, time);

    public override Task LockAsync(CancellationToken cancellationToken) => Guarded(new Text("locking", "le verrouillage"), async () =>
    {
        await PoolerDetection.RefuseAsync(_url, _connection, cancellationToken);
        _endsWithItsClient = await ClientCheck.IsSupportedAsync(_connection, cancellationToken);
        await RunLock.TakeAsync(_connection, Description, cancellationToken);
        await RunSession.EnterAsync(_connection, cancellationToken);
        _runs = true;
        return true;
    });

    public override Task<StepResult> ApplyAsync(Step step, ApplyOptions options, CancellationToken cancellationToken) =>
        Guarded(
            new Text($"applying {step.Migration}", $"l'application de {step.Migration}"),
            async () =>
            {
                if (step.Kind == Step.Job)
                    return await new JobStepRunner(_url, _connection, step, options, _endsWithItsClient).RunAsync(cancellationToken);
                try
                {
                    _tracking ??= await new MigrationSource(options.Runbook.Migrations).EnsureTrackingAsync(_connection, step, cancellationToken);
                }
                catch (PostgresException refused) when (!SqlErrors.EndsConnection(refused))
                {
                    return StepResult.Of(step, StepStatus.Failed) with { Error = SqlErrors.Describe(refused, statement: null, new Text("the tracking table", "la table de suivi").En) };
                }

                if (options.TimeStatements)
                    _tracer ??= await StatementTracer.StartAsync(_url, _connection, cancellationToken);
                try
                {
                    var result = await JudgedAsync(step, new StepRunner(_url, _connection, _tracking, step, options, _endsWithItsClient, options.TimeStatements ? _tracer : null), cancellationToken);
                    if (_runs)
                        await RunLock.KeepAsync(_connection, Description, cancellationToken);
                    return result;
                }
                finally
                {
                    // Each step ends with RESET ALL.
                    if (_connection.State == System.Data.ConnectionState.Open)
                        await RunSession.EnterAsync(_connection, CancellationToken.None);
                }
            });

    public override Task<CatalogSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
        Guarded(new Text("reading the catalog", "la lecture du catalogue"), () => LookAsync(() => CatalogReader.SnapshotAsync(_connection, cancellationToken), cancellationToken));

    public override Task<IReadOnlyList<Reversal>> ReverseAsync(Runbook runbook, IReadOnlyList<TrackedMigration> undone, IReadOnlyList<RecordedChanges> recorded, CatalogSnapshot now, CancellationToken cancellationToken) =>
        Guarded(new Text("planning the way back", "la préparation du retour"), async () =>
        {
            var files = new MigrationSource(runbook.Migrations).Files();
            return new Reversals(files, runbook.Migrations, await LookAsync(() => TablesAsync(cancellationToken), cancellationToken)).Of(undone, recorded, now);
        });

    public override Task<IReadOnlyList<Loss>> CountLossAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken) =>
        Guarded(new Text("counting rows", "le décompte des lignes"), () => LookAsync(() => RowLoss.CountAsync(_connection, steps, cancellationToken), cancellationToken));

    public override Task<Dump> DumpAsync(string folder, CancellationToken cancellationToken) => PostgresDump.WriteAsync(_url, folder, cancellationToken);

    public override async Task RestoreAsync(Dump dump, string folder, bool sameServer, CancellationToken cancellationToken)
    {
        var missing = await PostgresRestore.RestoreAsync(_url, dump, folder, sameServer, cancellationToken);
        if (!sameServer)
            (_copy ??= new UnprovenCopy(_connection)).Restored(dump, missing);
    }

    public override IReadOnlyList<MissingExtension> MissingExtensions => _copy?.Missing ?? [];

    public override Text? WhyUnproven(string sql, EclusierException? refusal) => _copy?.WhyUnproven(sql, refusal);

    public override Task<IReadOnlyList<Finding>> DiagnoseAsync(DiagnosticScope scope, CancellationToken cancellationToken) =>
        Guarded(new Text("diagnosing it", "son diagnostic"), () => DatabaseDiagnosis.TakeAsync(_connection, scope, cancellationToken));

    public override Text? WhyUnproven(DiagnosticScope question) => question.Rule is { } rule ? FindingRules.Of(rule).NotOnCopy : null;

    public override Task<LeftAlone> RestoreInPlaceAsync(Dump dump, string folder, CancellationToken cancellationToken) => RestoreInPlace.RunAsync(_url, _connection, dump, folder, cancellationToken);

    public override Task<IReadOnlyDictionary<string, long>> CountRowsAsync(CancellationToken cancellationToken) =>
        Guarded(new Text("counting rows", "le décompte des lignes"), () => LookAsync(() => RowCounts.OfAsync(_connection, cancellationToken), cancellationToken));

    public override Task<RowContents?> ReadRowsAsync(RowContents? known, CancellationToken cancellationToken) =>
        Guarded(new Text("reading its rows", "la lecture de ses lignes"), async () => (RowContents?)await RowHashes.ReadAsync(_connection, known, cancellationToken));

    public override Task<QueryResult> QueryAsync(string query, CancellationToken cancellationToken) =>
        Guarded(new Text("running a query", "une requête"), () =>
        {
            _queries++;
            return ReadOnlyQuery.RunAsync(_connection, query, Description, cancellationToken, QueryLockTimeout);
        });

    public override IServerHealth? Health => _health ??= new PostgresHealth(_connection, Description, () => _queries);

    public override IQueryMeter? QueryMeter => new PostgresQueryMeter(_connection, Description);

    public override async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
    }

    private async Task<StepResult> JudgedAsync(Step step, StepRunner runner, CancellationToken cancellationToken)
    {
        if (_copy is null)
            return await runner.RunAsync(cancellationToken);
        try
        {
            return await _copy.JudgeAsync(step, await runner.RunAsync(cancellationToken), cancellationToken);
        }
        catch (MigrationFailedException refusal)
        {
            if (await _copy.JudgeAsync(step, refusal, cancellationToken) is { } unproven)
                return unproven;
            throw;
        }
    }

    /// <param name="evenWithWork">False: null as soon as it is clear that something is pending.</param>
    private async Task<Plan?> BuildPlanAsync(Runbook runbook, TargetEnvironment environment, bool evenWithWork, CancellationToken cancellationToken)
    {
        // Of two environments each has its own URL, which may say where the tracking table is.
        var source = new MigrationSource(runbook.Migrations with { Url = environment.Url });
        var files = source.Files();
        var tracked = await source.ReadTrackingAsync(_connection, files, cancellationToken);
        var applied = tracked.Rows.Where(row => row.Success).Select(row => row.Version).ToHashSet(StringComparer.Ordinal);
        if (files.All(file => applied.Contains(file.Version)))
            return await OnAsync(PlanBuilder.Build(runbook, environment, Description, schemaFingerprint: "", files, tracked.Rows, new Dictionary<string, TableFacts>(StringComparer.Ordinal)), cancellationToken);
        if (!evenWithWork && new PlanSettings(runbook, files, tracked.Rows).HasWork)
        {
            // What is wrong with the files is said now, before anything is locked or begun.
            PlanBuilder.Build(runbook, environment, Description, schemaFingerprint: "", files, tracked.Rows, new Dictionary<string, TableFacts>(StringComparer.Ordinal), scripts: _scripts);
            return null;
        }

        var remembered = await SettlementTable.ReadAsync(_connection, tracked.Schema, cancellationToken);
        var fingerprint = await SchemaFingerprint.ComputeAsync(_connection, cancellationToken);
        var tables = await TablesAsync(cancellationToken);
        var catalog = await CatalogFacts.ReadAsync(_connection, cancellationToken);
        var plan = PlanBuilder.Build(runbook, environment, Description, fingerprint, files, tracked.Rows, tables, catalog, _scripts);
        var elsewhere = await TrackedElsewhere.FindAsync(_connection, source, files, tracked, cancellationToken);
        plan = plan with
        {
            Problems = [.. plan.Problems, .. elsewhere, .. await AlreadyThereAsync(plan, files, tracked, cancellationToken),
                .. source.Layout.Problems(runbook.Migrations.Path, files, tracked)],
        };
        return await OnAsync(Settlement.Weigh(plan, remembered), cancellationToken);
    }

    private async Task<Plan> OnAsync(Plan plan, CancellationToken cancellationToken)
    {
        var identity = await IdentifyAsync(cancellationToken);
        return plan with { Identity = identity, Id = PlanId.On(identity, plan.Id) };
    }

    private async Task<IEnumerable<PlanProblem>> AlreadyThereAsync(Plan plan, IReadOnlyList<MigrationFile> files, TrackingTable tracking,
        CancellationToken cancellationToken)
    {
        var byVersion = files.ToDictionary(file => file.Version, StringComparer.Ordinal);
        var pending = plan.Steps.Where(step => step.SkipReason is null).Select(step => (step, _scripts.Read(byVersion[step.Migration], step.File))).ToArray();
        if (pending.Length == 0)
            return [];
        var taken = await TakenNames.ReadAsync(_connection, cancellationToken);
        return AlreadyThere.Find(pending, taken, isHalfDone: taken.HasRelation(tracking.Schema, TrackingTable.ProgressTable)) is { } problem ? [problem] : [];
    }

    private Task<IReadOnlyDictionary<string, TableFacts>> TablesAsync(CancellationToken cancellationToken) => PostgresInspection.TablesByNameAsync(_connection, cancellationToken);

    private Task<T> LookAsync<T>(Func<Task<T>> look, CancellationToken cancellationToken) => Look.RunAsync(_connection, Description, _runs ? Look.Patiently : Look.Briefly, look, cancellationToken);

    private Task<T> Guarded<T>(Text doing, Func<Task<T>> operation) => new ServerGuard(Description).RunAsync(doing, operation);
}

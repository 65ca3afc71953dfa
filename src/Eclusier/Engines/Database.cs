using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Engines;

/// <summary>A connection to one database, and what a run does with it. Not thread-safe.</summary>
public abstract class Database : IAsyncDisposable
{
    /// <summary>Host, port and database; no secrets.</summary>
    public abstract string Description { get; }

    public abstract string ServerVersion { get; }

    /// <summary>Of a scratch database that is to be like another: what could not be had as it is there.</summary>
    public IReadOnlyList<Text> Unlike { get; set; } = [];

    /// <summary>Which database this is, whatever its address.</summary>
    public abstract Task<DatabaseIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>Looks without being able to write.</summary>
    public abstract Task<Inspection> InspectAsync(Runbook runbook, CancellationToken cancellationToken);

    /// <summary>Compares files and tracking table.</summary>
    /// <exception cref="InvalidInputException">Files that make no plan: duplicate versions, cycles, unreadable text.</exception>
    public abstract Task<Plan> PlanAsync(Runbook runbook, TargetEnvironment environment, CancellationToken cancellationToken);

    /// <summary>The plan where nothing is to do; null where there is work, found out without what only its plan needs to know.</summary>
    /// <exception cref="EclusierException">As of <see cref="PlanAsync"/>.</exception>
    public virtual async Task<Plan?> SettledPlanAsync(Runbook runbook, TargetEnvironment environment, CancellationToken cancellationToken) =>
        await PlanAsync(runbook, environment, cancellationToken) is { IsSettled: true } plan ? plan : null;

    /// <summary>What can be known of a plan's chances before anything is prepared: rights, extensions, programs. A criterion that is not certain does not fail.</summary>
    public virtual Task<IReadOnlyList<Criterion>> PreconditionsAsync(Plan plan, Runbook runbook, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Criterion>>([]);

    /// <summary>The files of its migrations and the rows that record them; null where the engine has none.</summary>
    public virtual IMigrationHistory? HistoryOf(Runbook runbook) => null;

    /// <summary>Makes this run the only one on the database until the connection ends.</summary>
    /// <exception cref="UnavailableException">Another run holds the lock, and who; or a pooler makes locks meaningless.</exception>
    public abstract Task LockAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Applies one step, its tracking row with it; one that undoes a migration removes that row. A server's refusal is a result (<see cref="StepStatus.Failed"/>), recorded in the tracking table apart; it does not throw.
    /// </summary>
    /// <returns>On a copy whose server lacks an extension that the step needs, <see cref="StepStatus.Unproven"/>.</returns>
    /// <exception cref="EclusierException">The connection was lost (<see cref="UnavailableException"/>), or the step was cut off before and cannot go on as it is now (<see cref="MigrationFailedException"/>).</exception>
    public abstract Task<StepResult> ApplyAsync(Step step, ApplyOptions options, CancellationToken cancellationToken);

    /// <summary>Everything that a migration can change, as it is now.</summary>
    public abstract Task<CatalogSnapshot> SnapshotAsync(CancellationToken cancellationToken);

    /// <summary>The way back of each of these migrations.</summary>
    /// <param name="undone">Newest first.</param>
    /// <param name="recorded">What each changed in the catalog, as far as that is on record.</param>
    /// <param name="now">The catalog as it is.</param>
    /// <exception cref="InvalidInputException">A rollback file cannot be read.</exception>
    public abstract Task<IReadOnlyList<Reversal>> ReverseAsync(Runbook runbook, IReadOnlyList<TrackedMigration> undone, IReadOnlyList<RecordedChanges> recorded, CatalogSnapshot now, CancellationToken cancellationToken);

    /// <summary>Counts the rows that these steps would take along.</summary>
    public abstract Task<IReadOnlyList<Loss>> CountLossAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken);

    /// <summary>Whether the effect of a step is there, where no tracking table says it (<see cref="HistoryOf"/>).</summary>
    /// <param name="run">The run that the step belongs to.</param>
    public virtual Task<StepEffect> EffectAsync(Step step, Runbook runbook, string run, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The tracking table says what is applied.");

    /// <summary>What the engine itself can prove of a copy, beyond the runbook's checks; nothing where steps are migrations.</summary>
    /// <param name="applied">By the run that asks; empty outside a run.</param>
    public virtual Task<IReadOnlyList<CheckResult>> ProveAsync(Runbook runbook, TargetEnvironment environment, IReadOnlyList<StepResult> applied, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CheckResult>>([]);

    /// <summary>Measures queries; null where the engine cannot.</summary>
    public virtual IQueryMeter? QueryMeter => null;

    /// <summary>Looks at the server in use; null where the engine has no statistics.</summary>
    public virtual IServerHealth? Health => null;

    /// <summary>What is to be tidied up here after a run; null where there never is anything.</summary>
    public virtual IMaintenance? MaintenanceOf(Runbook runbook) => null;

    /// <summary>What carries out the runbook's maintenance jobs; null where the engine knows none.</summary>
    public virtual IJobs? JobsOf(Runbook runbook, TimeProvider time) => null;

    /// <summary>Dumps into new files in <paramref name="folder"/> (mode 0600) and counts the rows in the same snapshot.</summary>
    public abstract Task<Dump> DumpAsync(string folder, CancellationToken cancellationToken);

    /// <summary>
    /// Restores a dump into this database, which must be empty. Extensions that another server lacks, and what depends on them, are left out there
    /// and told in <see cref="MissingExtensions"/>.
    /// </summary>
    /// <param name="sameServer">On the server that the dump came from: what belongs to that machine (tablespaces) is put back, too.</param>
    /// <exception cref="EclusierException">The dump cannot be restored.</exception>
    public abstract Task RestoreAsync(Dump dump, string folder, bool sameServer, CancellationToken cancellationToken);

    /// <summary>Replaces what is in this database with a dump. Where it cannot be done, everything stays as it is; while it is done, nobody should work with it.</summary>
    /// <returns>What belongs to others and was left as it is.</returns>
    /// <exception cref="RefusedException">It could not be done, and everything is as it was.</exception>
    public abstract Task<LeftAlone> RestoreInPlaceAsync(Dump dump, string folder, CancellationToken cancellationToken);

    /// <summary>Of a copy: the extensions that its server lacks, and what is unproven there. Grows with each step that cannot run for want of one; empty elsewhere.</summary>
    public virtual IReadOnlyList<MissingExtension> MissingExtensions => [];

    /// <summary>Of a copy: why the answer to a query proves nothing there; null when it does.</summary>
    /// <param name="refusal">The server's, when it refused the query; null when its answer is not the expected one.</param>
    public virtual Text? WhyUnproven(string sql, EclusierException? refusal) => null;

    /// <summary>Looks for what is wrong, or likely to become so, without being able to write.</summary>
    /// <exception cref="InvalidInputException">There is no such rule.</exception>
    public virtual Task<IReadOnlyList<Finding>> DiagnoseAsync(DiagnosticScope scope, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([]);

    /// <summary>Why asking a rule of the diagnosis proves nothing on a copy; null when it does.</summary>
    public virtual Text? WhyUnproven(DiagnosticScope question) => null;

    /// <summary>Exact rows of every table, by qualified name.</summary>
    public abstract Task<IReadOnlyDictionary<string, long>> CountRowsAsync(CancellationToken cancellationToken);

    /// <summary>How long a query of <see cref="QueryAsync"/> may wait for a lock. Means nothing where queries wait for none.</summary>
    public TimeSpan QueryLockTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What the tables hold, to be compared with another moment; null where the engine proves its copies otherwise (<see cref="ProveAsync"/>).</summary>
    /// <param name="known">An earlier look, for what nobody wrote to since; null: everything is read.</param>
    public virtual Task<RowContents?> ReadRowsAsync(RowContents? known, CancellationToken cancellationToken) => Task.FromResult<RowContents?>(null);

    /// <summary>A question of the runbook that has no answer by then is answered with no.</summary>
    public static TimeSpan LongestQuery { get; } = TimeSpan.FromMinutes(10);

    /// <summary>A user's query went on for longer than that.</summary>
    /// <param name="cheaper">What makes such a query cheaper.</param>
    public static EclusierException NoAnswer(string where, Text cheaper, Exception error) => new CheckFailedException(
        new Text($"The query gave no answer within {LongestQuery.TotalMinutes:0} minutes.", $"La requête n'a pas donné de réponse en {LongestQuery.TotalMinutes:0} minutes."),
        where,
        new Text($"Make it cheaper ({cheaper.En}), or leave it out of the runbook.", $"Allégez-la ({cheaper.Fr}), ou retirez-la du runbook."),
        error);

    /// <summary>Runs a user's query, which cannot write, for as long as <see cref="LongestQuery"/>.</summary>
    /// <exception cref="EclusierException">The query is refused by the server, or tries to write.</exception>
    public abstract Task<QueryResult> QueryAsync(string query, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

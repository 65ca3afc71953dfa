using Eclusier.Planning;

namespace Eclusier.Runbooks;

/// <summary>A runbook as understood: every default filled in, every value valid. Made by <c>RunbookReader</c>.</summary>
public sealed record Runbook
{
    private readonly MigrationSettings? _migrations;

    /// <summary>The file it was read from; null for the short form (<c>--url</c> and <c>--path</c>).</summary>
    public string? File { get; init; }

    /// <summary>Absolute folder that relative paths start from, and where <c>.eclusier/</c> lives.</summary>
    public required string Directory { get; init; }

    public required string Name { get; init; }

    public Language? Language { get; init; }

    public required IReadOnlyDictionary<string, TargetEnvironment> Environments { get; init; }

    /// <exception cref="InvalidInputException">The runbook has none.</exception>
    public MigrationSettings Migrations
    {
        get => _migrations ?? throw new InvalidInputException(
            new Text("The runbook has no `migrations:`.", "Le runbook n'a pas de `migrations:`."),
            File,
            new Text("Add them, or name with --env the environment whose collections are to be copied.", "Ajoutez-les, ou nommez avec --env l'environnement dont les collections sont à copier."));
        init => _migrations = value;
    }

    public bool HasMigrations => _migrations is not null;

    /// <summary>Null: no collections are copied.</summary>
    public CollectionSettings? Collections { get; init; }

    public Policy Policy { get; init; } = new();

    /// <summary>Null: no backup was asked for.</summary>
    public BackupSettings? Backup { get; init; }

    /// <summary>Null: no rehearsal was asked for.</summary>
    public RehearsalSettings? Rehearsal { get; init; }

    public IReadOnlyList<Invariant> Invariants { get; init; } = [];

    public IReadOnlyList<Check> Checks { get; init; } = [];

    public Hooks Hooks { get; init; } = new();

    public WatchSettings Watch { get; init; } = new();

    public InspectSettings Inspect { get; init; } = new();

    /// <summary>How long the folder of a run is kept after the run began; null: for ever.</summary>
    public TimeSpan? KeepRuns { get; init; }

    /// <summary>Globs over names of objects that comparisons leave out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Jobs that keep a PostgreSQL database in shape, in their order.</summary>
    public IReadOnlyList<MaintenanceJob> Maintenance { get; init; } = [];

    /// <summary>Variables whose value came from the process's environment, and that <c>.env</c> beside the runbook has not.</summary>
    public IReadOnlyList<string> OnlyInEnvironment { get; init; } = [];

    /// <summary>The environments that are changed, in the order in which that happens: first where migrations run, then where collections are copied to.</summary>
    public IReadOnlyList<string> Targets =>
        [.. new[] { _migrations?.Target, Collections?.To }.OfType<string>().Where(name => name.Length > 0)];

    /// <summary>A rule's question leaves out what the platform brings along, and what the team accepts.</summary>
    private DiagnosticScope Asked(DiagnosticScope question, TargetEnvironment environment) => DiagnosticScope.Of(Inspect, environment) with { Rule = question.Rule, On = question.On };

    /// <summary>Where none is needed: databases that are named by their URLs, say.</summary>
    public static Runbook None(string directory) =>
        new() { Directory = directory, Name = Path.GetFileName(directory), Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal) };

    /// <summary>What concerns this environment: the other kind of database has its own steps and its own queries.</summary>
    public Runbook For(TargetEnvironment environment)
    {
        var system = environment.Url.System;
        return this with
        {
            Migrations = system == DatabaseSystem.PostgreSql && _migrations is { } migrations ? migrations with { Url = environment.Url } : null!,
            Collections = system == DatabaseSystem.MongoDb ? Collections : null,
            Maintenance = system == DatabaseSystem.PostgreSql ? Maintenance : [],
            Invariants = [.. Invariants.Where(invariant => invariant.System == system)],
            Policy = Policy.For(system),
            Checks = [.. Checks.Where(check => check.System is null || check.System == system).Select(check => check.Finding is null ? check : check with { Finding = Asked(check.Finding, environment) })],
            Rehearsal = Rehearsal is { Url: { } url } && url.System != system ? new RehearsalSettings(null) : Rehearsal,
        };
    }
}

/// <summary>An environment of the runbook: a database and how careful to be with it.</summary>
/// <param name="Protected">Asks for the environment's name, or needs <c>--approve PLAN-ID</c>.</param>
/// <param name="Platform">plain, supabase or neon: the roles and schemas that the server comes with.</param>
public sealed record TargetEnvironment(string Name, DatabaseUrl Url, bool Protected = false, string Platform = "plain");

public sealed record MigrationSettings
{
    /// <summary>What <see cref="Layout"/> may be.</summary>
    public static IReadOnlyList<string> Layouts { get; } = ["numbered", "supabase", "drizzle", "prisma", "flyway", "dbmate"];

    /// <summary>Absolute path of the migrations' folder.</summary>
    public required string Path { get; init; }

    /// <summary>Absolute; where the files' own paths start from (psql's <c>\i</c>): the runbook's folder.</summary>
    public string BaseFolder { get => field ?? Path; init; }

    public string Layout { get; init; } = "numbered";

    /// <summary>The environment to migrate when <c>--env</c> does not name one.</summary>
    public required string Target { get; init; }

    /// <summary>The environment that the target should equal afterwards; it is in <see cref="Runbook.Environments"/> only where its variables are set.</summary>
    public string? Reference { get; init; }

    /// <summary>Versions in the order to run, only where file order is wrong; those not named keep file order behind them.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    public IReadOnlyList<MigrationGroup> Groups { get; init; } = [];

    /// <summary>Version -> reason.</summary>
    public IReadOnlyDictionary<string, string> Skip { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A migration -> those that it was put together from: it does what they do, and a database needs the one or the others.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Replaces { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>A migration -> a query that answers true where it is applied: for those that leave no trace in the catalog.</summary>
    public IReadOnlyDictionary<string, string> Probes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Table, as the runbook writes it -> how it becomes partitioned.</summary>
    public IReadOnlyDictionary<string, PartitionSettings> Partitions { get; init; } = new Dictionary<string, PartitionSettings>(StringComparer.Ordinal);

    /// <summary>Version -> versions that must be applied before it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Depends { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Where the tool was told to keep its tracking table.</summary>
    public TrackingPlace Tracking { get; init; } = TrackingPlace.Default;

    /// <summary>The database that they are for: its URL may say where the tool keeps its tracking table. Null: none was chosen yet.</summary>
    public DatabaseUrl? Url { get; init; }

    /// <summary>Every migration counts: nothing is skipped, and nothing stands for others.</summary>
    public MigrationSettings WithoutExceptions() => this with
    {
        Skip = new Dictionary<string, string>(StringComparer.Ordinal),
        Replaces = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal),
    };
}

/// <summary>A heading in plan and report. Files are named by version (<c>018</c>) or by file name.</summary>
public sealed record MigrationGroup(string Title, IReadOnlyList<string> Files);

public sealed record Policy
{
    /// <summary>Empty: any environment.</summary>
    public IReadOnlyList<string> OnlyOn { get; init; } = [];

    /// <summary>Hazard rules that are a no-go (<c>drop-table</c>, <c>truncate</c>, <c>delete</c>, <c>update</c>, …).</summary>
    public IReadOnlyList<string> Forbid { get; init; } = [];

    /// <summary>Kinds of statements that alone may run (<c>create-index</c>, <c>alter-table-add-column</c>, …); empty: any.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public IReadOnlyList<AllowedHazard> Allow { get; init; } = [];

    /// <summary>Null: any risk.</summary>
    public Risk? MaxRisk { get; init; }

    /// <summary>How long a statement may queue for a lock before it steps back.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a migration is tried again after a lock timeout.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Zero: no limit.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>No-go unless the whole plan was undone in the rehearsal.</summary>
    public bool RequireRollback { get; init; }

    /// <summary>How long one batch of a backfill should take.</summary>
    public TimeSpan BatchTarget { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>A backfill waits while a replica is farther behind.</summary>
    public TimeSpan MaxReplicationLag { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A query; a backfill waits while it answers true, or a number other than zero.</summary>
    public string? PauseWhile { get; init; }

    /// <summary>What permits a hazard in a migration; null when nothing does.</summary>
    /// <param name="isCalled">Whether the migration has a name.</param>
    public AllowedHazard? Allowed(string hazard, Func<string, bool> isCalled) =>
        Allow.FirstOrDefault(allowed => allowed.Hazard == hazard && (allowed.Migration is null || isCalled(allowed.Migration)));

    /// <summary>Each kind of database has its own hazards.</summary>
    internal Policy For(DatabaseSystem system)
    {
        bool Concerns(string rule) => CollectionHazards.Ids.Contains(rule) == (system == DatabaseSystem.MongoDb);
        return this with { Forbid = [.. Forbid.Where(Concerns)], Allow = [.. Allow.Where(allowed => Concerns(allowed.Hazard))] };
    }
}

/// <summary>Permits one hazard, in one migration (by version or file name; null: in every migration).</summary>
public sealed record AllowedHazard(string Hazard, string? Migration, string Because);

public sealed record BackupSettings
{
    /// <summary>Folders (absolute), <c>sftp://user@host/path</c>, <c>s3://bucket/path</c> or <c>rclone:remote:path</c>; see <see cref="BackupPlace"/>.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>How many verified copies the decision demands.</summary>
    public int Copies { get; init; } = 2;

    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Restore a copy into a sandbox and count its rows.</summary>
    public bool Restore { get; init; } = true;

    /// <summary>Take another backup once the migrations are applied and verified.</summary>
    public bool After { get; init; }
}

/// <param name="Url">A server of the user's own on which scratch databases may be created; null: a sandbox.</param>
public sealed record RehearsalSettings(DatabaseUrl? Url);

public sealed record Hooks
{
    /// <summary>Shell commands, run before a restored backup takes the place of the database.</summary>
    public IReadOnlyList<string> BeforeSwap { get; init; } = [];

    /// <summary>Shell commands, run one after the other once every migration is applied.</summary>
    public IReadOnlyList<string> AfterApply { get; init; } = [];
}

using Eclusier.Baselines;
using Eclusier.Evidence;
using Eclusier.Migrations;
using Eclusier.Planning;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Baselines;

/// <summary>A folder of migrations and a database that has some of them; everything runs in this process.</summary>
internal sealed class BaselineProject : IDisposable
{
    /// <summary>Rehearsals on one server share its roles: of two at once, one may drop what the other is about to need.</summary>
    public const string OneAfterTheOther = "rehearsals on one server";

    private readonly TemporaryFolder _folder = new();
    private TemporaryFolder _runs = new();

    private BaselineProject(DatabaseUrl url, Runbook runbook)
    {
        Url = url;
        Runbook = runbook with { Directory = _folder.Path, Migrations = runbook.Migrations with { Path = Migrations } };
        Directory.CreateDirectory(Migrations);
    }

    public DatabaseUrl Url { get; }

    public Runbook Runbook { get; set; }

    private string Migrations => Path.Combine(_folder.Path, "migrations");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="ownSandbox">A throwaway server for each run, instead of scratch databases on the tests' own, which is quicker.</param>
    public static async Task<BaselineProject> CreateAsync(PostgresServer server, bool ownSandbox = false)
    {
        var url = await server.NewDatabaseAsync();
        return new BaselineProject(url, new Runbook
        {
            Name = "test",
            Directory = "",
            Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal) { ["production"] = new("production", url, Protected: false, "plain") },
            Migrations = new MigrationSettings { Path = "", Target = "production" },
            Rehearsal = ownSandbox ? null : new RehearsalSettings((await server.RehearsalsAsync()).AdminUrl),
        });
    }

    /// <summary>Writes a migration.</summary>
    public BaselineProject File(string name, string sql)
    {
        System.IO.File.WriteAllText(Path.Combine(Migrations, name), sql);
        return this;
    }

    public Task ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(Url, sql);

    /// <summary>Applies migrations by hand: nothing is recorded.</summary>
    public async Task ByHandAsync(params string[] names)
    {
        foreach (var name in names)
            await ExecuteAsync(await System.IO.File.ReadAllTextAsync(Directory.GetFiles(Migrations, $"{name}*").Single(), Cancelled));
    }

    public Task<T> ScalarAsync<T>(string sql) => PostgresServer.ScalarAsync<T>(Url, sql);

    public async Task<string> RecordedAsync() =>
        await ScalarAsync<bool>("select to_regclass('schema_migrations') is null") ? "" : await ScalarAsync<string>("select coalesce(string_agg(version, ' ' order by version), '') from schema_migrations where success");

    /// <summary>As if from another checkout: nothing of earlier runs is at hand.</summary>
    public BaselineProject AnotherCheckout()
    {
        _runs.Dispose();
        _runs = new TemporaryFolder();
        return this;
    }

    public Task<RunRecord> BaselineAsync(params Mark[] marks) => BaselineAsync(new RunOptions { Yes = true, ExecutedBy = "ann", Marks = marks });

    public Task<RunRecord> BaselineAsync(RunOptions options) =>
        new BaselineRun(new RunSetup(Here, Here.Environments["production"], new PostgresEngine(), options, new TestObserver(), TimeProvider.System)).RunAsync(Cancelled);

    public Task<RunRecord> MigrateAsync() =>
        new MigrationRun(new RunSetup(Here with { Rehearsal = null }, Here.Environments["production"], new PostgresEngine(), new RunOptions { Yes = true }, new TestObserver(), TimeProvider.System)).MigrateAsync(Cancelled);

    /// <param name="url">The same database, as somebody else or with other options.</param>
    public Task<RunRecord> RehearseAsync(DatabaseUrl? url = null) =>
        new MigrationRun(new RunSetup(Here with { Rehearsal = Here.Rehearsal ?? new RehearsalSettings(null) }, Here.Environments["production"] with { Url = url ?? Url }, new PostgresEngine(), new RunOptions(), new TestObserver(), TimeProvider.System)).RehearseAsync(Cancelled);

    public Task<Plan> PlanAsync() =>
        new MigrationRun(new RunSetup(Here, Here.Environments["production"], new PostgresEngine(), new RunOptions(), new TestObserver(), TimeProvider.System)).PlanAsync(Cancelled);

    /// <summary><c>001 present, 002 absent</c>.</summary>
    public static string Verdicts(RunRecord record) =>
        string.Join(", ", record.Baseline!.Verdicts.Select(verdict => $"{verdict.Migration} {verdict.Verdict.ToString().ToLowerInvariant()}"));

    public void Dispose()
    {
        _folder.Dispose();
        _runs.Dispose();
    }

    private Runbook Here => Runbook with { Directory = _runs.Path };
}

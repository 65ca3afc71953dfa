using Eclusier.Evidence;
using Eclusier.Migrations;
using Eclusier.Planning;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Layouts;

/// <summary>A folder of migrations and a database, run as the command line would run them, in this process.</summary>
internal sealed class LayoutProject(DatabaseUrl database, string layout) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string _parameter = "";

    /// <summary>The database's, perhaps with a parameter.</summary>
    public DatabaseUrl Url => new($"{database.Reveal()}{_parameter}");

    public string Folder => _folder.Path;

    public TrackingPlace Tracking { get; set; } = TrackingPlace.Default;

    /// <param name="name">Below the project's folder.</param>
    public LayoutProject With(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>The same database, its URL with a parameter.</summary>
    public LayoutProject At(string parameter)
    {
        _parameter = $"{(database.Reveal().Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}";
        return this;
    }

    public Task<Plan> PlanAsync() => Run().PlanAsync(TestContext.Current.CancellationToken);

    public async Task<RunRecord> MigrateAsync() => await Run().MigrateAsync(TestContext.Current.CancellationToken);

    /// <summary>Migrates, and finds nothing to do afterwards.</summary>
    public async Task AppliesAsync(int count)
    {
        var done = await MigrateAsync();
        Assert.True(done.Outcome == RunOutcome.Done, string.Join("; ", done.Steps.Select(step => step.Error).OfType<object>()));
        Assert.Equal(count, done.Steps.Count);
        var plan = await PlanAsync();
        Assert.Empty(plan.Steps);
        Assert.DoesNotContain(plan.Problems, problem => problem.Kind is "changed" or "missing");
    }

    public Task<T> ScalarAsync<T>(string sql) => PostgresServer.ScalarAsync<T>(database, sql);

    public Task ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(database, sql);

    public Runbook Runbook()
    {
        var environment = Environment();
        return new Runbook
        {
            Directory = Folder,
            Name = "Test",
            Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal) { [environment.Name] = environment },
            Migrations = new MigrationSettings
            {
                Path = Path.Combine(Folder, "migrations"),
                BaseFolder = Folder,
                Layout = layout,
                Target = environment.Name,
                Tracking = Tracking
            },
        }.For(environment);
    }

    private MigrationRun Run() => new(new RunSetup(Runbook(), Environment(), new PostgresEngine(), new RunOptions { Yes = true }, new TestObserver(), TimeProvider.System));

    private TargetEnvironment Environment() => new("production", Url);

    public void Dispose() => _folder.Dispose();
}

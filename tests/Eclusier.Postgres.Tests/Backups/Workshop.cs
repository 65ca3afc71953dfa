using Eclusier.Evidence;
using Eclusier.Migrations;
using Eclusier.Planning;
using Eclusier.Rollbacks;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Backups;

/// <summary>A user's folder with a runbook and migrations, and the runs of these, in this process.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestObserver _observer = new();
    private readonly DatabaseUrl _url;

    public Workshop(DatabaseUrl url, string more = "backup: { to: [./bk], copies: 1 }")
    {
        _url = url;
        Directory.CreateDirectory(PathOf("migrations"));
        Runbook(more);
        Migration("001", "create table added_001 (id int);");
    }

    public IReadOnlyList<string> Told => _observer.Told;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string PathOf(params string[] below) => Path.Combine([_folder.Path, .. below]);

    public Workshop Migration(string version, string sql)
    {
        File.WriteAllText(PathOf("migrations", $"{version}_m.sql"), sql);
        return this;
    }

    public void Runbook(string more) => File.WriteAllText(
        PathOf("eclusier.yaml"),
        $$"""
        environments: { production: { url: "${URL}" } }
        migrations: { path: migrations }
        {{more}}
        """);

    public async Task<RunRecord> MigrateAsync() => await Run().MigrateAsync(Cancel);

    public async Task<Plan> PlanAsync() => await Run().PlanAsync(Cancel);

    public async Task<RunRecord> BackupAsync() => await Run().BackupAsync(Cancel);

    public Task<RunRecord> RestoreAsync(string? id = null, bool inPlace = false)
    {
        var (runbook, environment) = Read();
        return new RestoreRun(new RunSetup(runbook, environment, new PostgresEngine(), Options, _observer, TimeProvider.System)).RunAsync(id, inPlace, Cancel);
    }

    public Task<RunRecord> RollbackAsync(string? run = null)
    {
        var (runbook, environment) = Read();
        return new RollbackRun(new RunSetup(runbook, environment, new PostgresEngine(), Options, _observer, TimeProvider.System)).RunAsync(new RollbackRequest(null, run, WithoutBackup: true), Cancel);
    }

    /// <summary>Folders of runs, oldest first.</summary>
    public IReadOnlyList<string> Runs => [.. RunFolder.All(_folder.Path, null).Reverse()];

    public void Dispose() => _folder.Dispose();

    private static RunOptions Options => new() { Yes = true };

    private MigrationRun Run()
    {
        var (runbook, environment) = Read();
        return new MigrationRun(new RunSetup(runbook, environment, new PostgresEngine(), Options, _observer, TimeProvider.System));
    }

    private (Runbook, TargetEnvironment) Read()
    {
        var runbook = RunbookReader.Read(PathOf("eclusier.yaml"), new Dictionary<string, string?>(StringComparer.Ordinal) { ["URL"] = _url.Reveal() });
        var environment = runbook.Environments["production"];
        return (runbook.For(environment), environment);
    }
}

using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Postgres;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sandbox;
using Eclusier.Runbooks;

namespace Eclusier.Cli.Demo;

/// <summary>An example's PostgreSQL databases: its production as it stood before the migration, full of generated data, and what else it has.</summary>
internal sealed class PostgresDemo(DemoSystem system, PostgresSandbox sandbox) : IDemoServer
{
    public async Task BuildAsync(DemoScenario scenario, string runbookFile, Dictionary<string, string?> variables, CancellationToken cancellationToken)
    {
        foreach (var database in system.Databases)
            variables[database.UrlVariable] = (await sandbox.CreateEmptyDatabaseAsync(template: null, cancellationToken)).Reveal();
        foreach (var database in system.Databases)
            await BuildAsync(database, scenario, variables, runbookFile, cancellationToken);
    }

    public async Task KeepAsync(DatabaseUrl url, Language language, CancellationToken cancellationToken)
    {
        await sandbox.KeepRunningAsync(cancellationToken);
        await Console.Error.WriteLineAsync($"{url.Reveal()}\n{new Text("to end it:", "pour l'arrêter :").In(language)} {sandbox.StopCommand}");
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();

    /// <summary>Makes a database look like its platform, applies the migrations up to <see cref="DemoDatabase.StandsAt"/>, and runs its script.</summary>
    /// <param name="variables">The addresses.</param>
    private static async Task BuildAsync(DemoDatabase database, DemoScenario scenario, IReadOnlyDictionary<string, string?> variables, string runbookFile, CancellationToken cancellationToken)
    {
        var url = new DatabaseUrl(variables[database.UrlVariable]!);
        if (database.Platform != "plain")
            await StandIn.PrepareAsync(url, new Surroundings(database.Platform, "postgres", [], []), cancellationToken);
        if (database.StandsAt is { } last)
            await MigrateAsync(last, RunbookReader.Read(runbookFile, variables), cancellationToken);
        await PsqlAsync(url, Path.GetDirectoryName(runbookFile)!, database.Source.Replace("{scenario}", scenario.Name, StringComparison.Ordinal), cancellationToken);
    }

    private static async Task MigrateAsync(string last, Runbook runbook, CancellationToken cancellationToken)
    {
        var production = runbook.Environments[runbook.Migrations.Target];
        await using var database = await new PostgresEngine().ConnectAsync(production.Url, "eclusier demo", cancellationToken);
        var plan = await database.PlanAsync(runbook, production, cancellationToken);
        var options = new ApplyOptions(runbook, "", "demo");
        foreach (var step in plan.Steps.Where(step => string.CompareOrdinal(step.Migration, last) <= 0))
        {
            var result = await database.ApplyAsync(step, options, cancellationToken);
            if (result.Status == StepStatus.Failed)
                throw new InvalidOperationException($"{step.File}: {result.Error?.Summary}");
        }
    }

    private static async Task PsqlAsync(DatabaseUrl url, string folder, string script, CancellationToken cancellationToken)
    {
        string[] arguments = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--file", script];
        var psql = (await PostgresTools.FindAsync("psql", cancellationToken)).Path("psql");
        var result = await ChildProcess.RunAsync(psql, arguments, PostgresUrl.ChildEnvironment(url), cancellationToken, workingFolder: folder);
        if (!result.Succeeded)
            throw new InvalidOperationException($"psql --file {script}: {result.LastLines()}");
    }
}

using Eclusier.Catalog;
using Eclusier.Postgres;
using Eclusier.Postgres.Sandbox;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Cli.Demo;

/// <summary>The databases of a demo: an example's production as it stood before the migration, full of generated data, and what else it has.</summary>
internal static class DemoProduction
{
    /// <summary>Copies the example beside the user's other runs, so that the report stays when the server is gone.</summary>
    /// <returns>The runbook's path in the copy.</returns>
    public static string CopyExample(DemoSystem system, string workFolder)
    {
        var source = system.FindFolder();
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(workFolder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return Path.Combine(workFolder, "eclusier.yaml");
    }

    /// <summary>Makes a database look like its platform, applies the migrations up to <see cref="DemoDatabase.StandsAt"/>, and runs its script.</summary>
    /// <param name="variables">The addresses.</param>
    public static async Task BuildAsync(DemoDatabase database, string scenario, IReadOnlyDictionary<string, string?> variables, string runbookFile, PostgresEngine engine, CancellationToken cancellationToken)
    {
        var url = new DatabaseUrl(variables[database.UrlVariable]!);
        if (database.Platform != "plain")
            await StandIn.PrepareAsync(url, new Surroundings(database.Platform, "postgres", [], [], ""), cancellationToken);
        if (database.StandsAt is { } last)
            await MigrateAsync(last, RunbookReader.Read(runbookFile, variables), engine, cancellationToken);
        await PsqlAsync(url, Path.GetDirectoryName(runbookFile)!, database.Script.Replace("{scenario}", scenario, StringComparison.Ordinal), cancellationToken);
    }

    private static async Task MigrateAsync(string last, Runbook runbook, PostgresEngine engine, CancellationToken cancellationToken)
    {
        var production = runbook.Environments[runbook.Migrations.Target];
        await using var database = await engine.ConnectAsync(production.Url, "eclusier demo", cancellationToken);
        var plan = await database.PlanAsync(runbook, production, cancellationToken);
        var options = new ApplyOptions(runbook, "", "demo");
        foreach (var step in plan.Steps.Where(step => string.CompareOrdinal(step.Migration, last) <= 0))
        {
            var result = await database.ApplyAsync(step, options, cancellationToken);
            if (result.Status == StepStatus.Failed)
                throw new InvalidOperationException($"{step.File}: {result.Error?.Message} ({result.Error?.Where})");
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

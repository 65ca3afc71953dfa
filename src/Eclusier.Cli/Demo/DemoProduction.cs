using Eclusier.Planning;
using Eclusier.Postgres;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Cli.Demo;

/// <summary>A "production" for the demo: an example's schema as it stood before the migration, full of generated data.</summary>
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

    /// <summary>Applies the migrations up to <see cref="DemoSystem.StandsAt"/>, then the generator.</summary>
    public static async Task BuildAsync(DemoSystem system, Runbook runbook, TargetEnvironment production, PostgresEngine engine, Action<Text> progress, CancellationToken cancellationToken)
    {
        await using var database = await engine.ConnectAsync(production.Url, "eclusier demo", cancellationToken);
        var plan = await database.PlanAsync(runbook, production, cancellationToken);
        var options = new ApplyOptions(runbook.Migrations, runbook.Policy, "demo");
        var steps = plan.Steps.Where(step => string.CompareOrdinal(step.Migration, system.StandsAt) <= 0).ToList();
        progress(new Text($"building a production that stands at migration {system.StandsAt}", $"construction d'une production arrêtée à la migration {system.StandsAt}"));
        foreach (var step in steps)
            await ApplyAsync(database, step, options, cancellationToken);

        progress(new Text("filling it with generated data", "remplissage avec des données générées"));
        await PsqlAsync(production.Url, Path.Combine(runbook.Directory, system.Data), cancellationToken);
    }

    private static async Task ApplyAsync(Database database, Step step, ApplyOptions options, CancellationToken cancellationToken)
    {
        var result = await database.ApplyAsync(step, options, cancellationToken);
        if (result.Status == StepStatus.Failed)
            throw new InvalidOperationException($"{step.File}: {result.Error?.Message} ({result.Error?.Where})");
    }

    private static async Task PsqlAsync(DatabaseUrl url, string file, CancellationToken cancellationToken)
    {
        string[] arguments = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--file", file];
        var result = await ChildProcess.RunAsync((await PostgresTools.FindAsync("psql", cancellationToken)).Path("psql"), arguments, PostgresUrl.ChildEnvironment(url), cancellationToken);
        if (!result.Succeeded)
            throw new InvalidOperationException($"psql --file {file}: {result.LastLines()}");
    }
}

using System.CommandLine;
using Eclusier.Cli.Demo;
using Eclusier.Postgres;
using Eclusier.Postgres.Sandbox;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Cli.Commands;

/// <summary>The main job, before the user's eyes, on a throwaway server.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var names = DemoSystem.All.Select(system => system.Name).ToArray();
        var name = new Argument<string>("SYSTEM") { DefaultValueFactory = _ => names[0], Description = Help.Say($"One of: {string.Join(", ", names)}.", $"L'un de : {string.Join(", ", names)}.") };
        name.AcceptOnlyFromAmong(names);
        var keep = new Option<bool>("--keep") { Description = Help.Say("Leave the server running, and print its URL.", "Laisse le serveur en marche et affiche son URL.") };
        var command = new Command("demo", Help.Say("Migrate a production-like database on a throwaway server.", "Migre une base semblable à une production sur un serveur jetable.")) { name, keep };
        var options = CommandOptions.AddTo(command, shortForm: false);
        command.Handle(options, (parsed, cancellationToken) => RunAsync(
            DemoSystem.All.First(system => system.Name == parsed.GetValue(name)), parsed.GetValue(keep), options.IsJson(parsed), options.LanguageOf(parsed, runbook: null), cancellationToken));
        return command;
    }

    private static async Task<ExitCode> RunAsync(DemoSystem system, bool keep, bool json, Language language, CancellationToken cancellationToken)
    {
        var observer = new ConsoleObserver(language, silent: json);
        var folder = Path.GetFullPath(Path.Combine(".eclusier", "demo", $"{system.Name}-{DateTimeOffset.UtcNow.UtcDateTime:yyyyMMdd-HHmmss}"));
        var file = DemoProduction.CopyExample(system, folder);
        observer.Progress(new Text("starting a throwaway PostgreSQL server", "démarrage d'un serveur PostgreSQL jetable"));
        await using var sandbox = await PostgresSandbox.StartAsync(cancellationToken);
        var url = await sandbox.CreateEmptyDatabaseAsync(template: null, cancellationToken);
        var runbook = RunbookReader.Read(file, new Dictionary<string, string?>(StringComparer.Ordinal) { [system.UrlVariable] = url.Reveal() });
        var production = runbook.Environments[runbook.Migrations.Target];
        var engine = new PostgresEngine();
        await DemoProduction.BuildAsync(system, runbook, production, engine, observer.Progress, cancellationToken);

        var record = await MigrateAsync(runbook, production, engine, observer, language, cancellationToken);
        if (keep)
        {
            await sandbox.KeepRunningAsync(cancellationToken);
            await Console.Error.WriteLineAsync($"{url.Reveal()}\n{new Text("to end it:", "pour l'arrêter :").In(language)} {sandbox.StopCommand}");
        }

        return RunOutput.Write(record, json, language);
    }

    /// <summary>The production is protected: the plan is read first, then approved by its id, as a script would.</summary>
    private static async Task<RunRecord> MigrateAsync(Runbook runbook, TargetEnvironment production, PostgresEngine engine, ConsoleObserver observer, Language language, CancellationToken cancellationToken)
    {
        var options = new RunOptions { Language = language, ToolVersion = CommandLine.Version };
        var plan = await new MigrationRun(runbook, production, engine, options, observer, TimeProvider.System).PlanAsync(cancellationToken);
        return await new MigrationRun(runbook, production, engine, options with { ApprovedPlan = plan.Id }, observer, TimeProvider.System).MigrateAsync(cancellationToken);
    }
}

using System.CommandLine;
using Eclusier.Cli.Demo;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Mongo.Sandbox;
using Eclusier.Postgres.Sandbox;
using Eclusier.Runbooks;

namespace Eclusier.Cli.Commands;

/// <summary>The main job, before the user's eyes, on a throwaway server.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var names = DemoSystem.All.Select(system => system.Name).ToArray();
        var name = new Argument<string>("SYSTEM") { DefaultValueFactory = _ => names[0], Description = Help.Say($"One of: {string.Join(", ", names)}.", $"L'un de : {string.Join(", ", names)}.") };
        name.AcceptOnlyFromAmong(names);
        var scenario = new Option<string?>("--scenario", "--variant") { Description = Help.Say("The state of the production, or the way to migrate it, where a system has several.", "L'état de la production, ou la façon de la migrer, là où un système en a plusieurs."), HelpName = "NAME" };
        var keep = new Option<bool>("--keep") { Description = Help.Say("Leave the server running, and print its URL.", "Laisse le serveur en marche et affiche son URL.") };
        var command = new Command("demo", Help.Say("Migrate a production-like database on a throwaway server.", "Migre une base semblable à une production sur un serveur jetable.")) { name, scenario, keep };
        var options = CommandOptions.AddTo(command, shortForm: false);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var (system, language) = (DemoSystem.All.First(system => system.Name == parsed.GetValue(name)), options.LanguageOf(parsed, runbook: null));
            var record = await RunAsync(system, Scenario(system, parsed.GetValue(scenario)), parsed.GetValue(keep), new DemoObserver(new ConsoleObserver(language, options.IsJson(parsed)), language), language, cancellationToken);
            return RunOutput.Write(record, options.IsJson(parsed), language);
        });
        return command;
    }

    private static DemoScenario Scenario(DemoSystem system, string? asked) => asked is null
        ? system.Scenarios.FirstOrDefault(new DemoScenario(""))
        : system.Scenarios.FirstOrDefault(scenario => scenario.Name == asked) ?? throw new InvalidInputException(
            new Text($"{system.Name} has no scenario \"{asked}\".", $"{system.Name} n'a pas de scénario « {asked} »."),
            null,
            system.Scenarios.Count > 0 ? new Text($"It has: {Names(system)}.", $"Il a : {Names(system)}.") : new Text("It has only one.", "Il n'en a qu'un."));

    private static string Names(DemoSystem system) => string.Join(", ", system.Scenarios.Select(scenario => scenario.Name));

    private static async Task<RunRecord> RunAsync(DemoSystem system, DemoScenario scenario, bool keep, DemoObserver observer, Language language, CancellationToken cancellationToken)
    {
        await RequireSdkAsync(system, cancellationToken);
        var folder = Unversioned.CreateOwn(Directory.GetCurrentDirectory(), "demo", $"{system.Name}-{DateTimeOffset.UtcNow.UtcDateTime:yyyyMMdd-HHmmss}");
        var file = DemoExample.Copy(system, scenario, folder);
        await using var server = await StartAsync(system, observer.Progress, cancellationToken);
        observer.Progress(new Text("building databases with generated data", "construction des bases avec des données générées"));
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        await server.BuildAsync(scenario, file, variables, cancellationToken);

        var production = new DatabaseUrl(variables[system.Databases[^1].UrlVariable]!);
        await using var applications = new DemoApplications();
        await applications.StartAsync(system, folder, production, variables, observer.Progress, cancellationToken);
        var record = await new DemoSession(system, scenario, RunbookReader.Read(file, variables), Engines.For(production), observer, language).RunAsync(cancellationToken);
        if (keep)
            await server.KeepAsync(production, language, cancellationToken);
        return record;
    }

    /// <exception cref="EclusierException">There is no .NET SDK to run them.</exception>
    private static async Task RequireSdkAsync(DemoSystem system, CancellationToken cancellationToken)
    {
        if (!system.NeedsSdk)
            return;
        try
        {
            await ChildProcess.RunAsync("dotnet", ["--version"], environment: null, cancellationToken);
        }
        catch (EclusierException missing)
        {
            var others = string.Join(", ", DemoSystem.All.Where(other => !other.NeedsSdk).Select(other => other.Name));
            throw new InvalidInputException(
                new Text($"{system.Name} has an application that the .NET SDK runs, and there is none on this machine.", $"{system.Name} a une application que le SDK .NET exécute, et il n'y en a pas sur cette machine."),
                "dotnet",
                new Text($"Install the .NET SDK 10 (https://dotnet.microsoft.com/download), or run a demo without it: {others}.",
                    $"Installez le SDK .NET 10 (https://dotnet.microsoft.com/download), ou lancez une démonstration qui s'en passe : {others}."),
                missing);
        }
    }

    private static async Task<IDemoServer> StartAsync(DemoSystem system, Action<Text> progress, CancellationToken cancellationToken)
    {
        if (system.Generator is null)
        {
            progress(new Text("starting a throwaway PostgreSQL server", "démarrage d'un serveur PostgreSQL jetable"));
            return new PostgresDemo(system, await PostgresSandbox.StartAsync(cancellationToken));
        }

        var sandbox = await MongoSandbox.StartAsync(cancellationToken);
        progress(sandbox.IsStandIn
            ? new Text("no mongod on this machine: a stand-in for MongoDB, in memory", "pas de mongod sur cette machine : un remplaçant de MongoDB, en mémoire")
            : new Text("started a throwaway MongoDB server", "serveur MongoDB jetable démarré"));
        return new MongoDemo(system, sandbox);
    }
}

using System.CommandLine;
using System.Text.Json;
using Eclusier.Cli.Rendering;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;
using Eclusier.Snapshots;

namespace Eclusier.Cli.Commands;

/// <summary>Where two databases differ: environments, snapshot files, or migrations replayed on a throwaway server.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        const string Kinds = "an environment, a database's URL, a file of `inspect --snapshot`, or a folder of migrations";
        const string Genres = "un environnement, l'URL d'une base, un fichier de `inspect --snapshot`, ou un dossier de migrations";
        var left = new Argument<string>("A") { Description = Help.Say($"{Kinds}.", $"{Genres}.") };
        var right = new Argument<string>("B") { Description = Help.Say($"{Kinds}.", $"{Genres}.") };
        var command = new Command("diff", Help.Say("Where two databases differ; exit code 6 when they do.", "En quoi deux bases diffèrent ; code de sortie 6 dans ce cas.")) { left, right };
        var options = CommandOptions.AddTo(command, shortForm: false);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            string[] sides = [parsed.GetValue(left)!, parsed.GetValue(right)!];
            var alone = Array.TrueForAll(sides, NeedsNoRunbook) && !File.Exists(options.RunbookFile(parsed));
            var runbook = alone ? Runbook.None(Directory.GetCurrentDirectory()) : options.Resolve(parsed).Everything;
            var language = options.LanguageOf(parsed, runbook);
            var source = new SnapshotSource(runbook, EngineOf(sides, runbook), CommandLine.Version, TimeProvider.System);
            var comparison = await source.CompareAsync(sides[0], sides[1], cancellationToken);
            if (options.IsJson(parsed))
                Output.WriteJson(JsonSerializer.Serialize(comparison, EclusierJson.For(language).DatabaseComparison));
            else
                Output.Write(DiffView.Of(comparison, language));
            return comparison.Equal ? ExitCode.Done : ExitCode.Differences;
        });
        return command;
    }

    private static bool NeedsNoRunbook(string side) => DatabaseSystems.Of(side) is not null || File.Exists(side);

    /// <summary>That of the environments and URLs among them; snapshots and folders need none.</summary>
    private static Engine EngineOf(string[] sides, Runbook runbook)
    {
        var systems = sides.Select(side => runbook.Environments.GetValueOrDefault(side)?.Url.System ?? DatabaseSystems.Of(side))
            .OfType<DatabaseSystem>().Distinct().ToList();
        if (systems.Count < 2)
            return Engines.For(systems.Count == 0 ? DatabaseSystem.PostgreSql : systems[0]);
        throw new InvalidInputException(
            new Text("These are databases of two kinds.", "Ce sont des bases de deux sortes."), runbook.File,
            new Text("Name two of the same kind.", "Nommez-en deux de la même sorte."));
    }
}

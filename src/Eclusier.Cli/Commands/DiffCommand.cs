using System.CommandLine;
using System.Text.Json;
using Eclusier.Catalog;
using Eclusier.Cli.Rendering;

namespace Eclusier.Cli.Commands;

/// <summary>Where two databases differ: environments, snapshot files, or migrations replayed on a throwaway server.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        const string Kinds = "an environment, a file of `inspect --snapshot`, or a folder of migrations";
        const string Genres = "un environnement, un fichier de `inspect --snapshot`, ou un dossier de migrations";
        var left = new Argument<string>("A") { Description = Help.Say($"{Kinds}.", $"{Genres}.") };
        var right = new Argument<string>("B") { Description = Help.Say($"{Kinds}.", $"{Genres}.") };
        var command = new Command("diff", Help.Say("Where two databases differ; exit code 6 when they do.", "En quoi deux bases diffèrent ; code de sortie 6 dans ce cas.")) { left, right };
        var options = CommandOptions.AddTo(command, shortForm: false);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            string[] sides = [parsed.GetValue(left)!, parsed.GetValue(right)!];
            var source = new SnapshotSource(invocation.Everything, EngineOf(sides, invocation), CommandLine.Version, TimeProvider.System);
            var comparison = await source.CompareAsync(sides[0], sides[1], cancellationToken);
            Output.Write(invocation.Json
                ? JsonSerializer.Serialize(comparison, EclusierJson.For(invocation.Language).DatabaseComparison)
                : DiffView.Of(comparison, invocation.Language));
            return comparison.Equal ? ExitCode.Done : ExitCode.Differences;
        });
        return command;
    }

    /// <summary>That of the environments among them; snapshots and folders need none.</summary>
    private static Engine EngineOf(string[] sides, Invocation invocation)
    {
        var systems = sides.Select(side => invocation.Everything.Environments.GetValueOrDefault(side)?.Url.System).OfType<DatabaseSystem>().Distinct().ToList();
        if (systems.Count < 2)
            return Engines.For(systems.Count == 0 ? DatabaseSystem.PostgreSql : systems[0]);
        throw new EclusierException(
            new Text($"{sides[0]} and {sides[1]} are databases of two kinds.", $"{sides[0]} et {sides[1]} sont des bases de deux sortes."), invocation.Everything.File,
            new Text("Name two of the same kind.", "Nommez-en deux de la même sorte."), ExitCode.Usage);
    }
}

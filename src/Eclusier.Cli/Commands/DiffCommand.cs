using System.CommandLine;
using System.Text.Json;
using Eclusier.Catalog;
using Eclusier.Cli.Rendering;
using Eclusier.Postgres;

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
            var source = new SnapshotSource(invocation.Runbook, new PostgresEngine(), CommandLine.Version, TimeProvider.System);
            var comparison = await source.CompareAsync(parsed.GetValue(left)!, parsed.GetValue(right)!, cancellationToken);
            Output.Write(invocation.Json
                ? JsonSerializer.Serialize(comparison, EclusierJson.For(invocation.Language).DatabaseComparison)
                : DiffView.Of(comparison, invocation.Language));
            return comparison.Equal ? ExitCode.Done : ExitCode.Differences;
        });
        return command;
    }
}

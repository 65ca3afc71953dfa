using System.CommandLine;
using System.Text.Json;
using Eclusier.Baselines;
using Eclusier.Cli.Rendering;
using Eclusier.Evidence;

namespace Eclusier.Cli.Commands;

/// <summary>Find out by proof which migrations a database has, and record them.</summary>
internal static class BaselineCommand
{
    public static Command Create()
    {
        var recover = new Option<bool>("--recover") { Description = Help.Say("Write the files that the repository lost and a tracking table still has, and stop.", "Écrit les fichiers que le dépôt a perdus et qu'une table de suivi garde encore, puis s'arrête.") };
        var mark = new Option<string[]>("--mark") { Description = Help.Say("Settle one by your word: VERSION=present (it has run) or VERSION=absent; may be given again.", "Tranche pour l'une d'elles : VERSION=present (elle a été exécutée) ou VERSION=absent ; peut être répété."), HelpName = "VERSION=present|absent" };
        var because = new Option<string>("--because") { Description = Help.Say("With --mark: why; stands in the report with your name.", "Avec --mark : pourquoi ; figure dans le rapport avec votre nom."), HelpName = "REASON" };
        var command = new Command("baseline", Help.Say("Find out by proof which migrations a database has, and record them.", "Établit par la preuve quelles migrations une base possède, et les enregistre.")) { recover, mark, because };
        var options = CommandOptions.AddTo(command, approve: true);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            if (parsed.GetValue(recover))
                return Recovered(await new Recovery(invocation.Runbook, invocation.Engine, CommandLine.Version).RunAsync(cancellationToken), invocation);
            var marks = Mark.Read(parsed.GetValue(mark) ?? [], parsed.GetValue(because));
            var record = await invocation.CreateBaseline(marks).RunAsync(cancellationToken);
            if (!invocation.Json && record.Baseline is { } baseline)
                Output.Write(BaselineView.Of(baseline, invocation.Language));
            return RunOutput.Write(record, invocation.Json, invocation.Language);
        });
        return command;
    }

    private static ExitCode Recovered(IReadOnlyList<LostMigration> found, Invocation invocation)
    {
        if (invocation.Json)
            Output.WriteJson(JsonSerializer.Serialize(found, EclusierJson.For(invocation.Language).IReadOnlyListLostMigration));
        else
            Output.Write(found.Count == 0 ? new Text("No file is missing.", "Aucun fichier ne manque.").In(invocation.Language) : string.Join('\n', found.Select(lost => Said(lost).In(invocation.Language))));
        return found.All(lost => lost.Text is not null) ? ExitCode.Done : ExitCode.Differences;
    }

    private static Text Said(LostMigration lost) => lost.Text is null
        ? new Text($"! {lost.Version} {lost.Name}: the tracking table does not keep its text", $"! {lost.Version} {lost.Name} : la table de suivi ne garde pas son texte")
        : new Text($"written: {lost.FileName}", $"écrit : {lost.FileName}");
}

using System.CommandLine;
using System.Text.Json;
using Eclusier.Evidence;

namespace Eclusier.Cli.Commands;

/// <summary>Ask the checks again and again after a run; quiet while all is well.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var anew = new Option<bool>("--anew") { Description = Help.Say("Begin again, where a watch did not come to its end.", "Recommence, là où une surveillance n'est pas allée à son terme.") };
        var command = new Command("watch", Help.Say("Ask the checks again and again after a run, and look at the server; quiet while all is well.", "Pose les contrôles encore et encore après une exécution, et regarde le serveur ; silencieux tant que tout va bien.")) { anew };
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            if (invocation.Runbook.Checks.Count == 0 && invocation.Environment.Url.System == DatabaseSystem.MongoDb)
                throw new InvalidInputException(new Text("The runbook has no check to watch.", "Le runbook n'a aucun contrôle à surveiller."), invocation.Runbook.File, new Text("Add `checks:` to it.", "Ajoutez-y `checks:`."));
            // As text each line is an event; as JSON the one document comes at the end.
            Action<Text> tell = invocation.Json ? _ => { } : line => Output.Write(line.In(invocation.Language));
            var settings = invocation.Runbook.Watch;
            var (english, french) = (Formats.Of(Language.En), Formats.Of(Language.Fr));
            Console.Error.WriteLine(new Text(
                $"Watching {invocation.Environment.Name} every {english.Span(settings.Every)} for {english.Span(settings.For)}; quiet while all is well. Ctrl-C ends it, and the next `watch` goes on.",
                $"Surveillance de {invocation.Environment.Name} toutes les {french.Span(settings.Every)} pendant {french.Span(settings.For)} ; silencieuse tant que tout va bien. Ctrl-C y met fin, et le prochain `watch` continue.").In(invocation.Language));
            var watch = invocation.CreateWatch(tell);
            var record = await (parsed.GetValue(anew) ? watch.RunAnewAsync(cancellationToken) : watch.RunAsync(cancellationToken));
            if (invocation.Json)
                Output.WriteJson(JsonSerializer.Serialize(record, EclusierJson.For(invocation.Language).WatchRecord));
            else if (record.Summary is { } summary)
                Terminal.Tell(summary.In(invocation.Language));
            return ExitCodes.Of(record);
        });
        return command;
    }
}

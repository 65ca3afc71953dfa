using System.CommandLine;
using System.Text.Json;
using Eclusier.Evidence;

namespace Eclusier.Cli.Commands;

/// <summary>All phases: inspect, plan, back up, rehearse, decide, apply, verify, report.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", Help.Say("All phases: inspect, plan, back up, rehearse, decide, apply, verify, report.", "Toutes les phases : inspection, plan, sauvegarde, répétition, décision, application, vérification, rapport."));
        var options = CommandOptions.AddTo(command, approve: true);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocations = options.ResolveAll(parsed);
            if (invocations.Count == 1)
                return RunOutput.Write(await invocations[0].CreateRun().MigrateAsync(cancellationToken), invocations[0].Json, invocations[0].Language);
            return await AllAsync(invocations, cancellationToken);
        });
        return command;
    }

    /// <summary>One target after the other: what comes later needs what came before.</summary>
    /// <returns>The code of the first that did not end well.</returns>
    private static async Task<ExitCode> AllAsync(IReadOnlyList<Invocation> invocations, CancellationToken cancellationToken)
    {
        var (json, language) = (invocations[0].Json, invocations[0].Language);
        var records = new List<RunRecord>();
        var exit = ExitCode.Done;
        foreach (var invocation in invocations)
        {
            var record = await invocation.CreateRun().MigrateAsync(cancellationToken);
            records.Add(record);
            exit = json ? ExitCodes.Of(record) : RunOutput.Write(record, json: false, language);
            if (exit != ExitCode.Done)
                break;
        }

        if (json)
            Output.WriteJson(JsonSerializer.Serialize(new MixedRuns(records), EclusierJson.For(language).MixedRuns));
        return exit;
    }
}

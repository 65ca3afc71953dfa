using System.CommandLine;
using Eclusier.Cli.Rendering;

namespace Eclusier.Cli.Commands;

/// <summary>Ask the checks, and compare the invariants with the last run.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var compare = new Option<bool>("--compare") { Description = Help.Say("Also measure the runbook's queries before and after the last run, on restored copies.", "Mesure aussi les requêtes du runbook avant et après la dernière exécution, sur des copies restaurées.") };
        var command = new Command("verify", Help.Say("Ask the checks, and compare the invariants with the last run.", "Pose les contrôles et compare les invariants à ceux de la dernière exécution.")) { compare };
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            var run = invocation.CreateRun();
            var record = await (parsed.GetValue(compare) ? run.CompareAsync(cancellationToken) : run.VerifyAsync(cancellationToken));
            if (record.Compared is { } states && !invocation.Json)
                Output.Write(ComparisonView.Of(states, record.Comparisons, record.Environment, invocation.Language) + "\n");
            return RunOutput.Write(record, invocation.Json, invocation.Language);
        });
        return command;
    }
}

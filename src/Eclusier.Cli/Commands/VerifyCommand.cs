using System.CommandLine;
using Eclusier.Cli.Rendering;
using Eclusier.Evidence;

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
            var runbook = invocation.Runbook;
            if (runbook is { Checks.Count: 0, Invariants.Count: 0, Migrations: null or { Reference: null } })
                Terminal.Tell(new Text("The runbook has nothing to verify: no checks, no invariants, no reference.", "Le runbook n'a rien à vérifier : ni contrôle, ni invariant, ni référence.").In(invocation.Language));
            var run = invocation.CreateRun();
            var pulse = new Pulse();
            pulse.Begin(since => Terminal.Tell(new Text($"  asking the checks: {since.TotalSeconds:0} s …", $"  contrôles en cours : {since.TotalSeconds:0} s …").In(invocation.Language)));
            RunRecord record;
            try
            {
                record = await (parsed.GetValue(compare) ? run.CompareAsync(cancellationToken) : run.VerifyAsync(cancellationToken));
            }
            finally
            {
                pulse.End();
            }

            if (record.Compared is { } states && !invocation.Json)
                Output.Write(ComparisonView.Of(states, record.Comparisons, record.Environment, invocation.Language) + "\n");
            return RunOutput.Write(record, invocation.Json, invocation.Language);
        });
        return command;
    }
}

using Eclusier.Decisions;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Cli;

/// <summary>A run as lines on standard error: quiet, in order, readable in a log as on a terminal.</summary>
internal sealed class ConsoleObserver(Language language, bool silent) : IRunObserver
{
    private static readonly Dictionary<string, Text> Phases = new(StringComparer.Ordinal)
    {
        ["inspect"] = new("inspect", "inspection"),
        ["plan"] = new("plan", "plan"),
        ["backup"] = new("back up", "sauvegarde"),
        ["rehearse"] = new("rehearse", "répétition"),
        ["decide"] = new("decide", "décision"),
        ["apply"] = new("apply", "application"),
        ["verify"] = new("verify", "vérification"),
    };

    public void PhaseStarted(string phase)
    {
        if (phase == "apply")
            Write($"{Phases[phase].In(language)}");
    }

    public void PhaseFinished(string phase, RunRecord evidence)
    {
        if (phase == "apply")
            return;
        var time = evidence.Timeline[^1].DurationMs ?? 0;
        Write($"{Phases[phase].In(language),-14}{Said(phase, evidence).In(language)}  ({time / 1000:0.0} s)");
        if (phase == "decide")
        {
            foreach (var criterion in evidence.Decision!.Criteria.Where(criterion => criterion.Verdict is Verdict.Failed or Verdict.Warning))
                Write($"  {(criterion.Verdict == Verdict.Failed ? new Text("REFUSED", "REFUS") : new Text("WARNING", "ATTENTION")).In(language)} {criterion.Title.In(language)}: {criterion.Evidence.In(language)}{(criterion.Remedy is { } remedy ? $"\n          {remedy.In(language)}" : "")}");
        }
    }

    public void StepStarted(Step step, int number, int total)
    {
        if (!silent && !Console.IsErrorRedirected)
            Console.Error.Write($"  {number}/{total} {step.Migration} {step.Name} …");
    }

    public void StepFinished(StepResult result, int number, int total)
    {
        var verdict = result.Status == StepStatus.Applied ? new Text("applied", "appliquée") : new Text("FAILED", "ÉCHEC");
        var start = !silent && !Console.IsErrorRedirected ? "\r" : "";
        Write($"{start}  {number}/{total} {result.Migration} {result.Name}  {verdict.In(language)}  {result.DurationMs:0} ms");
    }

    public void Progress(Text message) => Write($"  {message.In(language)}");

    public bool Ask(Decision decision, string? expected)
    {
        if (silent || Console.IsInputRedirected)
            return expected is null;
        if (expected is null)
        {
            Console.Error.Write(new Text($"Apply plan {decision.PlanId}? [y/N] ", $"Appliquer le plan {decision.PlanId} ? [o/N] ").In(language));
            return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes" or "o" or "oui";
        }

        Console.Error.Write(new Text(
            $"Plan {decision.PlanId} will be applied to {expected}, which is protected. Type its name to go on: ",
            $"Le plan {decision.PlanId} va être appliqué à {expected}, qui est protégé. Tapez son nom pour continuer : ").In(language));
        return Console.ReadLine()?.Trim() == expected;
    }

    private static Text Said(string phase, RunRecord evidence) => phase switch
    {
        "inspect" when evidence.Inspection is { } found => new Text(
            $"PostgreSQL {found.ServerVersion}, {found.Tables.Count} tables, {found.IndexCount} indexes, {found.SizeBytes / 1048576.0:0.0} MB",
            $"PostgreSQL {found.ServerVersion}, {found.Tables.Count} tables, {found.IndexCount} index, {found.SizeBytes / 1048576.0:0.0} Mo"),
        "plan" when evidence.Plan is { } plan => new Text($"{plan.Steps.Count} pending, plan {plan.Id}", $"{plan.Steps.Count} à appliquer, plan {plan.Id}"),
        "backup" when evidence.Backup is { } backup => new Text(
            $"{backup.Copies.Count(copy => copy.Verified)} of {backup.Copies.Count} copies verified{(backup.Restore is { } r ? r.Passed ? $", {r.Rows} rows restored and counted" : ", restore FAILED" : "")}",
            $"{backup.Copies.Count(copy => copy.Verified)} copies vérifiées sur {backup.Copies.Count}{(backup.Restore is { } f ? f.Passed ? $", {f.Rows} lignes restaurées et comptées" : ", restauration en ÉCHEC" : "")}"),
        "rehearse" => evidence.Rehearsal switch
        {
            { Passed: true } rehearsal => new Text($"{rehearsal.Steps.Count} migrations passed on a restored copy", $"{rehearsal.Steps.Count} migrations réussies sur une copie restaurée"),
            { } => new Text("FAILED", "ÉCHEC"),
            _ => new Text("not possible", "impossible"),
        },
        "decide" => evidence.Decision is { Outcome: Outcome.Go } ? Text.Same("GO") : Text.Same("NO-GO"),
        "verify" => new Text(
            $"{evidence.Invariants.Count(i => i.Passed)}/{evidence.Invariants.Count} invariants, {evidence.Checks.Count(c => c.Passed)}/{evidence.Checks.Count} checks",
            $"{evidence.Invariants.Count(i => i.Passed)}/{evidence.Invariants.Count} invariants, {evidence.Checks.Count(c => c.Passed)}/{evidence.Checks.Count} contrôles"),
        _ => Text.Same(""),
    };

    private void Write(string line)
    {
        if (!silent)
            Console.Error.WriteLine(Secrets.Redact(line));
    }
}

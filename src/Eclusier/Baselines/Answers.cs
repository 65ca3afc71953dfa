using Eclusier.Evidence;

namespace Eclusier.Baselines;

/// <summary>What the answer of a probe or of a person makes of a verdict: it settles any.</summary>
internal static class Answers
{
    /// <param name="answer">What the runbook's query said: applied or not.</param>
    public static MigrationVerdict Probed(this MigrationVerdict verdict, bool answer)
    {
        var said = answer ? new Text("the probe says yes", "la sonde répond oui") : new Text("the probe says no", "la sonde répond non");
        return Settled(verdict, answer ? BaselineVerdict.Present : BaselineVerdict.Absent, VerdictBasis.Probe, said);
    }

    /// <summary>What a person says, now or when it was asked before.</summary>
    public static MigrationVerdict Marked(this MigrationVerdict verdict, Settlement mark) => Settled(
        verdict with { Mark = mark },
        mark.Verdict,
        VerdictBasis.Person,
        new Text($"{mark.By} says {mark.Verdict.Name().En}: {mark.Because}", $"{mark.By} dit {mark.Verdict.Name().Fr} : {mark.Because}"));

    /// <summary>What the catalog says of it stays readable beside the answer.</summary>
    private static MigrationVerdict Settled(MigrationVerdict verdict, BaselineVerdict settled, VerdictBasis basis, Text said) =>
        verdict with { Verdict = settled, Basis = basis, Reason = verdict.Findings.Any(found => found.Finding != Presence.NoTrace) ? Text.Join([said, verdict.Reason]) : said };
}

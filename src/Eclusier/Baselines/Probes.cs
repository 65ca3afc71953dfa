namespace Eclusier.Baselines;

/// <summary>What a probe's answer makes of a verdict.</summary>
internal static class Probes
{
    /// <param name="answer">What the runbook's query said: applied or not.</param>
    public static MigrationVerdict Probed(this MigrationVerdict verdict, bool answer)
    {
        var said = answer ? new Text("the probe says yes", "la sonde répond oui") : new Text("the probe says no", "la sonde répond non");
        var leavesTraces = verdict.Findings.Any(found => found.Finding != Presence.NoTrace);
        if (!leavesTraces)
            return verdict with { Verdict = answer ? BaselineVerdict.Present : BaselineVerdict.Absent, Reason = said };
        var contradicts = (verdict.Verdict, answer) is (BaselineVerdict.Present, false) or (BaselineVerdict.Absent, true);
        return verdict with { Verdict = contradicts ? BaselineVerdict.Partial : verdict.Verdict, Reason = Text.Join([verdict.Reason, said]) };
    }
}

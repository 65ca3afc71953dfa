namespace Eclusier.Evidence;

/// <summary>The words for verdicts: the same on the console and in reports.</summary>
public static class VerdictName
{
    /// <summary>Of a criterion: it lets pass, warns, or refuses.</summary>
    public static Text Name(this Verdict verdict) => verdict switch
    {
        Verdict.Passed => new Text("passed", "acquis"),
        Verdict.Failed => new Text("REFUSED", "REFUS"),
        Verdict.Warning => new Text("WARNING", "ALERTE"),
        _ => new Text("not asked", "non demandé"),
    };

    /// <summary>Of a check, an invariant, a copy: it holds or it does not.</summary>
    public static Text OfCheck(bool passed) => passed ? new Text("passed", "réussi") : new Text("FAILED", "ÉCHEC");
}

namespace Eclusier.Evidence;

/// <summary>Why a run whose migrations are applied is not simply done.</summary>
public static class Shortfall
{
    /// <summary>The rest of a sentence that begins with "Applied, but".</summary>
    public static Text Of(RunRecord record) =>
        // The backup afterwards is made only where all else is well.
        All(record).ToList() is { Count: > 0 } found ? Text.Join(found) : new Text("the backup afterwards failed", "la sauvegarde d'après a échoué");

    private static IEnumerable<Text> All(RunRecord record)
    {
        if (record.Checks.Any(check => !check.Passed && !check.Skipped) || record.Invariants.Any(invariant => !invariant.Passed) || record.Hooks.Any(hook => hook.ExitCode != 0))
            yield return new Text("a check, an invariant or a hook failed", "un contrôle, un invariant ou un hook a échoué");
        if (record.Comparisons.Any(comparison => !comparison.Passed))
            yield return new Text("a query is not as much faster as demanded", "une requête n'est pas accélérée autant qu'exigé");
        if (record.Reference is { Differs: true } reference)
            yield return new Text($"{record.Environment} does not equal {reference.Environment}", $"{record.Environment} n'est pas identique à {reference.Environment}");
    }
}

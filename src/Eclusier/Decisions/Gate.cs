using Eclusier.Evidence;
using Eclusier.Runs;

namespace Eclusier.Decisions;

/// <summary>What is known to be a no-go before anything was prepared ends the run there: nobody waits for a backup and a rehearsal of what will not run.</summary>
internal static class Gate
{
    /// <param name="known">The criteria that need neither.</param>
    /// <param name="byName">See <see cref="Consent.Missing"/>.</param>
    /// <returns>False: the decision, a no-go, is made.</returns>
    public static async Task<bool> IsOpenAsync(RunContext run, string planId, IEnumerable<Criterion> known, bool byName)
    {
        var decision = DecisionMaker.Of(planId, known);
        if (Consent.Missing(run, planId, byName) is { } missing)
            decision = decision.With(missing);
        if (decision.Outcome == Outcome.Go)
            return true;
        await run.PhaseAsync(Phase.Decide, () => Task.FromResult(new JournalEntry { Decision = decision }));
        return false;
    }
}

using Eclusier.Runs;

namespace Eclusier.Planning;

/// <summary>Finds what is pending, in which order, and how dangerous it is.</summary>
internal static class PlanPhase
{
    public static Task RunAsync(RunContext run, CancellationToken cancellationToken) => run.PhaseAsync(
        "plan",
        async () => new JournalEntry { Event = "", Plan = await run.Target.PlanAsync(run.Runbook, run.Environment, cancellationToken) });
}

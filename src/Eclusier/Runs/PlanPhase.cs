using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Runs;

/// <summary>Finds what is pending, in which order, and how dangerous it is.</summary>
internal static class PlanPhase
{
    public static Task RunAsync(RunContext run, CancellationToken cancellationToken) => run.PhaseAsync(
        Phase.Plan,
        async () => new JournalEntry { Plan = await run.Target.PlanAsync(run.Runbook, run.Environment, cancellationToken) });

    /// <summary>Of maintenance: its steps are found in the catalog, and not in files.</summary>
    public static Task RunAsync(RunContext run, IReadOnlyList<Step> steps, CancellationToken cancellationToken) => run.PhaseAsync(Phase.Plan, async () =>
    {
        var identity = await run.Target.IdentifyAsync(cancellationToken);
        var fingerprint = (await run.Target.SnapshotAsync(cancellationToken)).Fingerprint;
        return new JournalEntry
        {
            Plan = new Plan
            {
                Id = PlanId.On(identity, PlanId.Of(run.Target.Description, fingerprint, [], steps)),
                Environment = run.Environment.Name,
                Target = run.Target.Description,
                Identity = identity,
                SchemaFingerprint = fingerprint,
                Steps = steps,
                Applied = [],
            },
        };
    });
}

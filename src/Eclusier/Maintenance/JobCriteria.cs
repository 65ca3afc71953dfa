using Eclusier.Decisions;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Maintenance;

/// <summary>What a job's decision weighs, beside what the engine found.</summary>
internal static class JobCriteria
{
    public static IEnumerable<Criterion> Known(DecisionFacts evidence, MaintenanceJob? job, JobPlan planned)
    {
        foreach (var criterion in planned.Criteria)
            yield return criterion;
        // The policy speaks of SQL that somebody wrote; the other jobs say themselves what they do.
        if (job is SqlJob)
        {
            yield return PlanCriteria.Policy(evidence);
            yield return PlanCriteria.MaxRisk(evidence);
        }

        // A backup that the runbook does not describe is missed before anything is prepared.
        if (NeedsBackup(job, planned) && evidence.Runbook.Backup is null)
        {
            foreach (var criterion in OfBackup(evidence, planned).Where(criterion => criterion.Verdict == Verdict.Failed))
                yield return criterion;
        }
    }

    public static bool NeedsBackup(MaintenanceJob? job, JobPlan planned) =>
        planned.Effect != JobEffect.Keeps && job is not SqlJob && planned.Criteria.All(criterion => criterion.Verdict != Verdict.Failed);

    public static IEnumerable<Criterion> OfBackup(DecisionFacts evidence, JobPlan planned) =>
        BackupCriteria.All(evidence).Select(criterion => planned.Effect == JobEffect.Drops && evidence.Runbook.Backup is null ? Demanded(criterion) : criterion);

    /// <summary>On a protected environment each run must be approved; not where nothing is dropped or deleted, nor where the runbook approves it once and for all (<c>unattended</c>).</summary>
    public static bool NeedsApproval(MaintenanceJob? job, JobPlan planned, TargetEnvironment environment) =>
        environment.Protected && (job is null || (planned.Effect != JobEffect.Keeps && !job.Unattended));

    private static Criterion Demanded(Criterion criterion) => criterion with
    {
        Verdict = Verdict.Failed,
        Evidence = new Text("tables are dropped, and the runbook has no backup", "des tables sont supprimées, et le runbook n'a pas de sauvegarde"),
        Remedy = new Text("Add `backup:` to the runbook, or let the job detach: `old: detach`.", "Ajoutez `backup:` au runbook, ou laissez la tâche détacher : `old: detach`."),
    };
}

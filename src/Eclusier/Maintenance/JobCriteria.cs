using Eclusier.Decisions;
using Eclusier.Runbooks;

namespace Eclusier.Maintenance;

/// <summary>What a job's decision weighs, beside what the engine found.</summary>
internal static class JobCriteria
{
    public static IEnumerable<Criterion> All(Evidence evidence, MaintenanceJob? job, JobPlan planned)
    {
        foreach (var criterion in planned.Criteria)
            yield return criterion;
        // The policy speaks of SQL that somebody wrote; the other jobs say themselves what they do.
        if (job is SqlJob)
        {
            yield return PlanCriteria.Policy(evidence);
            yield return PlanCriteria.MaxRisk(evidence);
        }

        if (planned.Effect == JobEffect.Keeps || job is SqlJob || planned.Criteria.Any(criterion => criterion.Verdict == Verdict.Failed))
            yield break;
        foreach (var criterion in BackupCriteria.All(evidence))
            yield return planned.Effect == JobEffect.Drops && evidence.Runbook.Backup is null ? Demanded(criterion) : criterion;
    }

    /// <summary>Who need not be asked, and why; null: somebody must be.</summary>
    public static Criterion? MayAsk(MaintenanceJob? job, JobPlan planned, TargetEnvironment environment)
    {
        var title = new Text("Approved", "Approuvée");
        if (job is null)
            return null;
        if (planned.Effect == JobEffect.Keeps)
            return new Criterion("approval", title, Verdict.NotAsked, new Text("the job drops and deletes nothing", "la tâche ne supprime rien"));
        return environment.Protected && job.Unattended
            ? new Criterion("approval", title, Verdict.Passed, new Text("by the runbook: unattended", "par le runbook : unattended"))
            : null;
    }

    private static Criterion Demanded(Criterion criterion) => criterion with
    {
        Verdict = Verdict.Failed,
        Evidence = new Text("tables are dropped, and the runbook has no backup", "des tables sont supprimées, et le runbook n'a pas de sauvegarde"),
        Remedy = new Text("Add `backup:` to the runbook, or let the job detach: `old: detach`.", "Ajoutez `backup:` au runbook, ou laissez la tâche détacher : `old: detach`."),
    };
}

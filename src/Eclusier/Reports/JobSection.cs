using Eclusier.Evidence;

namespace Eclusier.Reports;

/// <summary>What a maintenance job is, and what it had to do.</summary>
internal static class JobSection
{
    public static Text Headline(RunRecord record)
    {
        var done = Counted.Applied(record);
        return record.Outcome switch
        {
            RunOutcome.Done => new Text($"Success: {done.En}.", $"Succès : {done.Fr}."),
            RunOutcome.NoGo => new Text("NO-GO: a criterion refused; nothing was changed.", "NO-GO : un critère a refusé ; rien n'a été modifié."),
            RunOutcome.MigrationFailed => new Text($"Failure: the job stopped at an error; {done.En} before it.", $"Échec : la tâche s'est arrêtée sur une erreur ; {done.Fr} auparavant."),
            RunOutcome.NothingToDo => new Text("Nothing to do.", "Rien à faire."),
            _ => new Text($"Cut off, {done.En}; the next `maintain` goes on.", $"Interrompue, {done.Fr} ; le prochain `maintain` continue."),
        };
    }

    public static void Write(MarkdownWriter to, RunRecord record, JobFacts job)
    {
        to.Section("Job", "Tâche");
        to.Table(["", ""],
        [
            [to.Say("Name", "Nom"), job.Name],
            [to.Say("Kind", "Sorte"), job.Kind],
            [to.Say("Schedule", "Horaire"), job.Schedule ?? "-"],
        ]);
        if (record.Plan is not { Steps.Count: > 0 } plan)
            return;
        to.Table(
            [to.Say("Step", "Étape"), to.Say("What it does", "Ce qu'elle fait"), to.Say("Risk", "Risque"), to.Say("Reason", "Raison")],
            plan.Steps.Select(step => new[] { step.Migration, step.Description.In(to.Language), MarkdownReport.Risk(step).In(to.Language), step.RiskReason.In(to.Language) }));
    }
}

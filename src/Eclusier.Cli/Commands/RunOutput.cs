using System.Text.Json;
using Eclusier.Evidence;

namespace Eclusier.Cli.Commands;

/// <summary>The end of a run, on standard output: one JSON document, or a few lines.</summary>
internal static class RunOutput
{
    public static ExitCode Write(RunRecord record, bool json, Language language)
    {
        if (json)
            Output.WriteJson(JsonSerializer.Serialize(record, EclusierJson.For(language).RunRecord));
        else
            Output.Write(Summary(record, language));
        return ExitCodes.Of(record);
    }

    private static string Summary(RunRecord record, Language language)
    {
        var lines = new List<string> { Verdict(record).In(language) };
        lines.AddRange(record.Problems.Select(problem => $"  {problem.In(language).Replace("\n", "\n    ", StringComparison.Ordinal)}"));
        if (record.Outcome == RunOutcome.MigrationFailed)
            lines.Add($"  {Left(record).In(language)}");
        if (record.Report is { } report)
            lines.Add($"{new Text("Report:", "Rapport :").In(language)} {report.Html}");
        return string.Join('\n', lines);
    }

    private static Text Verdict(RunRecord record)
    {
        var applied = record.Steps.Count(step => step.Status == StepStatus.Applied);
        var done = Counted.Applied(record);
        return record.Outcome switch
        {
            RunOutcome.Done or RunOutcome.ChecksFailed when record.Restore is { } restore => Restored(record, restore),
            RunOutcome.Done or RunOutcome.NothingToDo when record.Baseline is { } baseline => Baselined(record, baseline),
            _ when record.Job is { } job => OfJob(record, job),
            RunOutcome.ChecksFailed when record.Kind == RunKind.Rollback => new Text($"Done: {done.En} on {record.Environment}. But not everything is as it was:", $"Terminé : {done.Fr} sur {record.Environment}. Mais tout n'est pas comme avant :"),
            RunOutcome.Done when record.Kind is RunKind.Rollback or RunKind.Maintain => new Text($"Done: {done.En} on {record.Environment}.", $"Terminé : {done.Fr} sur {record.Environment}."),
            RunOutcome.Done when applied > 0 => new Text($"Done: {done.En} to {record.Environment}.", $"Terminé : {done.Fr} à {record.Environment}."),
            RunOutcome.NothingToDo when record.Kind == RunKind.Maintain => new Text("There is nothing to maintain.", "Il n'y a rien à entretenir."),
            RunOutcome.NothingToDo when record.OfCollections => new Text("Nothing to do: every collection holds what it should.", "Rien à faire : chaque collection contient ce qu'elle doit."),
            RunOutcome.Done => new Text("Done.", "Terminé."),
            RunOutcome.NothingToDo => new Text($"Nothing to do: {English.Count(record.Plan?.Applied.Count ?? 0, "migration")} applied, none pending.", $"Rien à faire : {French.Count(record.Plan?.Applied.Count ?? 0, "migration appliquée")}, aucune en attente."),
            RunOutcome.NoGo when record.Baseline is { ToSettle.Count: > 0 } left => new Text($"NO-GO: nothing was recorded as applied; {LeftToSettle(left).En}.", $"NO-GO : rien n'a été enregistré comme appliqué ; {LeftToSettle(left).Fr}."),
            RunOutcome.NoGo => new Text("NO-GO: nothing was changed.", "NO-GO : rien n'a été modifié."),
            RunOutcome.MigrationFailed => new Text($"FAILED: the run stopped; applied before: {applied}.", $"ÉCHEC : l'exécution s'est arrêtée ; appliquées auparavant : {applied}."),
            RunOutcome.ChecksFailed when applied == 0 => new Text($"Not verified: {Shortfall.Of(record).En}.", $"Non vérifié : {Shortfall.Of(record).Fr}."),
            RunOutcome.ChecksFailed => new Text($"{done.En}, but {Shortfall.Of(record).En}.", $"{done.Fr}, mais {Shortfall.Of(record).Fr}."),
            _ => new Text("Interrupted.", "Interrompu."),
        };
    }

    private static Text Restored(RunRecord record, RestoreEvidence restore) => restore.InPlace
        ? new Text($"{record.Environment} is backup {restore.Backup} again, down for {restore.DowntimeMs:0} ms. What was in it before is backup {restore.Kept}.", $"{record.Environment} est de nouveau la sauvegarde {restore.Backup}, indisponible {restore.DowntimeMs:0} ms. Son contenu d'avant est la sauvegarde {restore.Kept}.")
        : restore.SwappedBack
        ? new Text($"A check failed on the restored backup: the former database of {record.Environment} is live again (down for {restore.DowntimeMs:0} ms in all).", $"Un contrôle a échoué sur la sauvegarde restaurée : la base d'avant de {record.Environment} est de nouveau en service (indisponible {restore.DowntimeMs:0} ms en tout).")
        : new Text($"Done: {record.Environment} is backup {restore.Backup} again, down for {restore.DowntimeMs:0} ms. The former database is {restore.Kept}; drop it when nobody misses it.", $"Terminé : {record.Environment} est de nouveau la sauvegarde {restore.Backup}, indisponible {restore.DowntimeMs:0} ms. La base d'avant est {restore.Kept} ; supprimez-la quand personne ne la regrette.");

    private static Text Baselined(RunRecord record, Baseline baseline)
    {
        var pending = baseline.Verdicts.Count(verdict => verdict is { Verdict: BaselineVerdict.Absent, Recorded: false, NotNeeded: null });
        var recorded = Text.Count(baseline.Recorded.Count, "migration recorded", "migrations recorded", "migration enregistrée", "migrations enregistrées");
        var done = new Text($"Done: {recorded.En} as applied to {record.Environment}; {pending} pending", $"Terminé : {recorded.Fr} sur {record.Environment} ; {pending} à appliquer");
        return baseline.ToSettle.Count == 0
            ? new Text($"{done.En}.", $"{done.Fr}.")
            : new Text($"{done.En}; {LeftToSettle(baseline).En}.", $"{done.Fr} ; {LeftToSettle(baseline).Fr}.");
    }

    private static Text LeftToSettle(Baseline baseline)
    {
        var versions = string.Join(", ", baseline.ToSettle.Select(verdict => verdict.Migration));
        return new Text($"{baseline.ToSettle.Count} to settle: {versions}", $"{baseline.ToSettle.Count} à trancher : {versions}");
    }

    private static Text OfJob(RunRecord record, JobFacts job)
    {
        var said = (record.Outcome, Counted.Applied(record)) switch
        {
            (RunOutcome.Done, var done) => done,
            (RunOutcome.NothingToDo, _) => new Text("nothing to do", "rien à faire"),
            (RunOutcome.NoGo, _) => new Text("NO-GO, nothing was changed", "NO-GO, rien n'a été modifié"),
            (RunOutcome.MigrationFailed, var done) => new Text($"FAILED, {done.En}", $"ÉCHEC, {done.Fr}"),
            (_, var done) => new Text($"interrupted, {done.En}", $"interrompue, {done.Fr}"),
        };
        return new Text($"{job.Name}: {said.En}.", $"{job.Name} : {said.Fr}.");
    }

    private static Text Left(RunRecord record)
    {
        string Versions(params StepStatus[] status) => string.Join(", ", record.Steps.Where(step => status.Contains(step.Status)).Select(step => step.Migration).DefaultIfEmpty("-"));
        if (record.Kind == RunKind.Rollback)
        {
            var byFile = record.Steps.Any(step => step.Status == StepStatus.Failed && record.Rollback?.SourceOf(step.Migration) == ReversalSource.File);
            var next = byFile
                ? new Text("Mend the rollback file, then run `rollback` again.", "Corrigez le fichier de retour, puis relancez `rollback`.")
                : new Text("Mend what the server refused (or write a rollback file), then run `rollback` again.", "Corrigez ce que le serveur a refusé (ou écrivez un fichier de retour), puis relancez `rollback`.");
            return new Text(
                $"undone: {Versions(StepStatus.Applied)}; failed: {Versions(StepStatus.Failed)}; still applied: {Versions(StepStatus.Failed, StepStatus.Pending)}. {next.En}",
                $"annulées : {Versions(StepStatus.Applied)} ; en échec : {Versions(StepStatus.Failed)} ; encore appliquées : {Versions(StepStatus.Failed, StepStatus.Pending)}. {next.Fr}");
        }

        if (record.OfCollections || record.Job is not null)
        {
            return new Text(
                $"done: {Versions(StepStatus.Applied)}; failed: {Versions(StepStatus.Failed)}; not begun: {Versions(StepStatus.Pending)}. Mend the cause, then run the same command again.",
                $"faites : {Versions(StepStatus.Applied)} ; en échec : {Versions(StepStatus.Failed)} ; non commencées : {Versions(StepStatus.Pending)}. Corrigez la cause, puis relancez la même commande.");
        }

        return new Text(
            $"applied: {Versions(StepStatus.Applied)}; failed: {Versions(StepStatus.Failed)}; not begun: {Versions(StepStatus.Pending)}. Mend the file, then run `migrate` again.",
            $"appliquées : {Versions(StepStatus.Applied)} ; en échec : {Versions(StepStatus.Failed)} ; non commencées : {Versions(StepStatus.Pending)}. Corrigez le fichier, puis relancez `migrate`.");
    }
}

using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Reports;

/// <summary>One document about one run, in the order of the phases, with the lines to sign.</summary>
internal static class MarkdownReport
{
    public static string Write(RunRecord record, Language language)
    {
        var to = new MarkdownWriter(language);
        to.Title(record.Kind switch
        {
            RunKind.Migrate => to.Say($"Migration report: {record.Name}", $"Rapport de migration : {record.Name}"),
            RunKind.Maintain when record.Job is { } job => to.Say($"Maintenance report: {record.Name}, {job.Name}", $"Rapport de maintenance : {record.Name}, {job.Name}"),
            RunKind.Maintain => to.Say($"Maintenance report: {record.Name}", $"Rapport de maintenance : {record.Name}"),
            RunKind.Baseline => to.Say($"Baseline report: {record.Name}", $"Rapport de baseline : {record.Name}"),
            _ => to.Say($"Rollback report: {record.Name}", $"Rapport de retour arrière : {record.Name}"),
        });
        to.Paragraph(Headline(record).In(language));
        Facts(to, record);
        StateSections.Before(to, record);
        if (record.Kind != RunKind.Baseline)
            BackupSection.Write(to, record);
        if (record.Baseline is { } baseline)
            BaselineSection.Write(to, baseline);
        else if (record.Restore is { } restore)
            RollbackSection.Write(to, restore);
        else if (record.Rollback is { } rollback)
            RollbackSection.Write(to, rollback);
        else if (record.Job is { } job)
            JobSection.Write(to, record, job);
        else
            PlanSection.Write(to, record);
        if (record.Kind == RunKind.Migrate)
            CollectionsSection.Plan(to, record);
        Rehearsal(to, record);
        Decision(to, record);
        Applied(to, record);
        PartitionsSection.Write(to, record);
        CollectionsSection.Write(to, record);
        StateSections.After(to, record);
        Checks(to, record);
        ComparisonSection.Write(to, record);
        DiagnosticSection.Write(to, record);
        ReferenceSection.Write(to, record);
        BackupSection.After(to, record);
        Problems(to, record);
        Timeline(to, record);
        if (record.Kind is not (RunKind.Baseline or RunKind.Maintain))
            Closing(to, record);
        return to.ToString();
    }

    private static Text Headline(RunRecord record)
    {
        var applied = record.Steps.Count(step => step.Status == StepStatus.Applied);
        var passed = record.Checks.Count(check => check.Passed);
        var done = Counted.Applied(record);
        if (record.Kind == RunKind.Baseline)
            return BaselineSection.Headline(record);
        if (record.Kind is RunKind.Rollback or RunKind.Restore)
            return RollbackSection.Headline(record);
        if (record.Job is not null)
            return JobSection.Headline(record);
        return record.Outcome switch
        {
            RunOutcome.Done => new Text($"Success: {done.En}, {passed} of {English.Count(record.Checks.Count, "check")} passed.", $"Succès : {done.Fr}, contrôles réussis : {passed} sur {record.Checks.Count}."),
            RunOutcome.NoGo => new Text("NO-GO: a criterion refused; nothing was changed.", "NO-GO : un critère a refusé ; rien n'a été modifié."),
            RunOutcome.MigrationFailed => new Text($"Failure: the run stopped at an error; applied before it: {applied}.", $"Échec : l'exécution s'est arrêtée sur une erreur ; appliquées auparavant : {applied}."),
            RunOutcome.ChecksFailed when applied == 0 => new Text($"Not verified: {Shortfall.Of(record).En}.", $"Non vérifié : {Shortfall.Of(record).Fr}."),
            RunOutcome.ChecksFailed => new Text($"{done.En}, but {Shortfall.Of(record).En}.", $"{done.Fr}, mais {Shortfall.Of(record).Fr}."),
            RunOutcome.NothingToDo => new Text("Nothing to do.", "Rien à faire."),
            _ => new Text($"Cut off, {done.En}; run `migrate` again to go on.", $"Interrompue, {done.Fr} ; relancez `migrate` pour continuer."),
        };
    }

    private static void Facts(MarkdownWriter to, RunRecord record)
    {
        var duration = record.FinishedAt is { } end ? to.Formats.Duration((end - record.StartedAt).TotalMilliseconds) : "-";
        to.Table(["", ""],
        [
            [to.Say("Date", "Date"), to.Formats.Time(record.StartedAt)],
            [to.Say("Executed by", "Exécuté par"), record.ExecutedBy],
            [to.Say("Total duration", "Durée totale"), duration],
            [to.Say("Environment", "Environnement"), $"{record.Environment} ({record.Plan?.Target ?? record.Inspection?.Target ?? "-"})"],
            [to.Say("Plan", "Plan"), record.Plan?.Id ?? "-"],
            [to.Say("Run", "Exécution"), $"{record.Run}, eclusier {record.Tool}{(record.Resumed > 0 ? to.Say($", resumed {record.Resumed} times", $", reprise {record.Resumed} fois") : "")}"],
        ]);
    }

    private static void Rehearsal(MarkdownWriter to, RunRecord record)
    {
        if (record.Rehearsal is not { } rehearsal)
            return;
        to.Section("Rehearsal", "Répétition");
        to.Paragraph(rehearsal.Passed
            ? to.Say($"Passed on a restored copy ({rehearsal.On}) in {to.Formats.Duration(rehearsal.DurationMs)}.", $"Réussie sur une copie restaurée ({rehearsal.On}) en {to.Formats.Duration(rehearsal.DurationMs)}.")
            : to.Say("Failed.", "En échec."));
        to.Table(
            ["Migration", to.Say("Result", "Résultat"), to.Say("Duration", "Durée"), to.Say("Slowest statement", "Instruction la plus longue")],
            rehearsal.Steps.Select(step => new[]
            {
                MigrationTitle.Of(step.Migration, step.Name), Counted.Verdict(step).In(to.Language), to.Formats.Duration(step.DurationMs),
                step.Statements.MaxBy(statement => statement.DurationMs) is { } slowest ? $"{slowest.Kind}, {to.Say("line", "ligne")} {slowest.Line}, {to.Formats.Duration(slowest.DurationMs)}" : "-",
            }));
        UnprovenList.Write(to, record);
        Trace(to, rehearsal);
        if (rehearsal.Rollbacks.Count > 0)
            RollbackSection.Proofs(to, rehearsal);
    }

    private static void Trace(MarkdownWriter to, Rehearsal rehearsal)
    {
        if (rehearsal.Predictions.Count + rehearsal.Surprises.Count == 0)
            return;
        to.Table(
            [to.Say("Place", "Endroit"), to.Say("Predicted", "Prédit"), to.Say("Observed", "Constaté"), to.Say("Verdict", "Verdict")],
            rehearsal.Predictions
                .GroupBy(prediction => (File: prediction.Where[..prediction.Where.LastIndexOf(':')], prediction.Rule, prediction.Observed, prediction.Confirmed))
                .Select(alike => new[] { Places(to, alike), alike.Key.Rule, alike.Key.Observed.In(to.Language), alike.Key.Confirmed ? to.Say("confirmed", "confirmé") : to.Say("not seen", "non constaté") })
                .Concat(rehearsal.Surprises.Select(surprise => new[] { surprise.Where, "-", surprise.Observed.In(to.Language), to.Say("SURPRISE", "SURPRISE") })));
    }

    /// <summary>The first of them, and how many more are like it.</summary>
    private static string Places(MarkdownWriter to, IEnumerable<Prediction> alike)
    {
        var places = alike.Select(prediction => prediction.Where).ToList();
        return places.Count == 1 ? places[0] : $"{places[0]} {to.Say($"(and {places.Count - 1} more)", $"(et {French.Count(places.Count - 1, "autre")})")}";
    }

    private static void Decision(MarkdownWriter to, RunRecord record)
    {
        if (record.Decision is not { } decision)
            return;
        to.Section("Decision", "Décision");
        to.Paragraph(decision.Outcome == Outcome.Go ? "GO" : "NO-GO");
        to.Table(
            [to.Say("Criterion", "Critère"), to.Say("Verdict", "Verdict"), to.Say("Evidence", "Preuve")],
            decision.Criteria.Select(criterion => new[]
            {
                criterion.Title.In(to.Language), criterion.Verdict.Name().In(to.Language), criterion.Evidence.In(to.Language) + (criterion.Verdict == Verdict.Failed && criterion.Remedy is { } remedy ? $" → {remedy.In(to.Language)}" : ""),
            }));
        if (decision.Approval is { } approval)
            to.Paragraph(approval.Describe(Text.Same(to.Formats.Time(approval.At))).In(to.Language));
    }

    private static void Applied(MarkdownWriter to, RunRecord record)
    {
        if (record.Steps.Count == 0)
            return;
        if (record.Job is not null)
            to.Section("Steps", "Étapes");
        else if (record.Kind == RunKind.Maintain)
            to.Section("Collections dropped", "Collections supprimées");
        else if (record.Kind == RunKind.Migrate)
            to.Section(record.OfCollections ? "Collections copied" : "Migrations applied", record.OfCollections ? "Collections copiées" : "Migrations appliquées");
        else
            to.Section(record.OfCollections ? "Collections put back" : "Migrations undone", record.OfCollections ? "Collections remises en place" : "Migrations annulées");
        to.Table(
            [record.Job is not null ? to.Say("Step", "Étape") : record.OfCollections ? "Collection" : "Migration", to.Say("Result", "Résultat"), to.Say("Duration", "Durée"), ""],
            record.Steps.Select(step => new[]
            {
                MigrationTitle.Of(step.Migration, step.Name), Counted.Verdict(step).In(to.Language), to.Formats.Duration(step.DurationMs),
                step.Error is { } error ? $"{error.Summary.In(to.Language)}{(error.Code is { } code ? $" [{code}]" : "")}" : step.SkipReason?.In(to.Language) ?? "",
            }));
    }

    private static void Checks(MarkdownWriter to, RunRecord record)
    {
        if (record.Checks.Count + record.Hooks.Count == 0)
            return;
        to.Section("Checks", "Contrôles");
        to.Table(
            [to.Say("Check", "Contrôle"), to.Say("Expected", "Attendu"), to.Say("Found", "Constaté"), to.Say("Verdict", "Verdict"), to.Say("95th percentile", "95e centile")],
            record.Checks.Select(check => new[]
            {
                check.Name, check.Expected.In(to.Language), check.Actual.In(to.Language), VerdictName.OfCheck(check.Passed).In(to.Language),
                check.Latency is { } latency ? to.Formats.Duration(latency.P95) : "",
            }));
        to.List(record.Hooks.Select(hook => $"{hook.Command}: {to.Say("exit code", "code de sortie")} {hook.ExitCode}, {to.Formats.Duration(hook.DurationMs)}"));
    }

    private static void Problems(MarkdownWriter to, RunRecord record)
    {
        to.Section("Problems met", "Problèmes rencontrés");
        if (record.Problems.Count == 0)
            to.Paragraph(to.Say("None.", "Aucun."));
        else
            to.List(record.Problems.Select(problem => problem.In(to.Language)));
    }

    private static void Timeline(MarkdownWriter to, RunRecord record)
    {
        to.Section("Timeline", "Chronologie");
        to.Table(
            ["Phase", to.Say("Began", "Début"), to.Say("Duration", "Durée")],
            record.Timeline.Select(time => new[] { time.Phase.Name().In(to.Language), to.Formats.Time(time.StartedAt), time.DurationMs is { } duration ? to.Formats.Duration(duration) : "-" }));
    }

    private static void Closing(MarkdownWriter to, RunRecord record)
    {
        string Box(bool ticked) => ticked ? "- [x]" : "- [ ]";
        to.Section("Final decision", "Décision finale");
        var back = record.Kind != RunKind.Migrate;
        to.Raw($"{Box(record.Outcome == RunOutcome.Done)} {(back ? to.Say("Rollback successful", "Retour arrière réussi") : to.Say("Migration successful", "Migration réussie"))}");
        to.Raw($"{Box(record.Outcome is RunOutcome.ChecksFailed)} {(back ? to.Say("Rolled back, to be watched", "Retour arrière effectué, à surveiller") : to.Say("Migration applied, to be watched", "Migration appliquée, à surveiller"))}");
        to.Raw($"{Box(record.Outcome is not (RunOutcome.Done or RunOutcome.ChecksFailed))} {to.Say("Not done: analysis required", "Non aboutie : analyse requise")}\n");
        to.Section("Signatures", "Signatures");
        to.Raw($"{to.Say("Technical", "Technique")} : ______________________\n");
        to.Raw($"{to.Say("Validation", "Validation")} : ______________________");
    }

    internal static Text Risk(Step step) => step.SkipReason is null ? step.Risk.Name() : new Text("skipped", "ignorée");
}

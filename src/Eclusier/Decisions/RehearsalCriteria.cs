using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Decisions;

/// <summary>Did the plan work on the restored copy?</summary>
internal static class RehearsalCriteria
{
    public static IEnumerable<Criterion> All(DecisionFacts evidence)
    {
        var title = new Text("Rehearsed on a restored copy", "Répétée sur une copie restaurée");
        if (evidence.Runbook.Rehearsal is null)
        {
            yield return new Criterion("rehearsal", title, Verdict.NotAsked, new Text("no rehearsal was asked for", "aucune répétition demandée"));
            yield break;
        }

        if (evidence.Rehearsal is not { } rehearsal)
        {
            yield return new Criterion("rehearsal", title, Verdict.Failed, new Text("there was no copy to rehearse on", "aucune copie sur laquelle répéter"), new Text("Mend the backup first.", "Réparez d'abord la sauvegarde."));
            yield break;
        }

        yield return Steps(title, rehearsal);
        if (rehearsal.Unlike.Count > 0)
        {
            yield return new Criterion("likeness", new Text("The copy is like the target", "La copie ressemble à la cible"), Verdict.Warning, Text.JoinFirst(rehearsal.Unlike),
                new Text("Install it on this machine, or set rehearsal.url to a server like the target's.", "Installez-le sur cette machine, ou indiquez dans rehearsal.url un serveur semblable à celui de la cible."));
        }

        // A copy has no statements.
        if (evidence.Runbook.Collections is null)
            yield return Surprises(evidence, rehearsal);
        yield return Invariants(rehearsal);
        yield return Checks(rehearsal);
        yield return Rollback(evidence, rehearsal);
    }

    private static Criterion Steps(Text title, Rehearsal rehearsal)
    {
        var failed = rehearsal.Steps.FirstOrDefault(step => step.Status == StepStatus.Failed);
        if (failed is not null)
        {
            var error = new Text($"{failed.Migration}: {failed.Error?.Summary.En}", $"{failed.Migration} : {failed.Error?.Summary.Fr}");
            // What those would have done is not there: it may be the reason.
            var before = string.Join(", ", rehearsal.Steps.Where(step => step.Status == StepStatus.Unproven).Select(step => step.Migration));
            var said = before.Length == 0 ? error : new Text($"{error.En}; unproven before it: {before}", $"{error.Fr} ; non prouvées avant elle : {before}");
            return new Criterion("rehearsal", title, Verdict.Failed, said, new Text("Mend the migration, then run `migrate` again.", "Corrigez la migration, puis relancez `migrate`."));
        }

        if (rehearsal.Problem is { } problem)
            return new Criterion("rehearsal", title, Verdict.Failed, problem);
        var applied = rehearsal.Steps.Count(step => step.Status == StepStatus.Applied);
        var noun = Noun(rehearsal);
        var done = Text.Count(applied, noun, $"{noun}s", noun, $"{noun}s");
        var unproven = rehearsal.Steps.Count(step => step.Status == StepStatus.Unproven);
        var but = unproven == 0 ? Text.Same("") : new Text($"; {unproven} unproven", $" ; {French.Count(unproven, "non prouvée")}");
        return new Criterion("rehearsal", title, Verdict.Passed,
            new Text($"{done.En} in {rehearsal.DurationMs / 1000:0.0} s on {rehearsal.On}{but.En}", $"{done.Fr} en {French.Decimal(rehearsal.DurationMs / 1000, "0.0")} s sur {rehearsal.On}{but.Fr}"));
    }

    private static Text Undone(Rehearsal rehearsal)
    {
        var done = Counted.Undone(rehearsal.Rollbacks.Count, rehearsal.Steps.Any(step => step.Kind == Step.Copy));
        return new Text($"{done.En}; catalog, rights and rows are what they were", $"{done.Fr} ; catalogue, droits et lignes sont ceux d'avant");
    }

    private static string Noun(Rehearsal rehearsal) => rehearsal.Steps.Any(step => step.Kind == Step.Copy) ? "collection" : "migration";

    private static Criterion Surprises(DecisionFacts evidence, Rehearsal rehearsal)
    {
        var title = new Text("Statements did what the plan said", "Les instructions ont fait ce que disait le plan");
        var policy = evidence.Runbook.Policy;
        var confirmed = rehearsal.Predictions.Count(prediction => prediction.Confirmed);
        if (rehearsal.Surprises.Count == 0)
        {
            return new Criterion("surprises", title, Verdict.Passed, rehearsal.Predictions.Count == 0
                ? new Text("no surprise", "aucune surprise")
                : new Text($"no surprise; {confirmed} of {English.Count(rehearsal.Predictions.Count, "prediction")} confirmed", $"aucune surprise ; prédictions confirmées : {confirmed} sur {rehearsal.Predictions.Count}"));
        }

        var permitted = rehearsal.Surprises.Where(surprise => IsAllowed(surprise, evidence)).ToList();
        var open = rehearsal.Surprises.Except(permitted).ToList();
        var refused = open.Any(surprise => policy.Forbid.Contains(surprise.Rule) || surprise.Severity > (policy.MaxRisk ?? Risk.High));
        if (open.Count == 0)
            return new Criterion("surprises", title, Verdict.Passed, new Text($"beyond it only what the runbook allows: {Observed(permitted).En}", $"au-delà, seulement ce que le runbook autorise : {Observed(permitted).Fr}"));
        return new Criterion("surprises", title, refused ? Verdict.Failed : Verdict.Warning,
            Observed(open),
            new Text(
                "A function or a trigger does more than the statement says: look at it, and permit it in words under policy, or change the migration.",
                "Une fonction ou un déclencheur fait plus que ne dit l'instruction : examinez-le, puis autorisez-le dans policy, ou modifiez la migration."));
    }

    /// <summary>What the user has permitted to a migration, its functions and triggers may do, too.</summary>
    private static bool IsAllowed(Surprise surprise, DecisionFacts evidence)
    {
        var step = evidence.Plan.Steps.First(step => step.Migration == surprise.Migration);
        var name = new MigrationName(step.Migration, step.FileName);
        return evidence.Runbook.Policy.Allowed(surprise.Rule, name.IsCalled) is not null;
    }

    private static Text Observed(IEnumerable<Surprise> surprises) =>
        Text.Join(surprises.Select(surprise => new Text($"{surprise.Observed.En} ({surprise.Where})", $"{surprise.Observed.Fr} ({surprise.Where})")));

    private static Criterion Invariants(Rehearsal rehearsal)
    {
        var title = new Text("Invariants hold in the rehearsal", "Invariants respectés en répétition");
        var compared = rehearsal.Invariants.Where(invariant => !invariant.Skipped).ToList();
        var broken = compared.Where(invariant => !invariant.Passed).ToList();
        if (compared.Count == 0)
            return new Criterion("invariants", title, Verdict.NotAsked, new Text("none compared", "aucun comparé"));
        return broken.Count == 0
            ? new Criterion("invariants", title, Verdict.Passed, new Text($"{compared.Count} equal before and after", $"{compared.Count} égaux avant et après"))
            : new Criterion("invariants", title, Verdict.Failed,
                Text.Join(broken.Select(invariant => new Text($"{invariant.Name}: {invariant.Problem?.En}", $"{invariant.Name} : {invariant.Problem?.Fr}"))),
                new Text("A migration changes what must not change: mend it.", "Une migration change ce qui ne doit pas changer : corrigez-la."));
    }

    /// <summary>A way back that the user wrote and that does not lead back is a trap. Where there is none, the backup is the way back.</summary>
    private static Criterion Rollback(DecisionFacts evidence, Rehearsal rehearsal)
    {
        var title = new Text("Way back proven on the copy", "Retour prouvé sur la copie");
        var stopped = rehearsal.Rollbacks.FirstOrDefault(proof => !proof.Proven);
        if (rehearsal.Rollback == RollbackVerdict.Unproven)
        {
            var unproven = string.Join(", ", rehearsal.Steps.Where(step => step.Status == StepStatus.Unproven).Select(step => $"{step.Migration} {step.Name}"));
            return new Criterion("rollback", title, evidence.Runbook.Policy.RequireRollback ? Verdict.Failed : Verdict.Warning,
                new Text($"{rehearsal.Rollbacks.Count} undone; not rehearsed for want of an extension, and not undone: {unproven}", $"{rehearsal.Rollbacks.Count} annulée(s) ; non répétées faute d'une extension, et non annulées : {unproven}"),
                new Text("Rehearse on a server that has the extension (rehearsal.url).", "Répétez sur un serveur qui possède l'extension (rehearsal.url)."));
        }

        if (stopped is null)
        {
            return rehearsal.Rollback == RollbackVerdict.Proven
                ? new Criterion("rollback", title, Verdict.Passed, Undone(rehearsal))
                : new Criterion("rollback", title, Verdict.NotAsked, new Text("nothing was applied", "rien n'a été appliqué"));
        }

        var trap = stopped is { Source: ReversalSource.File, Uncompared: false } || evidence.Runbook.Policy.RequireRollback;
        return new Criterion("rollback", title, trap ? Verdict.Failed : Verdict.Warning,
            new Text($"{stopped.Migration} {stopped.Name}: {stopped.Problem?.En}", $"{stopped.Migration} {stopped.Name} : {stopped.Problem?.Fr}"),
            stopped.Source == ReversalSource.File
                ? new Text("Mend its rollback file, or remove it.", "Corrigez son fichier de retour, ou supprimez-le.")
                : new Text("Write a rollback file; without one, only restoring the backup undoes it.", "Écrivez un fichier de retour ; sans lui, seule la restauration de la sauvegarde l'annule."));
    }

    private static Criterion Checks(Rehearsal rehearsal)
    {
        var title = new Text("Checks pass in the rehearsal", "Contrôles réussis en répétition");
        var asked = rehearsal.Checks.Where(check => !check.Skipped).ToList();
        var failed = asked.Where(check => !check.Passed).ToList();
        if (asked.Count == 0)
            return new Criterion("checks", title, Verdict.NotAsked, new Text("none asked", "aucun posé"));
        return failed.Count == 0
            ? new Criterion("checks", title, Verdict.Passed, new Text($"{asked.Count} passed", $"{asked.Count} réussi(s)"))
            : new Criterion("checks", title, Verdict.Failed,
                Text.Join(failed.Select(check => check.Difference)),
                new Text("Mend the migration or the check.", "Corrigez la migration ou le contrôle."));
    }
}

using Eclusier.Decisions;
using Eclusier.Evidence;

namespace Eclusier.Rollbacks;

/// <summary>The criteria of a rollback: it must be whole, and who asks for it must know what it takes along.</summary>
internal static class RollbackCriteria
{
    public static IEnumerable<Criterion> All(DecisionFacts evidence, RollbackPlan rollback, bool withoutBackup) =>
    [
        .. Known(evidence, rollback),
        .. withoutBackup ? [Without()] : BackupCriteria.All(evidence),
        Rehearsed(evidence, rollback),
        .. ExtensionCriteria.All(evidence),
    ];

    /// <summary>Those that need neither backup nor rehearsal.</summary>
    public static IEnumerable<Criterion> Known(DecisionFacts evidence, RollbackPlan rollback) =>
    [
        TargetCriteria.Environment(evidence),
        TargetCriteria.Server(evidence),
        TargetCriteria.Traffic(evidence),
        WayBack(evidence, rollback),
        Dependents(rollback),
        ChangedSince(rollback),
        Losses(rollback),
        .. evidence.Preconditions,
    ];

    /// <summary>Somebody changed the catalog while this was being planned.</summary>
    public static Criterion Moved() => new("unchanged", new Text("Nothing changed since the plan", "Rien n'a changé depuis le plan"), Verdict.Failed,
        new Text("the catalog changed meanwhile", "le catalogue a changé entre-temps"), new Text("Run `rollback` again.", "Relancez `rollback`."));

    private static Criterion WayBack(DecisionFacts evidence, RollbackPlan rollback)
    {
        var collections = evidence.Runbook.Collections is not null;
        var title = collections ? new Text("Every collection has a way back", "Chaque collection a un retour") : new Text("Every migration has a way back", "Chaque migration a un retour");
        var without = rollback.Reversals.Where(reversal => reversal.Step is null).ToList();
        if (without.Count > 0)
        {
            return new Criterion("way_back", title, Verdict.Failed, Text.Join(without.Select(reversal => reversal.Problem!)),
                collections
                    ? new Text("Undo the newer runs first, or restore the backup: eclusier rollback --restore --in-place.", "Annulez d'abord les exécutions plus récentes, ou restaurez la sauvegarde : eclusier rollback --restore --in-place.")
                    : new Text("Write its rollback file, or restore the backup: eclusier rollback --restore.", "Écrivez son fichier de retour, ou restaurez la sauvegarde : eclusier rollback --restore."));
        }

        if (collections)
            return new Criterion("way_back", title, Verdict.Passed, new Text($"{rollback.Reversals.Count} by what was kept", $"{rollback.Reversals.Count} par ce qui a été gardé"));
        if (rollback.RowsAtRisk.Count > 0)
        {
            return new Criterion("way_back", title, Verdict.Warning, Text.Join(rollback.RowsAtRisk),
                new Text("Look at what the rollback file does with those rows; or restore the backup: eclusier rollback --restore.", "Vérifiez ce que le fichier de retour fait de ces lignes ; ou restaurez la sauvegarde : eclusier rollback --restore."));
        }

        int By(ReversalSource source) => rollback.Reversals.Count(reversal => reversal.Source == source);
        return new Criterion("way_back", title, Verdict.Passed, new Text(
            $"{By(ReversalSource.File)} by rollback file, {By(ReversalSource.Generated)} from the catalog", $"{By(ReversalSource.File)} par fichier de retour, {By(ReversalSource.Generated)} d'après le catalogue"));
    }

    private static Criterion Dependents(RollbackPlan rollback)
    {
        var title = new Text("Nothing that stays needs them", "Rien de ce qui reste n'en dépend");
        return rollback.Dependents.Count == 0
            ? new Criterion("dependents", title, Verdict.Passed, new Text("none", "aucune"))
            : new Criterion("dependents", title, Verdict.Failed, Text.Join(rollback.Dependents), new Text("Go back further, so that it is undone, too: --to VERSION.", "Revenez plus loin pour l'annuler aussi : --to VERSION."));
    }

    private static Criterion ChangedSince(RollbackPlan rollback)
    {
        var title = new Text("As the migrations left it", "Tel que les migrations l'ont laissé");
        var changed = rollback.Reversals.SelectMany(reversal => reversal.ChangedSince).ToList();
        return changed.Count == 0
            ? new Criterion("changed_since", title, Verdict.Passed, new Text("nothing was changed since", "rien n'a été modifié depuis"))
            : new Criterion("changed_since", title, Verdict.Warning, Text.Join(changed), new Text("What the tool undoes from the catalog leaves these alone.", "Ce que l'outil annule d'après le catalogue n'y touche pas."));
    }

    private static Criterion Losses(RollbackPlan rollback)
    {
        var title = new Text("Rows that go with it", "Lignes qui partent avec");
        return rollback.Losses.Count == 0
            ? new Criterion("losses", title, Verdict.Passed, new Text("none", "aucune"))
            : new Criterion("losses", title, Verdict.Warning, Text.Join(rollback.Losses.Select(Said)));
    }

    private static Text Said(Loss loss) => loss.Column is { } column
        ? new Text($"{English.Count(loss.Rows, "value")} of {loss.Relation}.{column}", $"{French.Count(loss.Rows, "valeur")} de {loss.Relation}.{column}")
        : new Text($"{English.Count(loss.Rows, "row")} of {loss.Relation}", $"{French.Count(loss.Rows, "ligne")} de {loss.Relation}");

    private static Criterion Without() => new("backup", new Text("Backup in enough places", "Sauvegarde en lieux suffisants"), Verdict.Warning, new Text("left out with --no-backup", "omise avec --no-backup"));

    private static Text Remedy(ReversalSource source) => source switch
    {
        ReversalSource.File => new Text("Mend its rollback file, or restore the backup: eclusier rollback --restore.", "Corrigez son fichier de retour, ou restaurez la sauvegarde : eclusier rollback --restore."),
        ReversalSource.Generated => new Text("Write a rollback file for it, or restore the backup: eclusier rollback --restore.", "Écrivez-lui un fichier de retour, ou restaurez la sauvegarde : eclusier rollback --restore."),
        _ => new Text("Restore the backup: eclusier rollback --restore.", "Restaurez la sauvegarde : eclusier rollback --restore."),
    };

    private static Criterion Rehearsed(DecisionFacts evidence, RollbackPlan rollback)
    {
        var title = new Text("Tried on a restored copy", "Essayé sur une copie restaurée");
        if (evidence.Rehearsal is not { } rehearsal)
            return new Criterion("rehearsal", title, Verdict.NotAsked, new Text("there was no copy to try it on", "aucune copie pour l'essayer"));
        return rehearsal.Steps.FirstOrDefault(step => step.Status == StepStatus.Failed) is { } failed
            ? new Criterion("rehearsal", title, Verdict.Failed, new Text($"{failed.Migration}: {failed.Error?.Summary.En}", $"{failed.Migration} : {failed.Error?.Summary.Fr}"), Remedy(evidence.Runbook.HasMigrations ? rollback.SourceOf(failed.Migration) : ReversalSource.None))
            : new Criterion("rehearsal", title, Verdict.Passed, Text.Count(rehearsal.Steps.Count(step => step.Status == StepStatus.Applied), "migration undone there", "migrations undone there", "migration y a été annulée", "migrations y ont été annulées"));
    }
}

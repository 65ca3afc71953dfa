using Eclusier.Decisions;
using Eclusier.Evidence;

namespace Eclusier.Baselines;

/// <summary>The criteria of a baseline: what is recorded must be proven, and must not hide what is not.</summary>
internal static class BaselineCriteria
{
    /// <param name="runsOnlyWhatIsNewer">The layout's tool passes over what is older than its newest row.</param>
    public static IEnumerable<Criterion> All(DecisionFacts evidence, Baseline baseline, bool runsOnlyWhatIsNewer) =>
    [
        TargetCriteria.Environment(evidence),
        TargetCriteria.Server(evidence),
        .. evidence.Preconditions,
        Proven(baseline),
        Inferred(baseline),
        Settled(baseline),
        Gaps(baseline, runsOnlyWhatIsNewer),
        Recorded(baseline),
        Replacements(baseline),
        Drift(baseline),
    ];

    /// <summary>Somebody migrated, or changed a file, while this was being proven.</summary>
    public static Criterion Moved() => new("unchanged", new Text("Nothing changed since the proof", "Rien n'a changé depuis la preuve"), Verdict.Failed,
        new Text("a file or the database changed meanwhile", "un fichier ou la base a changé entre-temps"), new Text("Run `baseline` again.", "Relancez `baseline`."));

    private static Criterion Proven(Baseline baseline)
    {
        var present = baseline.Verdicts.Where(verdict => verdict is { ToRecord: true, IsInferred: false }).Select(verdict => verdict.Migration);
        return new Criterion("proven", new Text("Proven, to be recorded", "Prouvées, à enregistrer"), Verdict.Passed, Text.Same(string.Join(", ", present.DefaultIfEmpty("-"))));
    }

    private static Criterion Inferred(Baseline baseline)
    {
        var title = new Text("Nothing is only inferred", "Rien n'est seulement déduit");
        var inferred = baseline.Verdicts.Where(verdict => verdict is { ToRecord: true, IsInferred: true }).Select(verdict => verdict.Migration).ToList();
        return inferred.Count == 0
            ? new Criterion("inferred", title, Verdict.Passed, new Text("each verdict has its proof", "chaque verdict a sa preuve"))
            : new Criterion("inferred", title, Verdict.Warning, Text.Same(string.Join(", ", inferred)), new Text(
                "They leave no trace; those before and after them are there, and so they are recorded. If one may have been left out, say so first: `baseline --mark VERSION=absent --because …`, or a query under migrations.probe.",
                "Elles ne laissent aucune trace ; celles d'avant et d'après sont là, elles sont donc enregistrées. Si l'une a pu être omise, dites-le d'abord : `baseline --mark VERSION=absent --because …`, ou une requête dans migrations.probe."));
    }

    private static Criterion Settled(Baseline baseline)
    {
        var title = new Text("Every migration is there or is not", "Chaque migration est là ou n'y est pas");
        var open = baseline.Verdicts.Where(verdict => verdict is { Unsettled: true, Recorded: false }).ToList();
        return open.Count == 0
            ? new Criterion("settled", title, Verdict.Passed, new Text($"{English.Count(baseline.Verdicts.Count, "migration")} judged", $"{French.Count(baseline.Verdicts.Count, "migration jugée")}"))
            : new Criterion("settled", title, Verdict.Warning, Text.Join(open.Select(Said)), new Text(
                "They are not recorded, and `migrate` is a no-go until somebody says what is so: `baseline --mark VERSION=present|absent --because …`, or a query under migrations.probe.",
                "Elles ne sont pas enregistrées, et `migrate` est un no-go tant que personne n'a dit ce qu'il en est : `baseline --mark VERSION=present|absent --because …`, ou une requête dans migrations.probe."));
    }

    private static Criterion Gaps(Baseline baseline, bool runsOnlyWhatIsNewer)
    {
        var title = new Text("No gap below what is recorded", "Aucun trou sous ce qui est enregistré");
        if (!runsOnlyWhatIsNewer)
            return new Criterion("gaps", title, Verdict.NotAsked, new Text("the layout's tool sees every migration by itself", "l'outil de la disposition voit chaque migration pour elle-même"));
        var last = baseline.Verdicts.Index().LastOrDefault(verdict => verdict.Item.ToRecord).Index;
        var missing = baseline.Verdicts.Take(last).Where(verdict => verdict is { Recorded: false, ToRecord: false }).ToList();
        return missing.Count == 0
            ? new Criterion("gaps", title, Verdict.Passed, new Text("none", "aucun"))
            : new Criterion("gaps", title, Verdict.Failed, Text.Join(missing.Select(Said)), new Text(
                "The layout's tool runs only what is newer than its newest row: it would never run these. Bring them to present, mark them (--mark) or give them a probe first.",
                "L'outil de la disposition n'applique que ce qui est plus récent que sa dernière ligne : il ne les appliquerait jamais. Complétez-les, marquez-les (--mark) ou donnez-leur une sonde d'abord."));
    }

    private static Criterion Recorded(Baseline baseline)
    {
        var title = new Text("What is recorded is there", "Ce qui est enregistré est là");
        var wrong = baseline.Verdicts.Where(verdict => verdict is { Unsettled: true, Recorded: true }).ToList();
        return wrong.Count == 0
            ? new Criterion("recorded", title, Verdict.Passed, new Text($"{baseline.Verdicts.Count(verdict => verdict.Recorded)} recorded before", $"{baseline.Verdicts.Count(verdict => verdict.Recorded)} déjà enregistrée(s)"))
            : new Criterion("recorded", title, Verdict.Warning, Text.Join(wrong.Select(Said)), new Text("The tracking table says they are applied; look at the objects.", "La table de suivi les dit appliquées ; examinez les objets."));
    }

    private static Criterion Replacements(Baseline baseline)
    {
        var title = new Text("Replacing migrations do the same", "Les migrations consolidées font la même chose");
        var others = baseline.Replacements.Where(proof => !proof.Equivalent).ToList();
        if (baseline.Replacements.Count == 0)
            return new Criterion("replacements", title, Verdict.NotAsked, new Text("the runbook has none", "le runbook n'en a pas"));
        return others.Count == 0
            ? new Criterion("replacements", title, Verdict.Passed, new Text("equal by fingerprint", "égales par empreinte"))
            : new Criterion("replacements", title, Verdict.Warning,
                Text.Join(others.Select(proof => new Text($"{proof.Migration} differs from {string.Join(", ", proof.Replaces)} in {string.Join(", ", proof.Differences.Take(5))}", $"{proof.Migration} diffère de {string.Join(", ", proof.Replaces)} par {string.Join(", ", proof.Differences.Take(5))}"))),
                new Text("Mend it, or take it out of migrations.replaces.", "Corrigez-la, ou retirez-la de migrations.replaces."));
    }

    private static Criterion Drift(Baseline baseline)
    {
        var title = new Text("Every object has a migration", "Chaque objet vient d'une migration");
        return baseline.Drift.Count == 0
            ? new Criterion("drift", title, Verdict.Passed, new Text("no drift", "aucune dérive"))
            : new Criterion("drift", title, Verdict.Warning,
                Text.Same(string.Join(", ", baseline.Drift.Take(5).Select(found => $"{found.Kind} {found.Name}")) + (baseline.Drift.Count > 5 ? $", … ({baseline.Drift.Count})" : "")),
                new Text("Write a migration for it, or name it under `ignore`.", "Écrivez une migration pour cela, ou nommez-le dans `ignore`."));
    }

    private static Text Said(MigrationVerdict verdict) => new($"{verdict.Migration} {verdict.Verdict.Name().En}: {verdict.Reason.En}", $"{verdict.Migration} {verdict.Verdict.Name().Fr} : {verdict.Reason.Fr}");
}

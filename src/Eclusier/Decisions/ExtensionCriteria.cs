using Eclusier.Evidence;

namespace Eclusier.Decisions;

/// <summary>What nobody could prove, because the copy's server lacks extensions: worth knowing, and no reason to stop.</summary>
internal static class ExtensionCriteria
{
    public static IEnumerable<Criterion> All(DecisionFacts evidence)
    {
        var (rehearsal, restore) = (evidence.Rehearsal, evidence.Backup?.Restore);
        var missing = rehearsal?.MissingExtensions ?? restore?.MissingExtensions ?? [];
        if (missing.Count == 0)
            return [];
        var on = rehearsal?.On ?? restore?.On;
        Text[] said = [.. Unproven(missing, rehearsal), .. missing.Select(extension => Missing(extension, on))];
        return
        [
            new Criterion("extensions", new Text("Proven with every extension", "Prouvé avec chaque extension"), Verdict.Warning,
                Text.Join(said), Text.Join(missing.Select(extension => extension.Remedy(on)))),
        ];
    }

    private static Text Missing(MissingExtension extension, string? on)
    {
        var (place, remedy) = (MissingExtension.Place(on), extension.Remedy(on));
        return new Text($"extension {extension.Name} is missing on {place.En}: {remedy.En}", $"l'extension {extension.Name} manque sur {place.Fr} : {remedy.Fr}");
    }

    private static Text[] Unproven(IReadOnlyList<MissingExtension> missing, Rehearsal? rehearsal)
    {
        var steps = rehearsal?.Steps.Where(step => step.Status == StepStatus.Unproven).Select(step => Text.Same($"{step.Migration} {step.Name}")) ?? [];
        var invariants = rehearsal?.Invariants.Where(invariant => invariant.Skipped).Select(invariant => new Text($"invariant \"{invariant.Name}\"", $"invariant « {invariant.Name} »")) ?? [];
        // Of SQL, a check is skipped for no other reason.
        var checks = rehearsal?.Checks.Where(check => check is { Skipped: true, Kind: "sql" }).Select(check => new Text($"check \"{check.Name}\"", $"contrôle « {check.Name} »")) ?? [];
        Text[] all = [.. MissingExtension.Named(missing.SelectMany(extension => extension.Unproven)), .. steps, .. invariants, .. checks];
        return all.Length == 0 ? [] : [new Text($"unproven: {string.Join(", ", all.Select(name => name.En))}", $"non prouvé : {string.Join(", ", all.Select(name => name.Fr))}")];
    }
}

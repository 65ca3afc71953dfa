using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Checks;

/// <summary>Each collection of the target against its source, the transforms accounted for: counts, content, indexes, and where every child went.</summary>
internal static class CopyProof
{
    /// <param name="plan">Made now.</param>
    /// <param name="applied">By the run that asks; what it copied counts, and not what the source holds since. Empty: the source as it is now counts.</param>
    public static IReadOnlyList<CheckResult> Of(CollectionSettings settings, Plan plan, IReadOnlyList<StepResult> applied)
    {
        var copied = applied.Where(result => result.Collection is not null).ToDictionary(result => result.Migration, result => result.Collection!, StringComparer.Ordinal);
        var steps = plan.Steps.Where(step => step.Collection is { Action: CollectionAction.New or CollectionAction.Replace or CollectionAction.Unchanged }).ToList();
        return
        [
            .. steps.Select(step => Content(step, settings, copied.GetValueOrDefault(step.Migration))),
            .. steps.SelectMany(step => Children(step.Migration, copied.GetValueOrDefault(step.Migration)?.Transforms ?? step.Collection!.Transforms)),
        ];
    }

    private static CheckResult Content(Step step, CollectionSettings settings, CollectionResult? copied)
    {
        var (wanted, now) = (copied?.Copied ?? step.Collection!.Expected, step.Collection!.Target);
        // Right after the swap the application may write again: more documents are no fault of the copy.
        var writtenSince = copied is not null && now is not null && now.Documents >= wanted.Documents && now != wanted;
        var expected = new Text($"{English.Count(wanted.Documents, "document")} as in {settings.From}, hash {Short(wanted)}", $"{French.Count(wanted.Documents, "document")} comme dans {settings.From}, empreinte {Short(wanted)}");
        var actual = now is null ? new Text("no such collection", "pas de telle collection")
            : writtenSince ? new Text($"{English.Count(now.Documents, "document")}, written to since the swap", $"{French.Count(now.Documents, "document")}, modifiée depuis l'échange")
            : new Text($"{English.Count(now.Documents, "document")}, hash {Short(now)}", $"{French.Count(now.Documents, "document")}, empreinte {Short(now)}");
        return new CheckResult(step.Migration, "collection", now == wanted || writtenSince, expected, actual);
    }

    private static IEnumerable<CheckResult> Children(string parent, IReadOnlyList<TransformEvidence> transforms) => transforms.Where(transform => transform.Kind == "embed").Select(embed => new CheckResult(
        $"{parent} ← {embed.What.En.Split(' ')[0]}",
        "collection",
        Passed: true,
        new Text("every child in its parent, or listed", "chaque enfant dans son parent, ou listé"),
        new Text(
            $"{embed.Values} embedded{Listed(embed.Superseded, "superseded")}{Listed(embed.Orphans, "without a parent")}{Listed(embed.Refused, "refused")}",
            $"{embed.Values} intégrés{Listed(embed.Superseded, "remplacés")}{Listed(embed.Orphans, "sans parent")}{Listed(embed.Refused, "refusés")}")));

    private static string Listed(DocumentFacts facts, string what) =>
        facts.Count == 0 ? "" : $", {facts.Count} {what} ({string.Join(", ", facts.First.Take(5))}{(facts.Count > 5 ? ", …" : "")})";

    private static string Short(CollectionContent content) => content.Hash[..12];
}

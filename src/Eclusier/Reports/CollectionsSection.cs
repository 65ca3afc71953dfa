using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Reports;

/// <summary>Collections that were copied, what transforms did on the way, and where children went that are in no parent.</summary>
internal static class CollectionsSection
{
    public static void Write(MarkdownWriter to, RunRecord record)
    {
        var copied = record.Steps.Where(step => step.Collection is not null).ToList();
        if (copied.Count == 0)
            return;
        to.Section("Collections", "Collections");
        to.Table(
            ["Collection", to.Say("In the source", "Dans la source"), to.Say("Copied", "Copiés"), to.Say("Before", "Avant"), to.Say("Content hash", "Empreinte"), to.Say("Indexes", "Index"), to.Say("Kept as", "Gardée sous")],
            copied.Select(step => Row(to, step.Migration, step.Collection!)));
        Transforms(to, [.. copied.SelectMany(step => step.Collection!.Transforms.Select(transform => (step.Migration, transform)))]);
    }

    /// <summary>What a plan knows of each collection.</summary>
    public static void Plan(MarkdownWriter to, RunRecord record)
    {
        if (record.Plan is not { } plan || plan.Steps.All(step => step.Collection is null))
            return;
        to.Section("Collections to copy", "Collections à copier");
        to.Table(
            ["Collection", to.Say("Action", "Action"), to.Say("Source", "Source"), to.Say("Target", "Cible"), to.Say("Only in the target", "Seulement dans la cible")],
            plan.Steps.Where(step => step.Collection is not null).Select(step => new[]
            {
                step.Migration, Name(step.Collection!.Action).In(to.Language), to.Formats.Number(step.Collection.Expected.Documents),
                step.Collection.Target is { } target ? to.Formats.Number(target.Documents) : "-", step.Collection.OnlyInTarget is { } only ? to.Formats.Number(only) : "-",
            }));
    }

    private static string[] Row(MarkdownWriter to, string name, CollectionResult result) =>
    [
        name, to.Formats.Number(result.Source.Documents), to.Formats.Number(result.Copied.Documents), result.Former is { } former ? to.Formats.Number(former.Documents) : "-",
        result.Copied.Hash, string.Join(", ", result.Indexes), result.Kept ?? "-",
    ];

    private static void Transforms(MarkdownWriter to, IReadOnlyList<(string Collection, TransformEvidence Transform)> transforms)
    {
        if (transforms.Count == 0)
            return;
        to.Section("Transforms", "Transformations");
        to.Table(
            ["Collection", "", to.Say("Documents changed", "Documents modifiés"), to.Say("Values", "Valeurs"), to.Say("Without a parent", "Sans parent")],
            transforms.Select(each => new[]
            {
                each.Collection, $"{each.Transform.Kind}: {each.Transform.What.In(to.Language)}", to.Formats.Number(each.Transform.Changed), to.Formats.Number(each.Transform.Values), to.Formats.Number(each.Transform.Orphans.Count),
            }));
        to.List(transforms.SelectMany(each => Left(each.Transform)).Select(text => text.In(to.Language)));
    }

    private static IEnumerable<Text> Left(TransformEvidence transform)
    {
        foreach (var (facts, en, fr) in new[] { (transform.Orphans, "without a parent", "sans parent"), (transform.Superseded, "superseded by a newer one", "remplacés par un plus récent"), (transform.Refused, "without a place in the parent", "sans place chez le parent") })
        {
            if (facts.Count > 0)
                yield return new Text($"{transform.What.En}: {facts.Count} {en}: {Ids(facts)}", $"{transform.What.Fr} : {facts.Count} {fr} : {Ids(facts)}");
        }
    }

    private static string Ids(DocumentFacts facts) => $"{string.Join(", ", facts.First)}{(facts.Count > facts.First.Count ? ", …" : "")}";

    private static Text Name(CollectionAction action) => action switch
    {
        CollectionAction.New => new Text("new", "nouvelle"),
        CollectionAction.Replace => new Text("replace", "remplacer"),
        CollectionAction.Unchanged => new Text("unchanged", "inchangée"),
        CollectionAction.Embedded => new Text("embedded", "intégrée"),
        _ => new Text("ignored", "écartée"),
    };
}

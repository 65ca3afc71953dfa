using Eclusier.Mongo.Transforms;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Plans;

/// <summary>Transforms in words for people.</summary>
internal static class TransformWords
{
    public static TransformEvidence Evidence(TransformReport report) => new(Kind(report.Transform), Of(report.Transform), report.Changed, report.Values)
    {
        Orphans = Facts(report.Orphans),
        Superseded = Facts(report.Superseded),
        Refused = Facts(report.Refused),
    };

    private static DocumentFacts Facts(DocumentList list) => new(list.Count, [.. list.First.Select(id => id.ToString())]);

    private static string Kind(Transform transform) => transform.GetType().Name.ToLowerInvariant();

    private static Text Of(Transform transform) => transform switch
    {
        Embed embed => new Text($"{embed.From} into {embed.Into}.{embed.At}", $"{embed.From} dans {embed.Into}.{embed.At}"),
        Replace replace => new Text($"\"{replace.Text}\" with \"{replace.With}\" in {string.Join(", ", replace.Fields)}", $"« {replace.Text} » par « {replace.With} » dans {string.Join(", ", replace.Fields)}"),
        Rename rename => Text.Same(string.Join(", ", rename.Fields.Select(field => $"{field.Key} → {field.Value}"))),
        Set set => Text.Same(string.Join(", ", set.Fields.Keys)),
        Unset unset => Text.Same(string.Join(", ", unset.Fields)),
        Filter filter => Text.Same(filter.Where),
        _ => Text.Same(""),
    };
}

using System.Globalization;
using Eclusier.Mongo.Bson;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Indexes;

/// <summary>The indexes that a collection is to have, without the one on <c>_id</c>.</summary>
/// <param name="Specifications">As <c>createIndexes</c> takes them: key, name, unique, …</param>
/// <param name="Conflicts">Two indexes of one name, or two names for the same index; with any, the plan cannot be carried out.</param>
/// <param name="Replaced">Names of the source's indexes that give way to one of the runbook's, with the same keys and other options or another name.</param>
public sealed record IndexPlan(IReadOnlyList<BsonDocument> Specifications, IReadOnlyList<Text> Conflicts, IReadOnlyList<string> Replaced)
{
    /// <summary>Merges what the source has with what the runbook asks for.</summary>
    /// <param name="source">As <c>listIndexes</c> says it.</param>
    /// <param name="wanted">Those of other collections are left out. One without a name takes that of the source's index with the same keys.</param>
    /// <exception cref="EclusierException">A partial filter is not extended JSON.</exception>
    public static IndexPlan Of(string collection, IReadOnlyList<BsonDocument> source, IEnumerable<IndexSettings> wanted)
    {
        var all = source.Where(index => !IndexSpecification.IsOfId(index)).Select(IndexSpecification.Normalize).ToList();
        var (conflicts, replaced) = (new List<Text>(), new List<string>());
        foreach (var settings in wanted.Where(index => index.On == collection))
        {
            var like = all.FindIndex(index => IndexSpecification.AreLike(index, Specify(settings, null)));
            var specification = Specify(settings, like < 0 ? null : Name(all[like]));
            if (like >= 0 && IndexSpecification.AreSame(all[like], specification))
                continue;
            if (like >= 0)
            {
                replaced.Add(Name(all[like]));
                all.RemoveAt(like);
            }
            if (all.Find(index => Name(index) == Name(specification)) is { } other)
                conflicts.Add(Conflict(collection, other, specification));
            else
                all.Add(specification);
        }
        return new IndexPlan(all, conflicts, replaced);
    }

    private static string Name(BsonDocument index) => index["name"].AsString;

    private static Text Conflict(string collection, BsonDocument there, BsonDocument wanted) => new(
        $"Two indexes of {collection} would have the name {Name(wanted)}: on {there["key"]} and on {wanted["key"]}.",
        $"Deux index de {collection} auraient le nom {Name(wanted)} : sur {there["key"]} et sur {wanted["key"]}.");

    private static BsonDocument Specify(IndexSettings settings, string? name)
    {
        var writer = new BsonWriter()
            .Add("key", BsonDocument.Of([.. settings.Keys.Select(key => (key.Field, Direction(key.Direction)))]))
            .Add("name", settings.Name ?? name ?? string.Join('_', settings.Keys.Select(key => $"{key.Field}_{key.Direction}")));
        if (settings.Unique)
            writer.Add("unique", true);
        if (settings.Sparse)
            writer.Add("sparse", true);
        if (settings.PartialFilter is { } filter)
            writer.Add("partialFilterExpression", Parse(filter));
        if (settings.ExpireAfter is { } time)
            writer.Add("expireAfterSeconds", checked((int)time.TotalSeconds));
        return writer.ToDocument();
    }

    private static BsonValue Direction(string direction) => int.TryParse(direction, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : direction;

    private static BsonDocument Parse(string filter)
    {
        try
        {
            return BsonDocument.FromJson(filter);
        }
        catch (FormatException e)
        {
            throw new InvalidInputException(
                new Text($"A partial filter is not extended JSON: {e.Message}", $"Un filtre partiel n'est pas du JSON étendu : {e.Message}"), "collections.indexes", null, e);
        }
    }
}

using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Whether a document is meant.</summary>
internal delegate bool Matches(BsonDocument document);

/// <summary>Understands a query (manual: Query and Projection Operators).</summary>
internal static class Filter
{
    /// <exception cref="CommandError">An operator is not known, or used wrongly.</exception>
    public static Matches Parse(BsonDocument query)
    {
        var all = query.Select(ParseElement).ToList();
        return all.Count == 1 ? all[0] : document => all.TrueForAll(matches => matches(document));
    }

    private static Matches ParseElement(BsonElement element)
    {
        if (!element.Name.StartsWith('$'))
            return ParseField(new FieldPath(element.Name), element.Value);
        switch (element.Name)
        {
            case "$and":
                var all = Branches(element);
                return document => all.TrueForAll(matches => matches(document));
            case "$or":
                var any = Branches(element);
                return document => any.Exists(matches => matches(document));
            case "$nor":
                var none = Branches(element);
                return document => !none.Exists(matches => matches(document));
            case "$expr":
                var expression = Expressions.Parse(element.Value);
                return document => Expressions.IsTrue(expression(Variables.Of(document)));
            case "$comment":
                return _ => true;
            case "$where" or "$text" or "$jsonSchema":
                throw CommandError.NotImplemented(element.Name);
            default:
                throw CommandError.BadValue($"unknown top level operator: {element.Name}");
        }
    }

    private static List<Matches> Branches(BsonElement element)
    {
        if (element.Value.Type != BsonType.Array || element.Value.AsDocument.IsEmpty)
            throw CommandError.BadValue($"{element.Name} must be a nonempty array");
        return [.. element.Value.AsDocument.Values().Select(branch => branch.Type == BsonType.Document
            ? Parse(branch.AsDocument)
            : throw CommandError.BadValue($"{element.Name} argument's entries must be objects"))];
    }

    private static Matches ParseField(FieldPath path, BsonValue condition)
    {
        var test = FieldTest.Parse(condition);
        return document => test(path.Values(document));
    }
}

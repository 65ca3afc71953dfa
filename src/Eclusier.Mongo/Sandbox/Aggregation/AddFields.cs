using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Aggregation;

/// <summary><c>$addFields</c> and <c>$set</c>: computes fields, and keeps the others where they are.</summary>
internal static class AddFields
{
    public static Stage Parse(BsonValue operand)
    {
        var fields = operand.AsDocument.Select(element => (Path: element.Name.Split('.'), Expression: Expressions.Parse(element.Value))).ToList();
        return input => input.Select(document =>
        {
            // All are computed from the document as it came.
            var variables = Variables.Of(document);
            return fields.Aggregate(document, (changed, field) => Set(changed, field.Path, field.Expression(variables)).AsDocument);
        });
    }

    private static BsonValue Set(BsonValue container, ReadOnlySpan<string> path, BsonValue value)
    {
        if (path.Length == 0)
            return value;
        if (container.Type == BsonType.Array)
            return SetInArray(container, path, value);
        var writer = new BsonWriter();
        var found = false;
        foreach (var element in container.Type == BsonType.Document ? container.AsDocument : BsonDocument.Empty)
        {
            found |= element.Name == path[0];
            writer.Add(element.Name, element.Name == path[0] ? Set(element.Value, path[1..], value) : element.Value);
        }
        if (!found)
            writer.Add(path[0], Set(default, path[1..], value));
        return writer.ToDocument();
    }

    private static BsonValue SetInArray(BsonValue array, ReadOnlySpan<string> path, BsonValue value)
    {
        var elements = new List<BsonValue>();
        foreach (var element in array.AsDocument.Values())
            elements.Add(Set(element, path, value));
        return BsonValue.Array(elements);
    }
}

using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Query;
using Eclusier.Mongo.Sandbox.Updates;

namespace Eclusier.Mongo.Sandbox.Aggregation;

/// <summary><c>$unwind</c>: one document for each element of an array.</summary>
internal static class Unwind
{
    public static Stage Parse(BsonValue operand)
    {
        var options = operand.Type == BsonType.Document ? operand.AsDocument : BsonDocument.Of(("path", operand));
        var path = options["path"].AsString;
        if (!path.StartsWith('$'))
            throw new CommandError(28818, "Location28818", $"path option to $unwind stage should be prefixed with a '$': {path}");
        var keepEmpty = Expressions.IsTrue(options.Get("preserveNullAndEmptyArrays"));
        var index = options.Get("includeArrayIndex") is { Type: BsonType.String } name ? name.AsString : null;
        return input => input.SelectMany(document => Run(document, path[1..], index, keepEmpty));
    }

    private static IEnumerable<BsonDocument> Run(BsonDocument document, string path, string? index, bool keepEmpty)
    {
        var value = DocumentPath.Get(document, path);
        if (value.Type == BsonType.Array && !value.AsDocument.IsEmpty)
            return value.AsDocument.Values().Select((element, at) => WithIndex(DocumentPath.Change(document, path, _ => element), index, (long)at));
        if (!value.IsNullish && value.Type != BsonType.Array)
            return [WithIndex(document, index, BsonValue.Null)];
        if (!keepEmpty)
            return [];
        var kept = value.Type == BsonType.Array ? DocumentPath.Change(document, path, _ => default) : document;
        return [WithIndex(kept, index, BsonValue.Null)];
    }

    private static BsonDocument WithIndex(BsonDocument document, string? name, BsonValue index) =>
        name is null ? document : DocumentPath.Change(document, name, _ => index);
}

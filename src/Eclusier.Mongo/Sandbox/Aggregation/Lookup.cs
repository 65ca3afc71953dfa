using System.Collections.Immutable;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox.Query;
using Eclusier.Mongo.Sandbox.Updates;

namespace Eclusier.Mongo.Sandbox.Aggregation;

/// <summary><c>$lookup</c> by equal fields; a pipeline may narrow what was found, without variables.</summary>
internal static class Lookup
{
    public static Stage Parse(BsonDocument options, CommandContext context)
    {
        if (!options.Get("let").IsMissing || options.Get("localField").IsMissing)
            throw CommandError.NotImplemented("$lookup with variables");
        var from = new MongoNamespace(context.Request.Database, options["from"].AsString);
        var (local, foreign, into) = (new FieldPath(options["localField"].AsString), new FieldPath(options["foreignField"].AsString), options["as"].AsString);
        var narrow = options.Get("pipeline") is { Type: BsonType.Array } pipeline ? Pipeline.Parse(pipeline.AsDocument, context) : input => input;
        return input => Run(input, Pipeline.Source(from, context), local, foreign)
            .Select(pair => DocumentPath.Change(pair.Document, into, _ => BsonValue.Array(narrow(pair.Found).Select(found => (BsonValue)found))));
    }

    /// <summary>The foreign documents are sorted into groups once, by each of their keys.</summary>
    private static IEnumerable<(BsonDocument Document, IEnumerable<BsonDocument> Found)> Run(
        IEnumerable<BsonDocument> input, IEnumerable<BsonDocument> foreignDocuments, FieldPath local, FieldPath foreign)
    {
        var byKey = foreignDocuments
            .SelectMany((document, order) => KeysOf(foreign, document).Select(key => (Key: key, Document: document, Order: order)))
            .ToLookup(entry => entry.Key, entry => (entry.Document, entry.Order), BsonOrder.Instance);
        foreach (var document in input)
        {
            var found = KeysOf(local, document).SelectMany(key => byKey[key]).DistinctBy(entry => entry.Order).OrderBy(entry => entry.Order);
            yield return (document, found.Select(entry => entry.Document));
        }
    }

    /// <summary>A missing field is equal to null.</summary>
    private static ImmutableHashSet<BsonValue> KeysOf(FieldPath path, BsonDocument document) =>
        path.Values(document)
            .SelectMany(value => value.Type == BsonType.Array ? value.AsDocument.Values().Append(value) : [value])
            .Select(value => value.IsNullish ? BsonValue.Null : value)
            .ToImmutableHashSet(BsonOrder.Instance);
}

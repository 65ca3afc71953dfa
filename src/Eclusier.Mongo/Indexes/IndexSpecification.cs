using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Indexes;

/// <summary>An index as <c>listIndexes</c> says it and <c>createIndexes</c> takes it.</summary>
internal static class IndexSpecification
{
    /// <summary>What a server adds by itself, or says no more.</summary>
    private static readonly string[] NotAsked = ["v", "ns", "background"];

    /// <summary>What makes two indexes of the same keys different ones.</summary>
    private static readonly string[] Identity = ["collation", "partialFilterExpression"];

    public static bool IsOfId(BsonDocument index) => index["name"].AsString == "_id_";

    /// <summary>The key, the name, and the options in their order; options that say no are the same as none.</summary>
    public static BsonDocument Normalize(BsonDocument index)
    {
        var writer = new BsonWriter().Add("key", index["key"]).Add("name", index["name"]);
        foreach (var (option, value) in index.Where(element => element.Name is not ("key" or "name") && !NotAsked.Contains(element.Name)).OrderBy(element => element.Name, StringComparer.Ordinal))
        {
            if (value is not { Type: BsonType.Boolean } || value.AsBoolean)
                writer.Add(option, value);
        }
        return writer.ToDocument();
    }

    /// <summary>Whether both index the same documents by the same keys.</summary>
    public static bool AreLike(BsonDocument one, BsonDocument other) =>
        BsonOrder.Instance.Equals(Keys(one), Keys(other)) && Array.TrueForAll(Identity, option => BsonOrder.Instance.Equals(one.Get(option), other.Get(option)));

    /// <summary>Whether they are equal in name and options, too. A text index's weights and languages are filled in by the server, and left out.</summary>
    public static bool AreSame(BsonDocument one, BsonDocument other) =>
        one["name"] == other["name"] && AreLike(one, other) && BsonOrder.Instance.Equals(Options(one), Options(other));

    private static BsonDocument Options(BsonDocument index) => BsonDocument.Of(
        [.. Normalize(index).Where(element => element.Name is not ("key" or "weights" or "default_language" or "language_override" or "textIndexVersion" or "2dsphereIndexVersion"))
            .Select(element => (element.Name, element.Value))]);

    /// <summary>A server lists a text index as <c>{ _fts: "text", _ftsx: 1 }</c>, and its fields as weights.</summary>
    private static BsonDocument Keys(BsonDocument index)
    {
        var writer = new BsonWriter();
        foreach (var (field, direction) in index["key"].AsDocument.Where(key => key.Name != "_ftsx"))
        {
            if (field != "_fts")
                writer.Add(field, direction);
            else
                index["weights"].AsDocument.Aggregate(writer, (all, weight) => all.Add(weight.Name, "text"));
        }
        return writer.ToDocument();
    }
}

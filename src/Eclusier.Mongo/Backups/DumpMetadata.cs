using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Backups;

/// <summary>What a dump says of a collection beside its documents: canonical extended JSON, as <c>mongodump</c> writes it.</summary>
internal sealed record DumpMetadata(BsonDocument Options, IReadOnlyList<BsonDocument> Indexes)
{
    public static string Write(string name, CollectionLayout layout, IReadOnlyList<BsonDocument> indexes)
    {
        var writer = new BsonWriter();
        if (!layout.Options.IsEmpty)
            writer.Add("options", layout.Options);
        return writer
            .Add("indexes", BsonValue.Array(indexes.Select(index => (BsonValue)index)))
            .Add("uuid", layout.Uuid)
            .Add("collectionName", name)
            .Add("type", layout.Type)
            .ToDocument()
            .ToCanonicalJson();
    }

    /// <exception cref="FormatException">This is not such a file.</exception>
    public static DumpMetadata Read(string json)
    {
        var document = BsonDocument.FromJson(json);
        return new DumpMetadata(
            document.Get("options") is { Type: BsonType.Document } options ? options.AsDocument : BsonDocument.Empty,
            document.Get("indexes") is { Type: BsonType.Array } indexes ? [.. indexes.AsDocument.Values().Select(index => index.AsDocument)] : []);
    }
}

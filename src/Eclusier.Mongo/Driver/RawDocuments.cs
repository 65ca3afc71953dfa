using System.Runtime.InteropServices;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using MongoDB.Driver;
using Document = Eclusier.Mongo.Bson.BsonDocument;

namespace Eclusier.Mongo.Driver;

/// <summary>Documents between the driver's messages and ours, byte for byte: nothing inside is looked at, and so nothing can be wrong with it.</summary>
internal static class RawDocuments
{
    /// <summary>As the driver takes a document: without a copy.</summary>
    public static RawBsonDocument Of(Document document)
    {
        if (!MemoryMarshal.TryGetArray(document.Bytes, out var bytes))
            bytes = document.Bytes.ToArray();
        var whole = new ByteArrayBuffer(bytes.Array!, isReadOnly: true);
        return new RawBsonDocument(bytes.Offset == 0 && bytes.Count == bytes.Array!.Length ? whole : whole.GetSlice(bytes.Offset, bytes.Count));
    }

    /// <summary>What the driver decoded, such as an error's answer, as bytes again.</summary>
    public static Document From(BsonDocument document) => new(document.ToBson());
}

/// <summary>Reads documents as they came.</summary>
/// <param name="memory">Where they are put; null: each in memory of its own.</param>
internal sealed class RawReader(BatchMemory? memory) : SerializerBase<Document>
{
    /// <summary>For answers that are one document.</summary>
    public static RawReader Single { get; } = new(null);

    public override Document Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args)
    {
        var reader = (BsonBinaryReader)context.Reader;
        return reader.State == BsonReaderState.Value ? ReadInside(reader) : ReadWhole(reader);
    }

    private Document ReadWhole(BsonBinaryReader reader)
    {
        using var slice = reader.ReadRawBsonDocument();
        var place = Place(slice.Length);
        slice.GetBytes(0, place.Array!, place.Offset, place.Count);
        return new Document(place);
    }

    /// <summary>One of a batch: a slice would be three objects for each of a million documents.</summary>
    private Document ReadInside(BsonBinaryReader reader)
    {
        var stream = reader.BsonStream;
        var begin = stream.Position;
        reader.SkipValue();
        var place = Place(checked((int)(stream.Position - begin)));
        stream.Position = begin;
        stream.ReadExactly(place);
        return new Document(place);
    }

    private ArraySegment<byte> Place(int size) => memory?.Place(size) ?? GC.AllocateUninitializedArray<byte>(size);
}

/// <summary>A command that is sent as it is, and whose answer is kept as it came.</summary>
internal sealed class RawCommand(Document command) : Command<Document>
{
    public override RenderedCommand<Document> Render(IBsonSerializerRegistry serializerRegistry) => new(RawDocuments.Of(command), RawReader.Single);
}

/// <summary>What a find returns of each document, and where that is put.</summary>
/// <param name="fields">Null: all.</param>
internal sealed class RawProjection(Document? fields, BatchMemory memory) : ProjectionDefinition<RawBsonDocument, Document>
{
    public override RenderedProjectionDefinition<Document> Render(RenderArgs<RawBsonDocument> args) =>
        new(fields is null ? null : RawDocuments.Of(fields), new RawReader(memory));
}

/// <summary>The stages of an aggregation, and where its documents are put.</summary>
internal sealed class RawPipeline(IReadOnlyList<Document> stages, BatchMemory memory) : PipelineDefinition<RawBsonDocument, Document>
{
    public override IBsonSerializer<Document> OutputSerializer { get; } = new RawReader(memory);

    public override IEnumerable<IPipelineStageDefinition> Stages => [];

    public override RenderedPipelineDefinition<Document> Render(RenderArgs<RawBsonDocument> args) => new(stages.Select(RawDocuments.Of), OutputSerializer);
}

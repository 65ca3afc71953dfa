using MongoDB.Bson;
using MongoDB.Driver;
using BsonDocument = Eclusier.Mongo.Bson.BsonDocument;
using Official = MongoDB.Driver;

namespace Eclusier.Mongo.Driver;

/// <summary>How documents are read. Null: the server's own way.</summary>
public sealed record FindOptions
{
    public BsonDocument? Sort { get; init; }

    public BsonDocument? Projection { get; init; }

    /// <summary>An index: its keys.</summary>
    public BsonDocument? Hint { get; init; }

    public BsonDocument? Collation { get; init; }

    /// <summary>The first key of <see cref="Hint"/>'s index that is read: of any type, where a filter would stay within one.</summary>
    public BsonDocument? Min { get; init; }

    /// <summary>The key of <see cref="Hint"/>'s index before which reading ends.</summary>
    public BsonDocument? Max { get; init; }

    /// <summary>Lets a sort that needs more than 100 MB use the server's disk.</summary>
    public bool AllowDiskUse { get; init; }

    public long? Skip { get; init; }

    public long? Limit { get; init; }

    /// <summary>Documents that are handed over together, at most.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <summary>Bytes after which a batch is handed over, however few its documents.</summary>
    public int BatchBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Documents of a batch hold until the next one is asked for: its memory is used again.</summary>
    public bool ReuseMemory { get; init; }

    /// <summary>How long the server may work at it; then it gives up by itself (error 50).</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Keeps the server from closing a cursor that nobody read from for ten minutes.</summary>
    public bool NoCursorTimeout { get; init; }

    /// <param name="memory">Where the documents are put.</param>
    internal Official.FindOptions<RawBsonDocument, BsonDocument> ForDriver(BatchMemory memory) => new()
    {
        Projection = new RawProjection(Projection, memory),
        Sort = Raw(Sort) is { } order ? new BsonDocumentSortDefinition<RawBsonDocument>(order) : null,
        Hint = Raw(Hint),
        Collation = Raw(Collation) is { } collation ? Official.Collation.FromBsonDocument(collation) : null,
        Min = Raw(Min),
        Max = Raw(Max),
        Skip = (int?)Skip,
        Limit = (int?)Limit,
        BatchSize = BatchSize,
        MaxTime = MaxTime,
        NoCursorTimeout = NoCursorTimeout ? true : null,
        AllowDiskUse = AllowDiskUse ? true : null,
    };

    private static RawBsonDocument? Raw(BsonDocument? document) => document is null ? null : RawDocuments.Of(document);
}

/// <summary>How a pipeline is run. Null: the server's own way.</summary>
public sealed record AggregateOptions
{
    /// <inheritdoc cref="FindOptions.BatchSize"/>
    public int BatchSize { get; init; } = 1000;

    /// <inheritdoc cref="FindOptions.BatchBytes"/>
    public int BatchBytes { get; init; } = 8 * 1024 * 1024;

    /// <inheritdoc cref="FindOptions.MaxTime"/>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Lets stages that need more than 100 MB use the server's disk.</summary>
    public bool AllowDiskUse { get; init; }

    internal Official.AggregateOptions ForDriver() => new() { BatchSize = BatchSize, MaxTime = MaxTime, AllowDiskUse = AllowDiskUse ? true : null };
}

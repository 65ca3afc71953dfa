using Eclusier.Mongo.Bson;

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

    internal BsonDocument ToDocument()
    {
        var writer = new BsonWriter().Add("batchSize", BatchSize);
        foreach (var (name, value) in new[] { ("sort", Sort), ("projection", Projection), ("hint", Hint), ("collation", Collation), ("min", Min), ("max", Max) })
        {
            if (value is not null)
                writer.Add(name, value);
        }
        foreach (var (name, value) in new[] { ("skip", Skip), ("limit", Limit), ("maxTimeMS", (long?)MaxTime?.TotalMilliseconds) })
        {
            if (value is { } number)
                writer.Add(name, number);
        }
        if (NoCursorTimeout)
            writer.Add("noCursorTimeout", true);
        if (AllowDiskUse)
            writer.Add("allowDiskUse", true);
        return writer.ToDocument();
    }
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

    internal BsonDocument ToDocument()
    {
        var writer = new BsonWriter().Add("batchSize", BatchSize);
        if (MaxTime is { } time)
            writer.Add("maxTimeMS", (long)time.TotalMilliseconds);
        if (AllowDiskUse)
            writer.Add("allowDiskUse", true);
        return writer.ToDocument();
    }
}

using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Backups;

/// <summary>A collection that was restored.</summary>
/// <param name="Read">Of what the dump's file holds.</param>
/// <param name="Stored">Of what the server then held.</param>
/// <param name="Indexes">How many it has, that on <c>_id</c> included.</param>
public sealed record RestoredCollection(string Name, string Type, ContentHash Read, ContentHash Stored, int Indexes)
{
    /// <summary>Documents whose empty timestamps MongoDB filled in; <see cref="Stored"/> cannot equal <see cref="Read"/> then.</summary>
    public DocumentList EmptyTimestamps { get; init; } = DocumentList.None;
}

/// <summary>A database that was restored from a dump.</summary>
/// <param name="Differences">Collections that are not what the dump's record says, in words; none: verified.</param>
public sealed record MongoRestore(string Database, IReadOnlyList<RestoredCollection> Collections, IReadOnlyList<Text> Differences)
{
    public bool IsVerified => Differences.Count == 0;

    /// <summary>Restores documents, options, indexes and views into a database that has none of these collections, and reads all of it again.</summary>
    /// <param name="folder">The dump's.</param>
    /// <param name="dump">What was dumped; its database may have another name than <paramref name="database"/>.</param>
    /// <exception cref="EclusierException">A file is not there or not as it was written, or one of the collections exists already.</exception>
    /// <exception cref="MongoException">The server refuses, or could not be asked for longer than the options allow.</exception>
    public static Task<MongoRestore> RestoreAsync(
        MongoClient client, string database, string folder, MongoDump dump, CopyOptions options, CancellationToken cancellationToken) => throw new NotSupportedException("Not yet.");
}

using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Backups;

/// <summary>A file of a dump.</summary>
/// <param name="Path">Below the dump's folder, with slashes.</param>
/// <param name="Bytes">As it is on the disk.</param>
/// <param name="Sha256">Lower-case hex, of what is on the disk.</param>
public sealed record DumpedFile(string Path, long Bytes, string Sha256);

/// <summary>A collection of a dump.</summary>
/// <param name="Type"><c>collection</c>, or <c>view</c>, of which a dump has the definition only.</param>
/// <param name="Content">Of its documents.</param>
public sealed record DumpedCollection(string Name, string Type, ContentHash Content, DumpedFile Metadata, DumpedFile? Documents);

/// <summary>A dump of a database in the folder format of <c>mongodump --gzip</c>; <c>mongorestore --gzip</c> reads it.</summary>
/// <param name="Skipped">Names of what was left out: MongoDB's own collections, and time series.</param>
public sealed record MongoDump(string Database, IReadOnlyList<DumpedCollection> Collections, IReadOnlyList<string> Skipped)
{
    /// <summary>
    /// Writes <c>&lt;folder&gt;/&lt;database&gt;/&lt;collection&gt;.bson.gz</c> and <c>.metadata.json.gz</c>, which only their owner can read. Like <c>mongodump</c> without its
    /// <c>--oplog</c>, it reads one document after the other while others may write: it is of one moment only when nobody does.
    /// </summary>
    /// <param name="folder">Made when it is not there; files of an earlier dump are written anew.</param>
    /// <exception cref="MongoException">The server refuses, or could not be asked for longer than the options allow.</exception>
    public static async Task<MongoDump> WriteAsync(MongoClient client, string database, string folder, CopyOptions options, CancellationToken cancellationToken)
    {
        var source = client.Database(database);
        var all = await TransientRetry.RunAsync(() => source.ListCollectionsAsync(cancellationToken), options, cancellationToken);
        var writer = new DumpWriter(folder, database, options);
        var wanted = all.Where(IsDumped).OrderBy(Name, StringComparer.Ordinal).ToList();
        var dumped = new DumpedCollection[wanted.Count];
        await Parallel.ForAsync(0, dumped.Length, options.Parallel(cancellationToken), async (index, token) =>
            dumped[index] = await writer.WriteAsync(source.Collection(Name(wanted[index])), wanted[index], token));
        return new MongoDump(database, dumped, [.. all.Where(one => !IsDumped(one)).Select(Name).Order(StringComparer.Ordinal)]);
    }

    private static string Name(BsonDocument description) => description["name"].AsString;

    /// <summary>As <c>mongodump</c> chooses, but for time series, whose buckets are no documents of the user's.</summary>
    private static bool IsDumped(BsonDocument description) =>
        description["type"].AsString is "collection" or "view" && (Name(description) == "system.js" || !Name(description).StartsWith("system.", StringComparison.Ordinal));
}

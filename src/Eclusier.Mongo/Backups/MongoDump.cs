using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Backups;

/// <summary>A file of a dump.</summary>
/// <param name="Path">Below the dump's folder, with slashes.</param>
/// <param name="Bytes">As it is on the disk.</param>
/// <param name="Sha256">Lower-case hex, of what is on the disk.</param>
public sealed record DumpedFile(string Path, long Bytes, string Sha256);

/// <summary>A collection of a dump.</summary>
/// <param name="Type"><c>collection</c>, or <c>view</c>, of which a dump has the definition only.</param>
/// <param name="Content">Of its documents.</param>
public sealed record DumpedCollection(string Name, string Type, ContentHash Content, IReadOnlyList<DumpedFile> Files);

/// <summary>A dump of a database in the folder format of <c>mongodump --gzip</c>; <c>mongorestore --gzip</c> reads it.</summary>
/// <param name="Skipped">Names of what was left out: MongoDB's own collections, and time series.</param>
public sealed record MongoDump(string Database, IReadOnlyList<DumpedCollection> Collections, IReadOnlyList<string> Skipped)
{
    /// <summary>Writes <c>&lt;folder&gt;/&lt;database&gt;/&lt;collection&gt;.bson.gz</c> and <c>.metadata.json.gz</c>, which only their owner can read.</summary>
    /// <param name="folder">Made when it is not there.</param>
    /// <exception cref="MongoException">The server refuses, or could not be asked for longer than the options allow.</exception>
    public static Task<MongoDump> WriteAsync(MongoClient client, string database, string folder, CopyOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Not yet.");
}

using System.Globalization;
using System.IO.Hashing;
using System.Text.Json.Serialization;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Collections;

/// <summary>
/// What a set of documents holds, whatever their order: the sum (mod 2^128) of each document's hash, their count and their bytes. Hashes of parts add up
/// to the hash of the whole. A document's hash is the XXH3 of its bytes (128 bits), so that types and the order of fields count, too. It proves that nothing was lost or altered by
/// accident; against somebody who makes up documents of the same hash, a sum is no proof, whatever is summed up.
/// </summary>
/// <param name="Sum">Mod 2^128.</param>
[JsonConverter(typeof(ContentHashJsonConverter))]
public readonly record struct ContentHash(UInt128 Sum, long Count, long Bytes)
{
    /// <summary>What is written down says how it was hashed.</summary>
    private const string Algorithm = "xxh3";

    /// <summary>Of no documents.</summary>
    public static ContentHash None => default;

    public static ContentHash Of(BsonDocument document) => new(XxHash128.HashToUInt128(document.Bytes.Span), 1, document.Size);

    public static ContentHash Of(IEnumerable<BsonDocument> documents) => documents.Aggregate(None, (sum, document) => sum + Of(document));

    /// <summary>Reads a whole collection, in parallel, through lost cursors and elections; nothing, where there is none.</summary>
    /// <exception cref="MongoException">The server refuses, or could not be asked for longer than the options allow.</exception>
    public static async Task<ContentHash> OfAsync(MongoCollection collection, CopyOptions options, CancellationToken cancellationToken)
    {
        if (await CollectionLayout.FindAsync(collection, options, cancellationToken) is not { } found)
            return None;
        var layout = await found.DividedAsync(collection, options, cancellationToken);
        var parts = new ContentHash[layout.Ranges.Count];
        await options.EachRangeAsync(parts.Length, async (part, token) =>
        {
            await foreach (var batch in new RangeReader(collection, layout, layout.Ranges[part], options) { ReuseMemory = true }.ReadAsync(BsonDocument.Empty, token))
                parts[part] += Of(batch);
        }, cancellationToken);
        return parts.Aggregate(None, (sum, part) => sum + part);
    }

    /// <summary>What <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It did not.</exception>
    /// <exception cref="InvalidInputException">It was written by a version that hashed otherwise.</exception>
    public static ContentHash Parse(string text)
    {
        var parts = text.Split('-');
        return parts switch
        {
            [Algorithm, var sum, var count, var bytes] => new ContentHash(UInt128.Parse(sum, NumberStyles.AllowHexSpecifier), long.Parse(count), long.Parse(bytes)),
            [_, _, _] => throw Earlier(text),
            _ => throw new FormatException("A content hash is written as its algorithm, sum, count and bytes."),
        };
    }

    public static ContentHash operator +(ContentHash left, ContentHash right) =>
        new(unchecked(left.Sum + right.Sum), left.Count + right.Count, left.Bytes + right.Bytes);

    public static ContentHash operator -(ContentHash left, ContentHash right) =>
        new(unchecked(left.Sum - right.Sum), left.Count - right.Count, left.Bytes - right.Bytes);

    /// <summary>32 hexadecimal digits: the sum alone.</summary>
    public string Hex => Sum.ToString("x32");

    /// <summary>The algorithm, the sum in hexadecimal digits, the count and the bytes: <c>xxh3-0123…ef-2787-1048576</c>.</summary>
    public override string ToString() => $"{Algorithm}-{Hex}-{Count}-{Bytes}";

    private static EclusierException Earlier(string text) => new InvalidInputException(
        new Text("This content hash was written by an earlier version of Eclusier, which hashed otherwise.", "Cette empreinte a été écrite par une version antérieure d'Eclusier, qui la calculait autrement."),
        text,
        new Text("Finish or roll back that run with the version that began it; a dump can be restored with `mongorestore --gzip`.", "Terminez ou annulez cette exécution avec la version qui l'a commencée ; une extraction se restaure par `mongorestore --gzip`."));
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Collections;

/// <summary>
/// What a set of documents holds, whatever their order: the sum (mod 2^128) of each document's hash, their count and their bytes. Hashes of parts add up
/// to the hash of the whole. A document's hash is the first half of the SHA-256 of its bytes, so that types and the order of fields count, too.
/// </summary>
/// <param name="Sum">Mod 2^128.</param>
[JsonConverter(typeof(ContentHashJsonConverter))]
public readonly record struct ContentHash(UInt128 Sum, long Count, long Bytes)
{
    /// <summary>Of no documents.</summary>
    public static ContentHash None => default;

    public static ContentHash Of(BsonDocument document)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(document.Bytes.Span, hash);
        return new ContentHash(BinaryPrimitives.ReadUInt128LittleEndian(hash), 1, document.Size);
    }

    public static ContentHash Of(IEnumerable<BsonDocument> documents) => documents.Aggregate(None, (sum, document) => sum + Of(document));

    /// <summary>Reads a whole collection, in parallel, through lost cursors and elections; nothing, where there is none.</summary>
    /// <exception cref="MongoException">The server refuses, or could not be asked for longer than the options allow.</exception>
    public static async Task<ContentHash> OfAsync(MongoCollection collection, CopyOptions options, CancellationToken cancellationToken)
    {
        if (await CollectionLayout.FindAsync(collection, options, cancellationToken) is not { } found)
            return None;
        var layout = await found.DividedAsync(collection, options, cancellationToken);
        var parts = new ContentHash[layout.Ranges.Count];
        await Parallel.ForAsync(0, parts.Length, options.Parallel(cancellationToken), async (part, token) =>
        {
            await foreach (var batch in new RangeReader(collection, layout, layout.Ranges[part], options).ReadAsync(BsonDocument.Empty, token))
                parts[part] += Of(batch);
        });
        return parts.Aggregate(None, (sum, part) => sum + part);
    }

    /// <summary>What <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It did not.</exception>
    public static ContentHash Parse(string text)
    {
        var parts = text.Split('-');
        return parts.Length == 3
            ? new ContentHash(UInt128.Parse(parts[0], NumberStyles.AllowHexSpecifier), long.Parse(parts[1]), long.Parse(parts[2]))
            : throw new FormatException("A content hash is written as its sum, count and bytes.");
    }

    public static ContentHash operator +(ContentHash left, ContentHash right) =>
        new(unchecked(left.Sum + right.Sum), left.Count + right.Count, left.Bytes + right.Bytes);

    public static ContentHash operator -(ContentHash left, ContentHash right) =>
        new(unchecked(left.Sum - right.Sum), left.Count - right.Count, left.Bytes - right.Bytes);

    /// <summary>32 hexadecimal digits: the sum alone.</summary>
    public string Hex => Sum.ToString("x32");

    /// <summary>The sum in hexadecimal digits, the count and the bytes: <c>0123…ef-2787-1048576</c>.</summary>
    public override string ToString() => $"{Hex}-{Count}-{Bytes}";
}

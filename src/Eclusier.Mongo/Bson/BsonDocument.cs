using System.Buffers.Binary;
using System.Collections;
using System.Text;
using System.Text.Json.Serialization;

namespace Eclusier.Mongo.Bson;

/// <summary>
/// A document (or an array: a document whose names count from 0) as the bytes that a server sent or will get. Immutable, as long as nobody
/// changes the memory it was made of. Equal means: the same bytes.
/// </summary>
[JsonConverter(typeof(BsonDocumentJsonConverter))]
public sealed class BsonDocument : IReadOnlyCollection<BsonElement>, IEquatable<BsonDocument>
{
    /// <summary>Bytes that a server accepts in one document.</summary>
    public const int LargestSize = 16 * 1024 * 1024;

    /// <param name="bytes">Kept, not copied.</param>
    /// <exception cref="FormatException">This is not the length of a document. What is inside is looked at when it is read.</exception>
    public BsonDocument(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 5 || BinaryPrimitives.ReadInt32LittleEndian(bytes.Span) != bytes.Length || bytes.Span[^1] != 0)
            throw new FormatException("These bytes are not one BSON document.");
        Bytes = bytes;
    }

    /// <summary>A document without fields.</summary>
    public static BsonDocument Empty { get; } = new(new byte[] { 5, 0, 0, 0, 0 });

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Bytes.</summary>
    public int Size => Bytes.Length;

    public bool IsEmpty => Size == 5;

    /// <summary>Fields; they are counted anew each time.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var _ in this)
                count++;
            return count;
        }
    }

    /// <summary>The first field of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public BsonValue this[string name] => TryGet(name, out var value) ? value : throw new KeyNotFoundException($"There is no field {name}.");

    public static BsonDocument Of(params ReadOnlySpan<(string Name, BsonValue Value)> fields)
    {
        var writer = new BsonWriter();
        foreach (var (name, value) in fields)
            writer.Add(name, value);
        return writer.ToDocument();
    }

    /// <summary>An array's values under the names 0, 1, 2, …</summary>
    public static BsonDocument ArrayOf(IEnumerable<BsonValue> values)
    {
        var writer = new BsonWriter();
        var index = 0;
        foreach (var value in values)
            writer.Add(index++.ToString(), value);
        return writer.ToDocument();
    }

    /// <summary>Reads extended JSON, canonical or relaxed.</summary>
    /// <exception cref="FormatException">It is not JSON, or not a document.</exception>
    public static BsonDocument FromJson(string json) => ExtendedJson.Read(json);

    /// <summary>Extended JSON that keeps every type. A name such as <c>$oid</c> that stands for a type cannot be told from that type when it is read again.</summary>
    /// <exception cref="FormatException">The bytes are not BSON, their text is not UTF-8, or there are more than 200 levels, which no server accepts.</exception>
    public string ToCanonicalJson() => BsonJson.Write(this);

    /// <summary>The first field of this name.</summary>
    /// <returns>Whether there is one; without, the value is <see cref="BsonType.Missing"/>.</returns>
    public bool TryGet(string name, out BsonValue value)
    {
        Span<byte> small = stackalloc byte[256];
        var wanted = name.Length * 3 <= small.Length ? small[..Encoding.UTF8.GetBytes(name, small)] : Encoding.UTF8.GetBytes(name);
        var reader = new BsonReader(Bytes);
        while (reader.Read())
        {
            if (reader.NameBytes.SequenceEqual(wanted))
            {
                value = reader.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>The first field of this name, or <see cref="BsonType.Missing"/>.</summary>
    public BsonValue Get(string name) => TryGet(name, out var value) ? value : default;

    public IEnumerable<BsonValue> Values() => this.Select(element => element.Value);

    public IEnumerator<BsonElement> GetEnumerator()
    {
        var reader = new BsonReader(Bytes);
        while (reader.Read())
            yield return new BsonElement(reader.Name, reader.Value);
    }

    public bool Equals(BsonDocument? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override bool Equals(object? obj) => Equals(obj as BsonDocument);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>For messages: canonical extended JSON, in which text that is not UTF-8 shows its bytes.</summary>
    public override string ToString() => BsonJson.Show(this);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Text.Json;

/// <summary>MongoDB Extended JSON, version 2, canonical: every value tells its type.</summary>
static class ExtendedJson
{
    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number: WriteTyped(json, "$numberInt", number.ToString(CultureInfo.InvariantCulture)); break;
            case long number: WriteTyped(json, "$numberLong", number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: WriteTyped(json, "$numberDouble", Text(number)); break;
            case decimal number: WriteTyped(json, "$numberDecimal", number.ToString(CultureInfo.InvariantCulture)); break;
            case ObjectId id: WriteTyped(json, "$oid", id.ToString()); break;
            case DateTime time: WriteDocument(json, new Document { { "$date", new DateTimeOffset(time).ToUnixTimeMilliseconds() } }); break;
            case byte[] bytes: WriteBinary(json, bytes, "00"); break;
            case Guid id: WriteBinary(json, id.ToByteArray(bigEndian: true), "04"); break;
            case Document document: WriteDocument(json, document); break;
            case IEnumerable values: WriteArray(json, values); break;
            default: throw new NotSupportedException(value.GetType().Name);
        }
    }

    private static string Text(double number) => number.ToString(Math.Floor(number) == number ? "0.0" : "R", CultureInfo.InvariantCulture);

    private static void WriteTyped(Utf8JsonWriter json, string type, string value) => WriteDocument(json, new Document { { type, value } });

    private static void WriteBinary(Utf8JsonWriter json, byte[] bytes, string subType) =>
        WriteDocument(json, new Document { { "$binary", new Document { { "base64", Convert.ToBase64String(bytes) }, { "subType", subType } } } });

    private static void WriteDocument(Utf8JsonWriter json, Document document)
    {
        json.WriteStartObject();
        foreach (var (name, value) in document.Elements)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, IEnumerable values)
    {
        json.WriteStartArray();
        foreach (var value in values)
            Write(json, value);
        json.WriteEndArray();
    }
}

/// <summary>Names and values, in order.</summary>
sealed class Document : IEnumerable
{
    /// <summary>The value of a name that a document does not have.</summary>
    public static readonly object Missing = new();

    public List<(string Name, object? Value)> Elements { get; } = [];

    public void Add(string name, object? value)
    {
        if (value != Missing)
            Elements.Add((name, value));
    }

    IEnumerator IEnumerable.GetEnumerator() => Elements.GetEnumerator();
}

/// <summary>When it was made, which collection it is for, and a counter, where a driver puts time, process and counter.</summary>
readonly record struct ObjectId(DateTime At, int Code, int Counter)
{
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], Counter);
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], Code);
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)new DateTimeOffset(At).ToUnixTimeSeconds());
        bytes[4] = (byte)'m';
        return Convert.ToHexStringLower(bytes);
    }
}

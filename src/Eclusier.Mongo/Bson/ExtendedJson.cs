using System.Globalization;
using System.Text.Json;

namespace Eclusier.Mongo.Bson;

/// <summary>Reads MongoDB's extended JSON, version 2, canonical or relaxed.</summary>
internal static class ExtendedJson
{
    /// <summary>As many levels of documents as a server accepts, and those that a value adds which JSON does not know.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 204 };

    public static BsonDocument Read(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json, Options);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException("This JSON is not a document.");
            return ReadDocument(parsed.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"This is not JSON: {e.Message}", e);
        }
        // A half of a surrogate pair, a value of another type than its name says, a number too large for its type.
        catch (Exception e) when (e is InvalidOperationException or OverflowException or ArgumentException or KeyNotFoundException)
        {
            throw new FormatException($"This extended JSON is not valid: {e.Message}", e);
        }
    }

    private static BsonDocument ReadDocument(JsonElement json)
    {
        var writer = new BsonWriter();
        foreach (var property in json.EnumerateObject())
            writer.Add(property.Name, ReadValue(property.Value));
        return writer.ToDocument();
    }

    private static BsonValue ReadValue(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => ReadObject(json),
        JsonValueKind.Array => BsonValue.Array(json.EnumerateArray().Select(ReadValue)),
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Number => ReadNumber(json),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => BsonValue.Null,
    };

    private static BsonValue ReadNumber(JsonElement json)
    {
        if (json.TryGetInt32(out var small))
            return small;
        if (json.TryGetInt64(out var large))
            return large;
        return json.GetDouble();
    }

    /// <summary>A document, or a value whose type JSON does not have: an object of exactly the names that stand for it.</summary>
    private static BsonValue ReadObject(JsonElement json)
    {
        var properties = json.EnumerateObject();
        if (!properties.MoveNext() || !properties.Current.Name.StartsWith('$'))
            return ReadDocument(json);
        var first = properties.Current.Value;
        var names = string.Join(' ', json.EnumerateObject().Take(3).Select(property => property.Name).Order(StringComparer.Ordinal));
        return names switch
        {
            "$oid" => ObjectId.Parse(first.GetString()!),
            "$symbol" => new BsonValue(BsonType.Symbol, ((BsonValue)first.GetString()!).Bytes),
            "$numberInt" => int.Parse(first.GetString()!, NumberStyles.AllowLeadingSign),
            "$numberLong" => long.Parse(first.GetString()!, NumberStyles.AllowLeadingSign),
            "$numberDouble" => ReadDouble(first.GetString()!),
            "$numberDecimal" => Decimal128.Parse(first.GetString()!),
            "$binary" => ReadBinary(first.GetProperty("base64").GetBytesFromBase64(), ReadSubtype(first.GetProperty("subType").GetString()!)),
            "$uuid" => BsonValue.Binary(first.GetGuid().ToByteArray(bigEndian: true), 4),
            "$code" => new BsonValue(BsonType.JavaScript, ((BsonValue)first.GetString()!).Bytes),
            "$code $scope" => ReadCodeWithScope(json.GetProperty("$code").GetString()!, json.GetProperty("$scope")),
            "$timestamp" => BsonValue.Timestamp(((ulong)first.GetProperty("t").GetUInt32() << 32) | first.GetProperty("i").GetUInt32()),
            "$regularExpression" => ReadRegex(OfTwo(first)),
            "$dbPointer" => ReadPointer(OfTwo(first)),
            "$date" => ReadDate(first),
            "$minKey" when first.GetInt32() == 1 => BsonValue.MinKey,
            "$maxKey" when first.GetInt32() == 1 => BsonValue.MaxKey,
            "$minKey" or "$maxKey" => throw new FormatException($"The value of {names} is always 1."),
            "$undefined" => new BsonValue(BsonType.Undefined, default),
            _ => ReadDocument(json),
        };
    }

    /// <summary>What stands for a value has no other fields.</summary>
    private static JsonElement OfTwo(JsonElement json) => json.EnumerateObject().Count() == 2
        ? json
        : throw new FormatException("A value in extended JSON has fields of its own, and no others.");

    /// <summary>Options in the order of the alphabet (specification: BSON).</summary>
    private static BsonValue ReadRegex(JsonElement json) =>
        BsonValue.Regex(json.GetProperty("pattern").GetString()!, string.Concat(json.GetProperty("options").GetString()!.Order()));

    private static double ReadDouble(string text) => text switch
    {
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    /// <summary>Of the old subtype 2 the length stands inside the bytes once more, and not in JSON.</summary>
    private static BsonValue ReadBinary(byte[] bytes, byte subtype) =>
        BsonValue.Binary(subtype == 2 ? [.. BitConverter.GetBytes(bytes.Length), .. bytes] : bytes, subtype);

    private static byte ReadSubtype(string hex) => byte.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static BsonValue ReadDate(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? json.GetDateTimeOffset()
        : BsonValue.DateTime(long.Parse(json.GetProperty("$numberLong").GetString()!, NumberStyles.AllowLeadingSign));

    private static BsonValue ReadPointer(JsonElement json)
    {
        BsonValue name = json.GetProperty("$ref").GetString()!;
        var id = ObjectId.Parse(json.GetProperty("$id").GetProperty("$oid").GetString()!);
        return new BsonValue(BsonType.DbPointer, (byte[])[.. name.Bytes.Span, .. id.ToArray()]);
    }

    private static BsonValue ReadCodeWithScope(string code, JsonElement scope)
    {
        byte[] inside = [.. ((BsonValue)code).Bytes.Span, .. ReadDocument(scope).Bytes.Span];
        return new BsonValue(BsonType.JavaScriptWithScope, (byte[])[.. BitConverter.GetBytes(inside.Length + 4), .. inside]);
    }
}

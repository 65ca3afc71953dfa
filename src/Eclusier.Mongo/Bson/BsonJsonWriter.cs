using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Eclusier.Mongo.Bson;

/// <summary>
/// Builds extended JSON, laid out as libbson does (<c>{ "a" : 1 }</c>): texts that earlier versions wrote down are compared with it. Not thread-safe.
/// </summary>
/// <param name="escapesInvalidText">Else text that is not UTF-8 is an error.</param>
internal sealed class BsonJsonWriter(bool escapesInvalidText)
{
    /// <summary>Levels of documents that a server accepts.</summary>
    private const int DeepestLevel = 200;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    private readonly StringBuilder _json = new();
    private int _level;

    public override string ToString() => _json.ToString();

    /// <summary>A document that stands for itself.</summary>
    public void Document(ReadOnlyMemory<byte> document)
    {
        if (document.Length == 5)
            _json.Append("{ }");
        else
            Fields(document, '{', '}', isArray: false);
    }

    public void Value(BsonValue value)
    {
        var bytes = value.Bytes.Span;
        switch (value.Type)
        {
            case BsonType.Double:
                Wrapped("$numberDouble", Number(value.AsDouble));
                break;
            case BsonType.String:
                Text(StringBytes(bytes));
                break;
            case BsonType.Document:
                Fields(value.Bytes, '{', '}', isArray: false);
                break;
            case BsonType.Array:
                Fields(value.Bytes, '[', ']', isArray: true);
                break;
            case BsonType.Binary:
                Binary(value);
                break;
            case BsonType.Undefined:
                _json.Append("{ \"$undefined\" : true }");
                break;
            case BsonType.ObjectId:
                Wrapped("$oid", value.AsObjectId.ToString());
                break;
            case BsonType.Boolean:
                _json.Append(bytes[0] switch { 0 => "false", 1 => "true", var other => throw new FormatException($"A boolean cannot be {other}.") });
                break;
            case BsonType.DateTime:
                _json.Append("{ \"$date\" : ");
                Wrapped("$numberLong", value.AsMilliseconds.ToString(CultureInfo.InvariantCulture));
                _json.Append(" }");
                break;
            case BsonType.Null:
                _json.Append("null");
                break;
            case BsonType.Regex:
                Regex(bytes);
                break;
            case BsonType.DbPointer:
                Pointer(bytes);
                break;
            case BsonType.JavaScript:
                Wrapped("$code", StringBytes(bytes));
                break;
            case BsonType.Symbol:
                Wrapped("$symbol", StringBytes(bytes));
                break;
            case BsonType.JavaScriptWithScope:
                CodeWithScope(value.Bytes);
                break;
            case BsonType.Int32:
                Wrapped("$numberInt", value.AsInt32.ToString(CultureInfo.InvariantCulture));
                break;
            case BsonType.Timestamp:
                _json.Append(
                    CultureInfo.InvariantCulture, $"{{ \"$timestamp\" : {{ \"t\" : {value.AsTimestamp >> 32}, \"i\" : {(uint)value.AsTimestamp} }} }}");
                break;
            case BsonType.Int64:
                Wrapped("$numberLong", value.AsInt64.ToString(CultureInfo.InvariantCulture));
                break;
            case BsonType.Decimal128:
                Wrapped("$numberDecimal", value.AsDecimal128.ToString());
                break;
            case BsonType.MaxKey:
                _json.Append("{ \"$maxKey\" : 1 }");
                break;
            case BsonType.MinKey:
                _json.Append("{ \"$minKey\" : 1 }");
                break;
            default:
                throw new FormatException($"There is no BSON type {(byte)value.Type}.");
        }
    }

    /// <summary>The shortest text that reads as this number, and never as a whole one.</summary>
    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAnyExceptInRange('0', '9') && text.AsSpan(1).ContainsAnyExceptInRange('0', '9') ? text : $"{text}.0";
    }

    /// <summary>Without its length and the zero at its end.</summary>
    private static ReadOnlySpan<byte> StringBytes(ReadOnlySpan<byte> value) =>
        value[^1] == 0 && BinaryPrimitives.ReadInt32LittleEndian(value) == value.Length - sizeof(int)
            ? value[sizeof(int)..^1]
            : throw new FormatException("A text does not end where its length says.");

    private void Fields(ReadOnlyMemory<byte> document, char begin, char end, bool isArray)
    {
        if (++_level > DeepestLevel)
            throw new FormatException($"This document cannot be written as JSON: it has more than {DeepestLevel} levels.");
        _json.Append(begin).Append(' ');
        // Checks the length, too.
        var reader = new BsonReader(new BsonDocument(document).Bytes);
        for (var isFirst = true; reader.Read(); isFirst = false)
        {
            if (!isFirst)
                _json.Append(", ");
            if (!isArray)
            {
                Text(reader.NameBytes);
                _json.Append(" : ");
            }
            Value(reader.Value);
        }
        _json.Append(' ').Append(end);
        _level--;
    }

    /// <summary>Of the old subtype 2 the length stands inside the bytes once more, and not in JSON.</summary>
    private void Binary(BsonValue value)
    {
        var bytes = value.AsBinary.Span;
        if (value.AsBinarySubtype == 2)
        {
            if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes) != bytes.Length - sizeof(int))
                throw new FormatException("A binary value of subtype 2 has another length inside.");
            bytes = bytes[sizeof(int)..];
        }
        _json.Append(
            CultureInfo.InvariantCulture, $"{{ \"$binary\" : {{ \"base64\" : \"{Convert.ToBase64String(bytes)}\", \"subType\" : \"{value.AsBinarySubtype:x2}\" }} }}");
    }

    /// <summary>Options in the order of the alphabet (specification: BSON).</summary>
    private void Regex(ReadOnlySpan<byte> bytes)
    {
        var end = BsonFormat.NameLength(bytes);
        _json.Append("{ \"$regularExpression\" : { \"pattern\" : ");
        Text(bytes[..end]);
        _json.Append(", \"options\" : ");
        var options = bytes[(end + 1)..^1].ToArray();
        Array.Sort(options);
        Text(options);
        _json.Append(" } }");
    }

    private void Pointer(ReadOnlySpan<byte> bytes)
    {
        const int id = 12;
        _json.Append("{ \"$dbPointer\" : { \"$ref\" : ");
        Text(StringBytes(bytes[..^id]));
        _json.Append(", \"$id\" : ");
        Wrapped("$oid", new ObjectId(bytes[^id..]).ToString());
        _json.Append(" } }");
    }

    private void CodeWithScope(ReadOnlyMemory<byte> bytes)
    {
        var inside = bytes[sizeof(int)..];
        var code = inside[..BsonFormat.ValueSize(BsonType.JavaScript, inside.Span)];
        _json.Append("{ \"$code\" : ");
        Text(StringBytes(code.Span));
        _json.Append(", \"$scope\" : ");
        Document(new BsonDocument(inside[code.Length..]).Bytes);
        _json.Append(" }");
    }

    private void Wrapped(string name, string value) => _json.Append("{ \"").Append(name).Append("\" : \"").Append(value).Append("\" }");

    private void Wrapped(string name, ReadOnlySpan<byte> text)
    {
        _json.Append("{ \"").Append(name).Append("\" : ");
        Text(text);
        _json.Append(" }");
    }

    private void Text(ReadOnlySpan<byte> utf8)
    {
        _json.Append('"');
        Escape(Decoded(utf8));
        _json.Append('"');
    }

    private string Decoded(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException error)
        {
            return escapesInvalidText ? Shown(utf8) : throw new FormatException("This document cannot be written as JSON: its text is not UTF-8.", error);
        }
    }

    private static string Shown(ReadOnlySpan<byte> utf8)
    {
        var shown = new StringBuilder();
        while (!utf8.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(utf8, out var rune, out var consumed) == OperationStatus.Done)
                shown.Append(rune.ToString());
            else
                shown.Append("\\x").Append(Convert.ToHexStringLower(utf8[..consumed]));
            utf8 = utf8[consumed..];
        }
        return shown.ToString();
    }

    private void Escape(ReadOnlySpan<char> text)
    {
        for (var next = text.IndexOfAny(Escaped); next >= 0; next = text.IndexOfAny(Escaped))
        {
            _json.Append(text[..next]);
            _ = text[next] switch
            {
                '"' => _json.Append("\\\""),
                '\\' => _json.Append("\\\\"),
                '\b' => _json.Append("\\b"),
                '\f' => _json.Append("\\f"),
                '\n' => _json.Append("\\n"),
                '\r' => _json.Append("\\r"),
                '\t' => _json.Append("\\t"),
                var control => _json.Append(CultureInfo.InvariantCulture, $"\\u{(int)control:x4}"),
            };
            text = text[(next + 1)..];
        }
        _json.Append(text);
    }
}

using System.Text;
using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Bson;

/// <summary>Writes canonical extended JSON, by libbson. It is read by <see cref="ExtendedJson"/>: libbson 1.23 takes the operator <c>$type</c> for half a binary value.</summary>
internal static unsafe class BsonJson
{
    /// <summary>Levels of documents that a server accepts, and libbson writes; it puts three dots in the place of deeper ones, without a word.</summary>
    private const int DeepestLevel = 200;

    public static string Write(BsonDocument document)
    {
        if (!IsWithin(document.Bytes, DeepestLevel))
            throw new FormatException($"This document cannot be written as JSON: it has more than {DeepestLevel} levels.");
        using var view = new NativeBsonView(document);
        nuint length = 0;
        var text = LibBson.bson_as_canonical_extended_json(view.Pointer, &length);
        if (text == null)
            throw new FormatException("This document cannot be written as JSON: it is not BSON, or its text is not UTF-8.");
        try
        {
            return Encoding.UTF8.GetString(text, checked((int)length));
        }
        finally
        {
            LibBson.bson_free(text);
        }
    }

    private static bool IsWithin(ReadOnlyMemory<byte> document, int levels)
    {
        if (levels == 0)
            return false;
        var reader = new BsonReader(document);
        while (reader.Read())
        {
            if (reader.Type is BsonType.Document or BsonType.Array && !IsWithin(reader.Value.Bytes, levels - 1))
                return false;
        }
        return true;
    }
}

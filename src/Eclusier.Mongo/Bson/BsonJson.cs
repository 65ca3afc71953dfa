using System.Text;
using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Bson;

/// <summary>Writes canonical extended JSON, by libbson. It is read by <see cref="ExtendedJson"/>: libbson 1.23 takes the operator <c>$type</c> for half a binary value.</summary>
internal static unsafe class BsonJson
{
    public static string Write(BsonDocument document)
    {
        using var view = new NativeBsonView(document);
        nuint length = 0;
        var text = LibBson.bson_as_canonical_extended_json(view.Pointer, &length);
        if (text == null)
            throw new FormatException("This document cannot be written as JSON: it is not BSON, or nested too deeply.");
        try
        {
            return Encoding.UTF8.GetString(text, checked((int)length));
        }
        finally
        {
            LibBson.bson_free(text);
        }
    }
}

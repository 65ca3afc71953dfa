using System.Text;
using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Bson;

/// <summary>Extended JSON, read and written by libbson.</summary>
internal static unsafe class BsonJson
{
    public static BsonDocument Read(string json)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var error = new NativeError();
        NativeBson* document;
        fixed (byte* start = text)
            document = LibBson.bson_new_from_json(start, text.Length, &error);
        if (document == null)
            throw new FormatException(error.Message is { Length: > 0 } message ? message : "This is not a JSON document.");
        try
        {
            return document->ToDocument();
        }
        finally
        {
            LibBson.bson_destroy(document);
        }
    }

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

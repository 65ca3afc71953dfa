using System.Runtime.InteropServices;

namespace Eclusier.Mongo.Driver.Native;

/// <summary>The functions of libbson 1.x that we call, under their own names (https://mongoc.org/libbson).</summary>
internal static unsafe class LibBson
{
    private const string Library = NativeLibraries.Bson;

    /// <returns>Zero: these are not a document's bytes.</returns>
    [DllImport(Library, ExactSpelling = true)]
    public static extern byte bson_init_static(NativeBson* document, byte* data, nuint length);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void bson_init(NativeBson* document);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void bson_destroy(NativeBson* document);

    [DllImport(Library, ExactSpelling = true)]
    [SuppressGCTransition]
    public static extern byte* bson_get_data(NativeBson* document);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte* bson_as_canonical_extended_json(NativeBson* document, nuint* length);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void bson_free(void* memory);
}

using System.Buffers;
using System.Runtime.InteropServices;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver.Native;

/// <summary>The public beginning of <c>bson_t</c>, which has 128 bytes and is aligned to as many.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeBson
{
    public const int Bytes = 128;

    private readonly uint _flags;
    private readonly uint _length;

    /// <summary>The bytes, which belong to libbson.</summary>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            fixed (NativeBson* self = &this)
                return new ReadOnlySpan<byte>(LibBson.bson_get_data(self), checked((int)_length));
        }
    }

    public BsonDocument ToDocument() => new(Span.ToArray());
}

/// <summary>A managed document as libbson reads it, without a copy.</summary>
internal sealed unsafe class NativeBsonView : IDisposable
{
    private MemoryHandle _pin;

    /// <exception cref="FormatException">libbson does not take it for a document.</exception>
    public NativeBsonView(BsonDocument document)
    {
        _pin = document.Bytes.Pin();
        Pointer = (NativeBson*)NativeMemory.AlignedAlloc(NativeBson.Bytes, NativeBson.Bytes);
        if (LibBson.bson_init_static(Pointer, (byte*)_pin.Pointer, (nuint)document.Size) != 0)
            return;
        Dispose();
        throw new FormatException("These bytes are not one BSON document.");
    }

    public NativeBson* Pointer { get; private set; }

    /// <summary>Lets the same object stand for another document: a million views are a million allocations otherwise.</summary>
    public void Show(BsonDocument document)
    {
        _pin.Dispose();
        _pin = document.Bytes.Pin();
        if (LibBson.bson_init_static(Pointer, (byte*)_pin.Pointer, (nuint)document.Size) == 0)
            throw new FormatException("These bytes are not one BSON document.");
    }

    public void Dispose()
    {
        _pin.Dispose();
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}

/// <summary>Room for a reply that libmongoc writes.</summary>
internal sealed unsafe class NativeReply : IDisposable
{
    public NativeReply()
    {
        Pointer = (NativeBson*)NativeMemory.AlignedAlloc(NativeBson.Bytes, NativeBson.Bytes);
        LibBson.bson_init(Pointer);
    }

    public NativeBson* Pointer { get; private set; }

    public void Dispose()
    {
        if (Pointer == null)
            return;
        LibBson.bson_destroy(Pointer);
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}

using System.Runtime.InteropServices;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver.Native;

/// <summary><c>mongoc_cursor_t</c> and the client it lives on. Closed while a call still runs, it goes when that call ends.</summary>
internal sealed unsafe class NativeCursor : SafeHandle
{
    /// <summary>Small documents share memory, in pieces that the garbage collector still takes for small.</summary>
    private const int SlabBytes = 64 * 1024;

    private readonly ClientLease _lease;
    private Memory<byte> _slab;
    private bool _atEnd;

    private NativeCursor(ClientLease lease)
        : base(0, ownsHandle: true) => _lease = lease;

    /// <summary>Makes a cursor of a client; the server is asked when the first batch is.</summary>
    public delegate nint Opening(nint client);

    public override bool IsInvalid => handle == 0;

    public static NativeCursor Open(ClientPool pool, Opening opening)
    {
        var lease = pool.Lease();
        var cursor = new NativeCursor(lease);
        try
        {
            cursor.SetHandle(opening(lease.Client));
            return cursor;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>The next documents; none at the end.</summary>
    /// <param name="count">At most so many.</param>
    /// <param name="bytes">Stops after the document that goes beyond.</param>
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    public List<BsonDocument> Next(int count, int bytes)
    {
        var added = false;
        DangerousAddRef(ref added);
        try
        {
            return Read(count, bytes);
        }
        finally
        {
            DangerousRelease();
        }
    }

    protected override bool ReleaseHandle()
    {
        LibMongoc.mongoc_cursor_destroy((void*)handle);
        _lease.Dispose();
        return true;
    }

    private List<BsonDocument> Read(int count, int bytes)
    {
        var documents = new List<BsonDocument>();
        NativeBson* document;
        // A cursor at its end must not be asked again.
        while (!_atEnd && documents.Count < count && bytes > 0)
        {
            _atEnd = LibMongoc.mongoc_cursor_next((void*)handle, &document) == 0;
            if (_atEnd)
                break;
            var copy = Copy(document->Span);
            bytes -= copy.Size;
            documents.Add(copy);
        }
        var error = new NativeError();
        if (_atEnd && LibMongoc.mongoc_cursor_error_document((void*)handle, &error, &document) != 0)
            throw new MongoException(error, document == null ? null : document->ToDocument());
        return documents;
    }

    private BsonDocument Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > SlabBytes / 4)
            return new BsonDocument(bytes.ToArray());
        if (bytes.Length > _slab.Length)
            _slab = new byte[SlabBytes];
        var place = _slab[..bytes.Length];
        bytes.CopyTo(place.Span);
        _slab = _slab[bytes.Length..];
        return new BsonDocument(place);
    }
}

using System.Runtime.InteropServices;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver.Native;

/// <summary><c>mongoc_cursor_t</c> and the client it lives on. Closed while a call still runs, it goes when that call ends.</summary>
internal sealed unsafe class NativeCursor : SafeHandle
{
    private readonly ClientLease _lease;
    private readonly BatchMemory _memory;
    private bool _atEnd;

    private NativeCursor(ClientLease lease, BatchMemory memory)
        : base(0, ownsHandle: true) => (_lease, _memory) = (lease, memory);

    /// <summary>Makes a cursor of a client; the server is asked when the first batch is.</summary>
    public delegate nint Opening(nint client);

    public override bool IsInvalid => handle == 0;

    public static NativeCursor Open(ClientPool pool, Opening opening, bool reuseMemory)
    {
        var lease = pool.Lease();
        var cursor = new NativeCursor(lease, new BatchMemory(reuseMemory));
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
        _memory.NextBatch();
        NativeBson* document;
        // A cursor at its end must not be asked again.
        while (!_atEnd && documents.Count < count && bytes > 0)
        {
            _atEnd = LibMongoc.mongoc_cursor_next((void*)handle, &document) == 0;
            if (_atEnd)
                break;
            var copy = new BsonDocument(_memory.Copy(document->Span));
            bytes -= copy.Size;
            documents.Add(copy);
        }
        var error = new NativeError();
        if (_atEnd && LibMongoc.mongoc_cursor_error_document((void*)handle, &error, &document) != 0)
            throw new MongoException(error, document == null ? null : document->ToDocument());
        return documents;
    }
}

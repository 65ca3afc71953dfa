using System.Runtime.InteropServices;

namespace Eclusier.Mongo.Driver.Native;

/// <summary><c>mongoc_client_pool_t</c>: thread-safe, monitors the servers on a thread of its own. Goes when nobody holds a client any more.</summary>
internal sealed unsafe class ClientPool : SafeHandle
{
    /// <summary>Errors of a server keep the server's own code.</summary>
    private const int ErrorApi = 2;

    private static readonly Lazy<bool> Started = new(Start);

    private ClientPool(nint pool)
        : base(0, ownsHandle: true) => SetHandle(pool);

    public override bool IsInvalid => handle == 0;

    /// <summary>Looks up the servers of a mongodb+srv address; opens no connection yet.</summary>
    /// <exception cref="MongoException">The connection string is not valid, or its host is not in the DNS.</exception>
    public static ClientPool Open(DatabaseUrl url, MongoClientOptions options)
    {
        _ = Started.Value;
        var error = new NativeError();
        var parsed = LibMongoc.mongoc_uri_new_with_error(url.Reveal(), &error);
        if (parsed == null)
            throw new MongoException(error, null);
        try
        {
            SetDefaults(parsed, options);
            var pool = LibMongoc.mongoc_client_pool_new_with_error(parsed, &error);
            if (pool == null)
                throw new MongoException(error, null);
            LibMongoc.mongoc_client_pool_set_error_api(pool, ErrorApi);
            return new ClientPool((nint)pool);
        }
        finally
        {
            LibMongoc.mongoc_uri_destroy(parsed);
        }
    }

    /// <summary>Waits for a client that nobody uses.</summary>
    /// <exception cref="MongoException">All of them (<c>maxPoolSize</c>) stayed in use.</exception>
    public ClientLease Lease()
    {
        var added = false;
        DangerousAddRef(ref added);
        var client = LibMongoc.mongoc_client_pool_pop((void*)handle);
        if (client != null)
            return new ClientLease(this, (nint)client);
        DangerousRelease();
        throw new MongoException(MongoErrorDomain.Client, "All of the connection pool's clients stayed in use (maxPoolSize, waitQueueTimeoutMS).");
    }

    /// <summary>Gives a client back.</summary>
    public void Return(nint client)
    {
        LibMongoc.mongoc_client_pool_push((void*)handle, (void*)client);
        DangerousRelease();
    }

    protected override bool ReleaseHandle()
    {
        LibMongoc.mongoc_client_pool_destroy((void*)handle);
        return true;
    }

    private static void SetDefaults(void* url, MongoClientOptions options)
    {
        if (LibMongoc.mongoc_uri_get_appname(url) == null)
            LibMongoc.mongoc_uri_set_appname(url, options.AppName);
        SetDefault("socketTimeoutMS", options.SocketTimeout);
        SetDefault("connectTimeoutMS", options.ConnectTimeout);
        SetDefault("serverSelectionTimeoutMS", options.ServerSelectionTimeout);
        // Without a limit, one more cursor than maxPoolSize would wait for ever.
        SetDefault("waitQueueTimeoutMS", options.ServerSelectionTimeout);

        void SetDefault(string option, TimeSpan value)
        {
            if (LibMongoc.mongoc_uri_get_option_as_int32(url, option, 0) == 0)
                LibMongoc.mongoc_uri_set_option_as_int32(url, option, (int)Math.Min(value.TotalMilliseconds, int.MaxValue));
        }
    }

    private static bool Start()
    {
        LibMongoc.mongoc_init();
        // It would write to stderr, connection strings included.
        LibMongoc.mongoc_log_set_handler(null, null);
        return true;
    }
}

/// <summary>One client, for one thread at a time.</summary>
internal sealed class ClientLease(ClientPool pool, nint client) : IDisposable
{
    public nint Client => client;

    public void Dispose() => pool.Return(client);
}

using System.Runtime.InteropServices;

namespace Eclusier.Mongo.Driver.Native;

/// <summary>The functions of libmongoc 1.x that we call, under their own names (https://mongoc.org/libmongoc).</summary>
internal static unsafe class LibMongoc
{
    private const string Library = NativeLibraries.Mongoc;

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_init();

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_log_set_handler(void* handler, void* data);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_uri_new_with_error([MarshalAs(UnmanagedType.LPUTF8Str)] string url, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_uri_destroy(void* url);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte* mongoc_uri_get_appname(void* url);

    [DllImport(Library, ExactSpelling = true)]
    public static extern int mongoc_uri_get_option_as_int32(void* url, [MarshalAs(UnmanagedType.LPUTF8Str)] string option, int fallback);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_uri_set_option_as_int32(void* url, [MarshalAs(UnmanagedType.LPUTF8Str)] string option, int value);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_uri_set_appname(void* url, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_client_pool_new_with_error(void* url, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_client_pool_destroy(void* pool);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_client_pool_set_error_api(void* pool, int version);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_client_pool_pop(void* pool);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_client_pool_push(void* pool, void* client);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_client_command_simple(void* client, [MarshalAs(UnmanagedType.LPUTF8Str)] string database, NativeBson* command, void* readPreference, NativeBson* reply, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_client_read_command_with_opts(void* client, [MarshalAs(UnmanagedType.LPUTF8Str)] string database, NativeBson* command, void* readPreference, NativeBson* options, NativeBson* reply, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_client_write_command_with_opts(void* client, [MarshalAs(UnmanagedType.LPUTF8Str)] string database, NativeBson* command, NativeBson* options, NativeBson* reply, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_client_get_collection(void* client, [MarshalAs(UnmanagedType.LPUTF8Str)] string database, [MarshalAs(UnmanagedType.LPUTF8Str)] string collection);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_collection_destroy(void* collection);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_collection_find_with_opts(void* collection, NativeBson* filter, NativeBson* options, void* readPreference);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_collection_aggregate(void* collection, int flags, NativeBson* pipeline, NativeBson* options, void* readPreference);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_collection_find_indexes_with_opts(void* collection, NativeBson* options);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_client_get_database(void* client, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_database_destroy(void* database);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_database_find_collections_with_opts(void* database, NativeBson* options);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_cursor_next(void* cursor, NativeBson** document);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_cursor_error_document(void* cursor, NativeError* error, NativeBson** reply);

    /// <summary>Kills the cursor on the server, when it is still open there.</summary>
    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_cursor_destroy(void* cursor);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void* mongoc_collection_create_bulk_operation_with_opts(void* collection, NativeBson* options);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_bulk_operation_set_bypass_document_validation(void* bulk, byte bypass);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void mongoc_bulk_operation_destroy(void* bulk);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_bulk_operation_insert_with_opts(void* bulk, NativeBson* document, NativeBson* options, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_bulk_operation_replace_one_with_opts(void* bulk, NativeBson* filter, NativeBson* document, NativeBson* options, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_bulk_operation_update_one_with_opts(void* bulk, NativeBson* filter, NativeBson* document, NativeBson* options, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_bulk_operation_update_many_with_opts(void* bulk, NativeBson* filter, NativeBson* document, NativeBson* options, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_bulk_operation_remove_one_with_opts(void* bulk, NativeBson* filter, NativeBson* options, NativeError* error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte mongoc_bulk_operation_remove_many_with_opts(void* bulk, NativeBson* filter, NativeBson* options, NativeError* error);

    /// <returns>The server's id; zero when anything went wrong.</returns>
    [DllImport(Library, ExactSpelling = true)]
    public static extern uint mongoc_bulk_operation_execute(void* bulk, NativeBson* reply, NativeError* error);
}

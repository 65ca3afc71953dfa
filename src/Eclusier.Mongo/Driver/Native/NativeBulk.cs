using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver.Native;

/// <summary>Sends writes together, split by libmongoc into messages that the server accepts.</summary>
internal static unsafe class NativeBulk
{
    /// <summary>Documents are copied as they are: what a server holds, it can hold again, dots and dollars included.</summary>
    private static readonly BsonDocument AsIs = BsonDocument.Of(("validate", false));
    private static readonly BsonDocument AsIsUpsert = BsonDocument.Of(("validate", false), ("upsert", true));
    private static readonly BsonDocument Upsert = BsonDocument.Of(("upsert", true));

    /// <returns>The server's count, and what it refused (<c>writeErrors</c>).</returns>
    /// <exception cref="MongoException">Something else went wrong; the writes may be done in part.</exception>
    public static BsonDocument Run(ClientPool pool, MongoNamespace target, IReadOnlyList<MongoWrite> writes, WriteOptions options)
    {
        using var lease = pool.Lease();
        var collection = LibMongoc.mongoc_client_get_collection((void*)lease.Client, target.Database, target.Collection);
        using var optionsView = new NativeBsonView(BsonDocument.Of(("ordered", options.Ordered)));
        var bulk = LibMongoc.mongoc_collection_create_bulk_operation_with_opts(collection, optionsView.Pointer);
        if (options.BypassValidation)
            LibMongoc.mongoc_bulk_operation_set_bypass_document_validation(bulk, 1);
        try
        {
            AddAll(bulk, writes);
            return Execute(bulk);
        }
        finally
        {
            LibMongoc.mongoc_bulk_operation_destroy(bulk);
            LibMongoc.mongoc_collection_destroy(collection);
        }
    }

    private static BsonDocument Execute(void* bulk)
    {
        using var reply = new NativeReply();
        var error = new NativeError();
        var server = LibMongoc.mongoc_bulk_operation_execute(bulk, reply.Pointer, &error);
        var answer = reply.Pointer->ToDocument();
        var refused = answer.Get("writeErrors") is { Type: BsonType.Array } errors && !errors.AsDocument.IsEmpty;
        return server != 0 || (refused && (MongoErrorDomain)error.Domain is MongoErrorDomain.Server or MongoErrorDomain.Command)
            ? answer
            : throw new MongoException(error, answer);
    }

    private static void AddAll(void* bulk, IReadOnlyList<MongoWrite> writes)
    {
        using var views = new Views();
        foreach (var write in writes)
        {
            var error = new NativeError();
            if (Add(bulk, write, views, &error) == 0)
                throw new MongoException(error, null);
        }
    }

    private static byte Add(void* bulk, MongoWrite write, Views views, NativeError* error) => write switch
    {
        InsertOne insert => LibMongoc.mongoc_bulk_operation_insert_with_opts(bulk, views.First(insert.Document), views.Options(AsIs), error),
        ReplaceOne replace => LibMongoc.mongoc_bulk_operation_replace_one_with_opts(
            bulk, views.First(replace.Filter), views.Second(replace.Replacement), views.Options(replace.Upsert ? AsIsUpsert : AsIs), error),
        UpdateOne update => LibMongoc.mongoc_bulk_operation_update_one_with_opts(
            bulk, views.First(update.Filter), views.Second(update.Update), views.Options(update.Upsert ? Upsert : BsonDocument.Empty), error),
        UpdateMany update => LibMongoc.mongoc_bulk_operation_update_many_with_opts(
            bulk, views.First(update.Filter), views.Second(update.Update), views.Options(update.Upsert ? Upsert : BsonDocument.Empty), error),
        DeleteOne delete => LibMongoc.mongoc_bulk_operation_remove_one_with_opts(bulk, views.First(delete.Filter), views.Options(BsonDocument.Empty), error),
        DeleteMany delete => LibMongoc.mongoc_bulk_operation_remove_many_with_opts(bulk, views.First(delete.Filter), views.Options(BsonDocument.Empty), error),
        _ => throw new ArgumentException($"{write.GetType().Name} is not a write.", nameof(write)),
    };

    /// <summary>What one call needs; used again for each, since libmongoc copies.</summary>
    private sealed class Views : IDisposable
    {
        private readonly NativeBsonView _first = new(BsonDocument.Empty);
        private readonly NativeBsonView _second = new(BsonDocument.Empty);
        private readonly NativeBsonView _options = new(BsonDocument.Empty);
        private BsonDocument _shown = BsonDocument.Empty;

        public NativeBson* First(BsonDocument document) => Show(_first, document);

        public NativeBson* Second(BsonDocument document) => Show(_second, document);

        /// <summary>Nearly always those of the write before.</summary>
        public NativeBson* Options(BsonDocument document)
        {
            if (ReferenceEquals(document, _shown))
                return _options.Pointer;
            _shown = document;
            return Show(_options, document);
        }

        public void Dispose()
        {
            _first.Dispose();
            _second.Dispose();
            _options.Dispose();
        }

        private static NativeBson* Show(NativeBsonView view, BsonDocument document)
        {
            view.Show(document);
            return view.Pointer;
        }
    }
}

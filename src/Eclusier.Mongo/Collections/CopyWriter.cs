using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Collections;

/// <summary>Documents as the target stores them, in the order given.</summary>
/// <param name="Present">How many were there already.</param>
internal sealed record WrittenBatch(IReadOnlyList<BsonDocument> Documents, TransformCounts Counts, long Present);

/// <summary>Inserts documents so that doing it again does no harm. Thread-safe.</summary>
/// <param name="hasValidator">Whether the target has one, to be passed by: otherwise no right to do so is needed.</param>
internal sealed class CopyWriter(MongoCollection target, bool hasValidator, CopyOptions options)
{
    private const int DuplicateKey = 11000;

    /// <summary>Not in order: a document that is there does not keep the next ones out.</summary>
    private readonly WriteOptions _insertion = new(Ordered: false, BypassValidation: hasValidator);

    public async Task<WrittenBatch> WriteAsync(IReadOnlyList<BsonDocument> documents, CancellationToken cancellationToken)
    {
        if (documents.FirstOrDefault(document => document.Size > BsonDocument.LargestSize) is { } giant)
            throw TooLarge(giant);
        var result = await TransientRetry.RunAsync(() => target.InsertAsync(documents, _insertion, cancellationToken), options, cancellationToken);
        var refused = Refused(result, documents);
        var stamped = documents.Where(EmptyTimestamp.Is).ToList();
        if (refused.Count + stamped.Count == 0)
            return new WrittenBatch(documents, TransformCounts.None, 0);
        var stored = await StoredAsync(refused.Concat(stamped), cancellationToken);
        foreach (var document in refused)
            Compare(document, stored.GetValueOrDefault(document["_id"]));
        return new WrittenBatch(
            [.. documents.Select(document => EmptyTimestamp.Is(document) ? stored.GetValueOrDefault(document["_id"], document) : document)],
            TransformCounts.None with { EmptyTimestamps = new DocumentList(stamped.Count, [.. stamped.Take(options.LargestList).Select(document => document["_id"].Copy())]) },
            refused.Count);
    }

    /// <summary>Those that have the <c>_id</c> of one that is there.</summary>
    private List<BsonDocument> Refused(WriteResult result, IReadOnlyList<BsonDocument> documents)
    {
        var other = result.Errors.FirstOrDefault(error => error.Code != DuplicateKey || !IsOfId(error.Document.Get("keyPattern")));
        return other is null ? [.. result.Errors.Select(error => documents[error.Index])] : throw new MigrationFailedException(
            new Text($"MongoDB refuses the document {documents[other.Index]["_id"]}: {other.Message}", $"MongoDB refuse le document {documents[other.Index]["_id"]} : {other.Message}"),
            target.Namespace.ToString(),
            null);
    }

    /// <summary>Servers before 4.2 do not say which key.</summary>
    private static bool IsOfId(BsonValue pattern) => pattern.Type != BsonType.Document || (pattern.AsDocument.Count == 1 && !pattern.AsDocument.Get("_id").IsMissing);

    private async Task<Dictionary<BsonValue, BsonDocument>> StoredAsync(IEnumerable<BsonDocument> documents, CancellationToken cancellationToken)
    {
        var ids = BsonValue.Array(documents.Select(document => document["_id"]).Distinct(BsonOrder.Instance));
        var filter = BsonDocument.Of(("_id", BsonDocument.Of(("$in", ids))));
        return await TransientRetry.RunAsync(
            async () =>
            {
                var stored = new Dictionary<BsonValue, BsonDocument>(BsonOrder.Instance);
                await foreach (var batch in target.FindAsync(filter, new FindOptions(), cancellationToken))
                {
                    foreach (var document in batch)
                        stored[document["_id"]] = document;
                }
                return stored;
            },
            options,
            cancellationToken);
    }

    private void Compare(BsonDocument document, BsonDocument? stored)
    {
        if (stored is not null && (stored.Equals(document) || EmptyTimestamp.IsFilledIn(document, stored)))
            return;
        throw new MigrationFailedException(
            new Text($"The target already holds another document of this _id: {document["_id"]}", $"La cible contient déjà un autre document avec cet _id : {document["_id"]}"),
            target.Namespace.ToString(),
            new Text("Drop this collection, which only a copy writes to, and start again.", "Supprimez cette collection, où seule une copie écrit, et recommencez."));
    }

    private EclusierException TooLarge(BsonDocument document) => new MigrationFailedException(
        new Text($"The document {document["_id"]} would have {document.Size} bytes; MongoDB takes {BsonDocument.LargestSize}.",
            $"Le document {document["_id"]} aurait {document.Size} octets ; MongoDB en accepte {BsonDocument.LargestSize}."),
        target.Namespace.ToString(),
        new Text("Embed fewer or smaller documents, or leave this one out with a filter.", "Intégrez moins de documents ou de plus petits, ou écartez celui-ci par un filtre."));
}

using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Transforms;

/// <summary>A transform as it is carried out.</summary>
internal interface IDocumentTransform
{
    /// <returns>As many documents, in the same order.</returns>
    Task<(IReadOnlyList<BsonDocument> Documents, TransformCount Count)> ApplyAsync(IReadOnlyList<BsonDocument> documents, CancellationToken cancellationToken);
}

/// <summary>A transform that needs nothing but the document.</summary>
internal abstract class FieldTransform : IDocumentTransform
{
    public Task<(IReadOnlyList<BsonDocument> Documents, TransformCount Count)> ApplyAsync(IReadOnlyList<BsonDocument> documents, CancellationToken cancellationToken)
    {
        var (changed, values) = (0L, 0L);
        var results = new BsonDocument[documents.Count];
        for (var index = 0; index < results.Length; index++)
        {
            results[index] = Apply(documents[index], ref values);
            if (!ReferenceEquals(results[index], documents[index]))
                changed++;
        }
        return Task.FromResult<(IReadOnlyList<BsonDocument>, TransformCount)>((results, new TransformCount(changed, values)));
    }

    /// <param name="values">Counts what is changed.</param>
    /// <returns>The same object, when nothing is.</returns>
    protected abstract BsonDocument Apply(BsonDocument document, ref long values);
}

using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Runbooks;
using Filter = Eclusier.Runbooks.Filter;

namespace Eclusier.Mongo.Transforms;

/// <summary>The transforms of one collection, ready to be applied to its documents. Thread-safe.</summary>
public sealed class DocumentTransforms
{
    private readonly IReadOnlyList<(Transform Settings, IDocumentTransform? Execution)> _all;

    private DocumentTransforms(IReadOnlyList<(Transform Settings, IDocumentTransform? Execution)> all)
    {
        _all = all;
        Filter = FilterOf([.. all.Select(one => one.Settings).OfType<Filter>()]);
    }

    /// <summary>What the source is asked for: all that the filters let through. They see documents as the source holds them, wherever they stand in the runbook.</summary>
    public BsonDocument Filter { get; }

    /// <summary>Those of this collection, in their order.</summary>
    public IReadOnlyList<Transform> Transforms => [.. _all.Select(one => one.Settings)];

    /// <summary>Chooses those that concern a collection, and reads what an embedding needs of its children. Writes nothing.</summary>
    /// <param name="source">Where the collection and its children are.</param>
    /// <param name="collection">A name.</param>
    /// <param name="transforms">Of the whole runbook, in their order. Those that stand before an embedding change its children, too.</param>
    /// <exception cref="EclusierException">
    /// A transform would change <c>_id</c> or is not valid, or the children's collection is not there (<see cref="InvalidInputException"/>); or there are more children than memory may hold,
    /// and no index to fetch them by (<see cref="RefusedException"/>).
    /// </exception>
    /// <exception cref="MongoException">The server refuses, or could not be asked for longer than the options allow.</exception>
    public static async Task<DocumentTransforms> PrepareAsync(
        MongoDatabase source, string collection, IReadOnlyList<Transform> transforms, CopyOptions options, CancellationToken cancellationToken)
    {
        var all = new List<(Transform, IDocumentTransform?)>();
        for (var index = 0; index < transforms.Count; index++)
        {
            if (transforms[index].In != collection)
                continue;
            FieldPaths.Check(transforms[index]);
            var before = transforms.Take(index).ToList();
            all.Add((transforms[index], await ExecutionAsync(source, transforms[index], before, options, cancellationToken)));
        }
        return new DocumentTransforms(all);
    }

    /// <summary>Changes documents. One that no transform touches comes back as the same object.</summary>
    public async Task<TransformedBatch> ApplyAsync(IReadOnlyList<BsonDocument> documents, CancellationToken cancellationToken)
    {
        var counts = new List<TransformCount>();
        foreach (var (_, execution) in _all)
        {
            var count = TransformCount.None;
            if (execution is not null)
                (documents, count) = await execution.ApplyAsync(documents, cancellationToken);
            counts.Add(count);
        }
        return new TransformedBatch(documents, new TransformCounts(counts));
    }

    /// <summary>What they did, all in all.</summary>
    public IReadOnlyList<TransformReport> Report(TransformCounts counts) =>
        [.. _all.Select((one, index) => new TransformReport(one.Settings, counts.At(index).Changed, counts.At(index).Values)
        {
            Orphans = one.Execution is EmbedTransform embed ? embed.Orphans : DocumentList.None,
            Superseded = counts.At(index).Superseded,
            Refused = counts.At(index).Refused,
        })];

    private static async Task<IDocumentTransform?> ExecutionAsync(
        MongoDatabase source, Transform transform, IReadOnlyList<Transform> before, CopyOptions options, CancellationToken cancellationToken) => transform switch
        {
            Embed embed => await EmbedTransform.PrepareAsync(source, embed, before, options, cancellationToken),
            Replace replace => new ReplaceTransform(replace),
            Rename rename => new RenameTransform(rename),
            Set set => new SetTransform(set),
            Unset unset => new UnsetTransform(unset),
            // The server carries it out.
            _ => null,
        };

    private static BsonDocument FilterOf(IReadOnlyList<Filter> filters) => filters.Count switch
    {
        0 => BsonDocument.Empty,
        1 => Parse(filters[0]),
        _ => BsonDocument.Of(("$and", BsonValue.Array(filters.Select(filter => (BsonValue)Parse(filter))))),
    };

    private static BsonDocument Parse(Filter filter)
    {
        try
        {
            return BsonDocument.FromJson(filter.Where);
        }
        catch (FormatException e)
        {
            throw FieldPaths.Invalid(filter.Where, Text.Same(e.Message));
        }
    }
}

/// <summary>Documents after the transforms, in their order.</summary>
public sealed record TransformedBatch(IReadOnlyList<BsonDocument> Documents, TransformCounts Counts);

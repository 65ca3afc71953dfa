using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>Makes each child document an entry of a map in its parent.</summary>
internal sealed class EmbedTransform : IDocumentTransform
{
    private readonly Embed _settings;
    private readonly EntryPath _path;
    private readonly EmbedKey _key;
    private readonly IChildren _children;
    private readonly CopyOptions _options;

    private EmbedTransform(Embed settings, EmbedKey key, IChildren children, CopyOptions options) =>
        (_settings, _path, _key, _children, _options) = (settings, new EntryPath(settings.At), key, children, options);

    /// <summary>Children whose parent is not in the source.</summary>
    public required DocumentList Orphans { get; init; }

    /// <param name="before">What changes the children first.</param>
    public static async Task<EmbedTransform> PrepareAsync(
        MongoDatabase source, Embed embed, IReadOnlyList<Transform> before, CopyOptions options, CancellationToken cancellationToken)
    {
        var key = new EmbedKey(embed.Match);
        var transforms = await DocumentTransforms.PrepareAsync(source, embed.From, before, options, cancellationToken);
        var reader = new ChildReader(source.Collection(embed.From), transforms, key, options);
        var children = await reader.OpenAsync(cancellationToken);
        var orphans = new OrphanSearch(source.Collection(embed.Into), key, options);
        return new EmbedTransform(embed, key, children, options) { Orphans = await orphans.FindAsync(children.AllAsync(cancellationToken), cancellationToken) };
    }

    public async Task<(IReadOnlyList<BsonDocument> Documents, TransformCount Count)> ApplyAsync(IReadOnlyList<BsonDocument> documents, CancellationToken cancellationToken)
    {
        var keys = documents.Select(_key.OfParent).ToList();
        var children = await _children.OfAsync([.. keys.Where(key => !key.IsMissing).Distinct(BsonOrder.Instance)], cancellationToken);
        var count = TransformCount.None;
        var results = new BsonDocument[documents.Count];
        for (var index = 0; index < results.Length; index++)
        {
            var own = keys[index].IsMissing ? null : children.GetValueOrDefault(keys[index]);
            results[index] = own is null ? documents[index] : Fold(documents[index], own, ref count);
        }
        return (results, count);
    }

    /// <summary>Entries come in the order of their children's <c>_id</c>, so that the same source always makes the same documents.</summary>
    private BsonDocument Fold(BsonDocument parent, List<BsonDocument> children, ref TransformCount count)
    {
        var (result, values) = (parent, 0);
        foreach (var (path, child) in Chosen(children, ref count))
        {
            if (FieldEdit.Set(result, path, Entry(child)) is { } set)
                (result, values) = (set, values + 1);
            else
                count = count with { Refused = count.Refused.Plus(child["_id"].Copy(), _options.LargestList) };
        }
        count = count with { Changed = count.Changed + (values > 0 ? 1 : 0), Values = count.Values + values };
        return result;
    }

    /// <summary>One child for each path: the newest.</summary>
    private List<(string[] Path, BsonDocument Child)> Chosen(List<BsonDocument> children, ref TransformCount count)
    {
        var chosen = new List<(string[] Path, BsonDocument Child)>();
        foreach (var child in children.OrderBy(child => child["_id"], BsonOrder.Instance))
        {
            if (_path.Of(child) is not { } path)
            {
                count = count with { Refused = count.Refused.Plus(child["_id"].Copy(), _options.LargestList) };
                continue;
            }
            var place = chosen.FindIndex(other => other.Path.SequenceEqual(path));
            if (place < 0)
            {
                chosen.Add((path, child));
                continue;
            }
            var newer = BsonOrder.Instance.Compare(TimeOf(child), TimeOf(chosen[place].Child)) >= 0;
            var loser = newer ? chosen[place].Child : child;
            count = count with { Superseded = count.Superseded.Plus(loser["_id"].Copy(), _options.LargestList) };
            if (newer)
                chosen[place] = (path, child);
        }
        return chosen;
    }

    private BsonDocument Entry(BsonDocument child)
    {
        var writer = new BsonWriter();
        foreach (var field in _settings.Fields)
        {
            var value = FieldEdit.Get(child, FieldPaths.Split(field.From));
            writer.Add(field.Name, field.Default is { } constant && IsAbsent(value) ? Constants.ToBson(constant) : value);
        }
        return writer.ToDocument();
    }

    /// <summary>As the shell's <c>value || "default"</c> means it, but for zero and false, which are values.</summary>
    private static bool IsAbsent(BsonValue value) => value.IsNullish || (value.Type == BsonType.String && value.AsString.Length == 0);

    private static BsonValue TimeOf(BsonDocument child) => child.Get("updatedAt") is { IsNullish: false } updated ? updated : child.Get("createdAt");
}

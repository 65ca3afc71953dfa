using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Transforms;

/// <summary>What a child and its parent have in common. Values are compared as MongoDB does: 1 and 1.0 are the same, a text and an ObjectId are not.</summary>
internal sealed class EmbedKey(IReadOnlyDictionary<string, string> match)
{
    private readonly string[][] _child = [.. match.Keys.Select(FieldPaths.Split)];
    private readonly string[][] _parent = [.. match.Values.Select(FieldPaths.Split)];

    /// <summary>By which children are looked up.</summary>
    public string FirstOfChild => string.Join('.', _child[0]);

    public string FirstOfParent => string.Join('.', _parent[0]);

    /// <summary>The fields of a child that are needed to know its parent.</summary>
    public BsonDocument ParentProjection => BsonDocument.Of([.. match.Values.Append("_id").Distinct().Select(path => (path, (BsonValue)1))]);

    /// <returns>Missing: one of the fields is.</returns>
    public BsonValue OfChild(BsonDocument child) => Of(child, _child);

    /// <inheritdoc cref="OfChild"/>
    public BsonValue OfParent(BsonDocument parent) => Of(parent, _parent);

    /// <summary>The value of the first field.</summary>
    public BsonValue First(BsonValue key) => _child.Length == 1 ? key : key.AsDocument.Values().First();

    private static BsonValue Of(BsonDocument document, string[][] paths)
    {
        if (paths.Length == 1)
            return FieldEdit.Get(document, paths[0]);
        var values = paths.Select(path => FieldEdit.Get(document, path)).ToList();
        return values.Exists(value => value.IsMissing) ? default : BsonValue.Array(values);
    }
}

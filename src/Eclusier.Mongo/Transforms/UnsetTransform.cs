using Eclusier.Mongo.Bson;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>Removes fields.</summary>
internal sealed class UnsetTransform(Unset settings) : FieldTransform
{
    private readonly string[][] _paths = [.. settings.Fields.Select(FieldPaths.Split)];

    protected override BsonDocument Apply(BsonDocument document, ref long values)
    {
        foreach (var path in _paths)
        {
            var less = FieldEdit.Remove(document, path);
            if (!ReferenceEquals(less, document))
                values++;
            document = less;
        }
        return document;
    }
}

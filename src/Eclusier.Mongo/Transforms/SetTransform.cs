using Eclusier.Mongo.Bson;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>Gives fields the same value in every document; not where something else than a document is on the way.</summary>
internal sealed class SetTransform(Set settings) : FieldTransform
{
    private readonly (string[] Path, BsonValue Value)[] _fields = [.. settings.Fields.Select(field => (FieldPaths.Split(field.Key), Constants.ToBson(field.Value)))];

    protected override BsonDocument Apply(BsonDocument document, ref long values)
    {
        foreach (var (path, value) in _fields)
        {
            if (FieldEdit.Get(document, path) == value || FieldEdit.Set(document, path, value) is not { } set)
                continue;
            document = set;
            values++;
        }
        return document;
    }
}

using Eclusier.Mongo.Bson;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>Replaces text inside strings, in one field after the other.</summary>
internal sealed class ReplaceTransform(Replace settings) : FieldTransform
{
    private readonly string[][] _paths = [.. settings.Fields.Select(FieldPaths.Split)];

    protected override BsonDocument Apply(BsonDocument document, ref long values)
    {
        var replaced = 0L;
        foreach (var path in _paths)
            document = FieldEdit.Map(document, path, Change);
        values += replaced;
        return document;

        BsonValue Change(BsonValue value)
        {
            if (value.Type != BsonType.String || value.AsString is var text && !text.Contains(settings.Text, StringComparison.Ordinal))
                return value;
            replaced++;
            return text.Replace(settings.Text, settings.With, StringComparison.Ordinal);
        }
    }
}

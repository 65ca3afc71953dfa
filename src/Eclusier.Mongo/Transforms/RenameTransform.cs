using Eclusier.Mongo.Bson;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>Renames fields, as <c>$rename</c> does: the value goes to the end, or in the place of one that has the new name.</summary>
internal sealed class RenameTransform(Rename settings) : FieldTransform
{
    private readonly (string[] From, string[] To)[] _paths = [.. settings.Fields.Select(field => (FieldPaths.Split(field.Key), FieldPaths.Split(field.Value)))];

    protected override BsonDocument Apply(BsonDocument document, ref long values)
    {
        foreach (var (from, to) in _paths)
        {
            var value = FieldEdit.Get(document, from);
            if (value.IsMissing || FieldEdit.Set(FieldEdit.Remove(document, from), to, value) is not { } renamed)
                continue;
            document = renamed;
            values++;
        }
        return document;
    }
}

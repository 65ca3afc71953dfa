using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>A dotted path.</summary>
internal sealed class FieldPath
{
    private readonly string[] _names;

    public FieldPath(string path) => _names = path.Split('.');

    /// <summary>
    /// What a filter sees: the values at the end, also those in documents inside arrays on the way, and <see cref="BsonType.Missing"/>
    /// where a document lacks the field. An array at the end is one value.
    /// </summary>
    public List<BsonValue> Values(BsonDocument document)
    {
        var found = new List<BsonValue>();
        Collect(document, 0, found);
        return found;
    }

    /// <summary>What sorting, distinct and indexes see: arrays at the end are taken apart. An empty array is undefined, as MongoDB has it.</summary>
    public IEnumerable<BsonValue> Keys(BsonDocument document)
    {
        foreach (var value in Values(document))
        {
            if (value.Type != BsonType.Array)
            {
                yield return value;
                continue;
            }
            if (value.AsDocument.IsEmpty)
                yield return new BsonValue(BsonType.Undefined, default);
            foreach (var element in value.AsDocument.Values())
                yield return element;
        }
    }

    /// <summary>What an expression sees: an array on the way becomes the array of what its documents have there.</summary>
    public BsonValue Evaluate(BsonValue from) => Evaluate(from, 0);

    private BsonValue Evaluate(BsonValue value, int depth)
    {
        if (depth == _names.Length)
            return value;
        return value.Type switch
        {
            BsonType.Document => Evaluate(value.AsDocument.Get(_names[depth]), depth + 1),
            BsonType.Array => BsonValue.Array(value.AsDocument.Values()
                .Where(element => element.Type == BsonType.Document)
                .Select(element => Evaluate(element, depth))
                .Where(element => !element.IsMissing)),
            _ => default,
        };
    }

    private void Collect(BsonValue value, int depth, List<BsonValue> found)
    {
        if (depth == _names.Length)
            found.Add(value);
        else if (value.Type == BsonType.Document)
            Collect(value.AsDocument.Get(_names[depth]), depth + 1, found);
        else if (value.Type == BsonType.Array)
            CollectFromArray(value.AsDocument, depth, found);
        else
            found.Add(default);
    }

    private void CollectFromArray(BsonDocument array, int depth, List<BsonValue> found)
    {
        if (int.TryParse(_names[depth], out _) && array.TryGet(_names[depth], out var element))
            Collect(element, depth + 1, found);
        foreach (var inside in array.Values().Where(inside => inside.Type == BsonType.Document))
            Collect(inside, depth, found);
    }
}

using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Updates;

/// <summary>Changes what stands at a dotted path; everything else stays byte for byte where it is.</summary>
internal static class DocumentPath
{
    /// <summary>An array is not made longer than this by an index beyond its end.</summary>
    private const int LongestPadding = 1_500_000;

    /// <summary>The value there; missing when there is none.</summary>
    public static BsonValue Get(BsonDocument document, string path)
    {
        BsonValue value = document;
        foreach (var name in path.Split('.'))
        {
            if (value.Type is not (BsonType.Document or BsonType.Array))
                return default;
            value = value.AsDocument.Get(name);
        }
        return value;
    }

    /// <summary>Replaces the value there by what is made of it; what becomes missing is removed (in an array: null).</summary>
    /// <exception cref="CommandError">The path leads through something that is no document.</exception>
    public static BsonDocument Change(BsonDocument document, string path, Func<BsonValue, BsonValue> change) =>
        Change(document, path.Split('.'), change).AsDocument;

    private static BsonValue Change(BsonValue container, ReadOnlySpan<string> path, Func<BsonValue, BsonValue> change)
    {
        if (path.Length == 0)
            return change(container);
        return container.Type switch
        {
            BsonType.Missing => Created(path, change),
            BsonType.Document => ChangeField(container.AsDocument, path, change),
            BsonType.Array => ChangeElement(container.AsDocument, path, change),
            _ => NotViable(path[0], container, change),
        };
    }

    private static BsonValue Created(ReadOnlySpan<string> path, Func<BsonValue, BsonValue> change) =>
        Change(default, path[1..], change) is { IsMissing: false } value ? BsonDocument.Of((path[0], value)) : default(BsonValue);

    private static BsonDocument ChangeField(BsonDocument document, ReadOnlySpan<string> path, Func<BsonValue, BsonValue> change)
    {
        var writer = new BsonWriter();
        var found = false;
        foreach (var (name, value) in document)
        {
            found |= name == path[0];
            writer.Add(name, name == path[0] ? Change(value, path[1..], change) : value);
        }
        if (!found)
            writer.Add(path[0], Change(default, path[1..], change));
        return writer.ToDocument();
    }

    private static BsonValue ChangeElement(BsonDocument array, ReadOnlySpan<string> path, Func<BsonValue, BsonValue> change)
    {
        var elements = array.Values().ToList();
        if (path[0] == "$[]")
        {
            for (var each = 0; each < elements.Count; each++)
                elements[each] = Change(elements[each], path[1..], change);
            return BsonValue.Array(elements);
        }
        if (path[0].StartsWith('$'))
            throw CommandError.NotImplemented("positional operators other than $[]");
        if (!int.TryParse(path[0], out var index) || index < 0 || index > elements.Count + LongestPadding)
            return NotViable(path[0], BsonValue.Array(array), change);
        var changed = Change(index < elements.Count ? elements[index] : default, path[1..], change);
        if (index >= elements.Count && changed.IsMissing)
            return BsonValue.Array(array);
        while (elements.Count <= index)
            elements.Add(BsonValue.Null);
        elements[index] = changed.IsMissing ? BsonValue.Null : changed;
        return BsonValue.Array(elements);
    }

    /// <summary>Removing what cannot be there is no error.</summary>
    private static BsonValue NotViable(string name, BsonValue container, Func<BsonValue, BsonValue> change) => change(default).IsMissing
        ? container
        : throw new CommandError(28, "PathNotViable", $"Cannot create field '{name}' in element {container}");
}

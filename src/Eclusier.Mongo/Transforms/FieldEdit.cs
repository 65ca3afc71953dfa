using System.Text;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Transforms;

/// <summary>Changes documents at a path. What is not on the path keeps its bytes, and a document without a change is the same object.</summary>
internal static class FieldEdit
{
    /// <summary>Changes every value at a path; arrays on the way, and at its end, are looked into.</summary>
    public static BsonDocument Map(BsonDocument document, ReadOnlySpan<string> path, Func<BsonValue, BsonValue> change)
    {
        BsonDocument? changed = null;
        var name = Encoding.UTF8.GetBytes(path[0]);
        var reader = new BsonReader(document.Bytes);
        for (var place = 0; reader.Read(); place++)
        {
            if (!reader.NameBytes.SequenceEqual(name))
                continue;
            var value = MapInside(reader.Value, path[1..], change);
            if (value != reader.Value)
                changed = WithValue(changed ?? document, place, value);
        }
        return changed ?? document;
    }

    /// <summary>The value at a path through documents; missing: there is none.</summary>
    public static BsonValue Get(BsonDocument document, ReadOnlySpan<string> path)
    {
        var value = document.Get(path[0]);
        if (path.Length == 1)
            return value;
        return value.Type == BsonType.Document ? Get(value.AsDocument, path[1..]) : default;
    }

    /// <summary>Sets the value at a path, and makes the documents that lead there; a null on the way gives way.</summary>
    /// <returns>Null: something else than a document is on the way.</returns>
    public static BsonDocument? Set(BsonDocument document, ReadOnlySpan<string> path, BsonValue value)
    {
        var name = Encoding.UTF8.GetBytes(path[0]);
        var reader = new BsonReader(document.Bytes);
        for (var place = 0; reader.Read(); place++)
        {
            if (!reader.NameBytes.SequenceEqual(name))
                continue;
            return SetInside(reader.Value, path[1..], value) is { IsMissing: false } set ? WithValue(document, place, set) : null;
        }
        return new BsonWriter().AddAll(document).Add(path[0], Nested(path[1..], value)).ToDocument();
    }

    /// <summary>Removes the field at a path through documents.</summary>
    public static BsonDocument Remove(BsonDocument document, ReadOnlySpan<string> path)
    {
        var name = Encoding.UTF8.GetBytes(path[0]);
        var reader = new BsonReader(document.Bytes);
        for (var place = 0; reader.Read(); place++)
        {
            if (!reader.NameBytes.SequenceEqual(name))
                continue;
            if (path.Length == 1)
                return WithValue(document, place, default);
            if (reader.Type != BsonType.Document)
                return document;
            var inside = reader.Value.AsDocument;
            var less = Remove(inside, path[1..]);
            return ReferenceEquals(less, inside) ? document : WithValue(document, place, less);
        }
        return document;
    }

    private static BsonValue MapInside(BsonValue value, ReadOnlySpan<string> path, Func<BsonValue, BsonValue> change)
    {
        if (value.Type == BsonType.Array)
        {
            var values = new List<BsonValue>();
            foreach (var one in value.AsDocument.Values())
                values.Add(MapInside(one, path, change));
            var mapped = BsonValue.Array(values);
            return values.SequenceEqual(value.AsDocument.Values()) ? value : mapped;
        }
        if (path.IsEmpty)
            return change(value);
        return value.Type == BsonType.Document ? Map(value.AsDocument, path, change) : value;
    }

    private static BsonValue SetInside(BsonValue there, ReadOnlySpan<string> path, BsonValue value)
    {
        if (path.IsEmpty)
            return value;
        if (there.Type == BsonType.Null)
            return Nested(path, value);
        return there.Type == BsonType.Document && Set(there.AsDocument, path, value) is { } set ? set : default(BsonValue);
    }

    private static BsonValue Nested(ReadOnlySpan<string> path, BsonValue value) =>
        path.IsEmpty ? value : BsonDocument.Of((path[0], Nested(path[1..], value)));

    /// <param name="value">Missing: the field goes.</param>
    private static BsonDocument WithValue(BsonDocument document, int place, BsonValue value)
    {
        var writer = new BsonWriter();
        var reader = new BsonReader(document.Bytes);
        for (var next = 0; reader.Read(); next++)
        {
            if (next != place)
                writer.Add(reader.NameBytes, reader.Value);
            else if (!value.IsMissing)
                writer.Add(reader.NameBytes, value);
        }
        return writer.ToDocument();
    }
}

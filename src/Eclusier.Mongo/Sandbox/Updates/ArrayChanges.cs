using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Updates;

/// <summary>The operators of an update that change an array.</summary>
internal static class ArrayChanges
{
    public static ChangeValue Push(string path, BsonValue operand)
    {
        if (!IsModified(operand))
            return old => BsonValue.Array(Elements("$push", path, old).Append(operand));
        var modifiers = operand.AsDocument;
        var added = modifiers["$each"].AsDocument.Values().ToList();
        return old =>
        {
            var elements = Elements("$push", path, old).ToList();
            elements.InsertRange(Position(modifiers.Get("$position"), elements.Count), added);
            return BsonValue.Array(Sliced(Sorted(elements, modifiers.Get("$sort")), modifiers.Get("$slice")));
        };
    }

    public static ChangeValue AddToSet(string path, BsonValue operand)
    {
        var added = IsModified(operand) ? operand.AsDocument["$each"].AsDocument.Values().ToList() : [operand];
        return old =>
        {
            var elements = Elements("$addToSet", path, old).ToList();
            foreach (var value in added)
            {
                if (!elements.Contains(value, BsonOrder.Instance))
                    elements.Add(value);
            }
            return BsonValue.Array(elements);
        };
    }

    /// <summary>Removes what is equal to a value, or what a query means.</summary>
    public static ChangeValue Pull(string path, BsonValue operand)
    {
        if (operand.Type == BsonType.Document && !FieldTest.IsOperators(operand.AsDocument))
        {
            var matches = Filter.Parse(operand.AsDocument);
            return old => Without("$pull", path, old, element => element.Type == BsonType.Document && matches(element.AsDocument));
        }
        var accepts = FieldTest.Parse(operand);
        return old => Without("$pull", path, old, element => accepts([element]));
    }

    public static ChangeValue PullAll(string path, BsonValue operand)
    {
        if (operand.Type != BsonType.Array)
            throw CommandError.BadValue("$pullAll requires an array argument");
        var removed = operand.AsDocument.Values().ToHashSet(BsonOrder.Instance);
        return old => Without("$pullAll", path, old, removed.Contains);
    }

    public static ChangeValue Pop(string path, BsonValue operand) => old =>
    {
        if (old.IsMissing)
            return old;
        var elements = Elements("$pop", path, old).ToList();
        return BsonValue.Array(operand.ToInt64() < 0 ? elements.Skip(1) : elements.SkipLast(1));
    };

    private static BsonValue Without(string name, string path, BsonValue old, Func<BsonValue, bool> removed) =>
        old.IsMissing ? old : BsonValue.Array(Elements(name, path, old).Where(element => !removed(element)));

    private static bool IsModified(BsonValue operand) => operand.Type == BsonType.Document && operand.AsDocument.Get("$each").Type == BsonType.Array;

    private static int Position(BsonValue position, int count)
    {
        if (position.IsMissing)
            return count;
        var at = position.ToInt64();
        return (int)Math.Clamp(at < 0 ? count + at : at, 0, count);
    }

    private static IEnumerable<BsonValue> Sorted(List<BsonValue> elements, BsonValue order)
    {
        if (order.IsMissing)
            return elements;
        if (order.Type == BsonType.Document)
            return new SortOrder(order.AsDocument).Sort(elements.Select(element => element.AsDocument)).Select(document => (BsonValue)document);
        return order.ToInt64() < 0 ? elements.OrderDescending(BsonOrder.Instance) : elements.Order(BsonOrder.Instance);
    }

    private static IEnumerable<BsonValue> Sliced(IEnumerable<BsonValue> elements, BsonValue slice)
    {
        if (slice.IsMissing)
            return elements;
        var count = (int)slice.ToInt64();
        return count < 0 ? elements.TakeLast(-count) : elements.Take(count);
    }

    private static IEnumerable<BsonValue> Elements(string name, string path, BsonValue old) => old.Type switch
    {
        BsonType.Missing => [],
        BsonType.Array => old.AsDocument.Values(),
        _ => throw CommandError.BadValue($"The field '{path}' must be an array but is of type {TypeNames.Of(old.Type)} ({name})"),
    };
}

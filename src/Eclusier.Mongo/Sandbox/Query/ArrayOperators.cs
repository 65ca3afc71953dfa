using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Work on arrays and documents.</summary>
internal static class ArrayOperators
{
    public static IReadOnlyDictionary<string, Func<BsonValue, Expression>> All { get; } = new Dictionary<string, Func<BsonValue, Expression>>(StringComparer.Ordinal)
    {
        ["$size"] = operands => OfArray("$size", operands, array => array.IsMissing || array.Type != BsonType.Array
            ? throw new CommandError(17124, "Location17124", "The argument to $size must be an array")
            : array.AsDocument.Count),
        ["$isArray"] = operands => OfArray("$isArray", operands, value => value.Type == BsonType.Array),
        ["$first"] = operands => OfArray("$first", operands, array => array.IsNullish ? BsonValue.Null : Elements("$first", array).FirstOrDefault()),
        ["$last"] = operands => OfArray("$last", operands, array => array.IsNullish ? BsonValue.Null : Elements("$last", array).LastOrDefault()),
        ["$arrayElemAt"] = ElementAt,
        ["$in"] = In,
        ["$concatArrays"] = Concat,
        ["$map"] = Map,
        ["$filter"] = Where,
        ["$reduce"] = Reduce,
        ["$objectToArray"] = operands => OfArray("$objectToArray", operands, ToPairs),
        ["$arrayToObject"] = operands => OfArray("$arrayToObject", operands, FromPairs),
        ["$mergeObjects"] = Merge,
    };

    /// <summary>Later fields replace earlier ones where they stand.</summary>
    public static BsonDocument Merged(BsonDocument into, BsonDocument from)
    {
        var fields = new OrderedDictionary<string, BsonValue>(StringComparer.Ordinal);
        foreach (var (name, value) in into.Concat(from))
            fields[name] = value;
        var writer = new BsonWriter();
        foreach (var (name, value) in fields)
            writer.Add(name, value);
        return writer.ToDocument();
    }

    private static Expression OfArray(string name, BsonValue operands, Func<BsonValue, BsonValue> change)
    {
        var one = Expressions.Operands(name, operands, 1)[0];
        return variables => change(one(variables));
    }

    private static Expression ElementAt(BsonValue operands)
    {
        var both = Expressions.Operands("$arrayElemAt", operands, 2);
        return variables =>
        {
            var (array, index) = (both[0](variables), both[1](variables));
            if (array.IsNullish || index.IsNullish)
                return BsonValue.Null;
            var elements = Elements("$arrayElemAt", array).ToList();
            var at = index.ToInt64() < 0 ? index.ToInt64() + elements.Count : index.ToInt64();
            return at >= 0 && at < elements.Count ? elements[(int)at] : default;
        };
    }

    private static Expression In(BsonValue operands)
    {
        var both = Expressions.Operands("$in", operands, 2);
        return variables => Elements("$in", both[1](variables)).Contains(both[0](variables), BsonOrder.Instance);
    }

    private static Expression Concat(BsonValue operands)
    {
        var all = Expressions.Operands(operands);
        return variables =>
        {
            var arrays = all.ConvertAll(operand => operand(variables));
            return arrays.Exists(array => array.IsNullish) ? BsonValue.Null : BsonValue.Array(arrays.SelectMany(array => Elements("$concatArrays", array)));
        };
    }

    private static Expression Map(BsonValue operands)
    {
        var (input, name, inside) = (Expressions.Required(operands, "input"), Name(operands), Expressions.Required(operands, "in"));
        return variables => input(variables) is { IsNullish: false } array
            ? BsonValue.Array(Elements("$map", array).Select(element => inside(variables.With(name, element)) is { IsMissing: false } value ? value : BsonValue.Null))
            : BsonValue.Null;
    }

    private static Expression Where(BsonValue operands)
    {
        var (input, name, condition) = (Expressions.Required(operands, "input"), Name(operands), Expressions.Required(operands, "cond"));
        return variables => input(variables) is { IsNullish: false } array
            ? BsonValue.Array(Elements("$filter", array).Where(element => Expressions.IsTrue(condition(variables.With(name, element)))))
            : BsonValue.Null;
    }

    private static Expression Reduce(BsonValue operands)
    {
        var (input, start, inside) = (Expressions.Required(operands, "input"), Expressions.Required(operands, "initialValue"), Expressions.Required(operands, "in"));
        return variables => input(variables) is { IsNullish: false } array
            ? Elements("$reduce", array).Aggregate(start(variables), (value, element) => inside(variables.With("value", value).With("this", element)))
            : BsonValue.Null;
    }

    private static Expression Merge(BsonValue operands)
    {
        var all = Expressions.Operands(operands);
        return variables => all.Select(operand => operand(variables))
            .Where(value => !value.IsNullish)
            .Select(value => value.Type == BsonType.Document ? value.AsDocument : throw CommandError.TypeMismatch("$mergeObjects requires object inputs"))
            .Aggregate(BsonDocument.Empty, Merged);
    }

    private static BsonValue ToPairs(BsonValue value) => value.IsNullish
        ? BsonValue.Null
        : BsonValue.Array(value.AsDocument.Select(element => (BsonValue)BsonDocument.Of(("k", element.Name), ("v", element.Value))));

    private static BsonValue FromPairs(BsonValue value)
    {
        if (value.IsNullish)
            return BsonValue.Null;
        var pairs = Elements("$arrayToObject", value).Select(pair => pair.Type == BsonType.Array
            ? BsonDocument.Of((pair.AsDocument["0"].AsString, pair.AsDocument["1"]))
            : BsonDocument.Of((pair.AsDocument["k"].AsString, pair.AsDocument["v"])));
        return pairs.Aggregate(BsonDocument.Empty, Merged);
    }

    private static string Name(BsonValue operands) => operands.AsDocument.Get("as") is { Type: BsonType.String } name ? name.AsString : "this";

    private static IEnumerable<BsonValue> Elements(string name, BsonValue array) => array.Type == BsonType.Array
        ? array.AsDocument.Values()
        : throw new CommandError(28689, "Location28689", $"{name}'s argument must be an array, but is {TypeNames.Of(array.Type)}");
}

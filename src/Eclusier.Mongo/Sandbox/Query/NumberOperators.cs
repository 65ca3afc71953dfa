using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Calculate. Anything with null is null.</summary>
internal static class NumberOperators
{
    public static IReadOnlyDictionary<string, Func<BsonValue, Expression>> All { get; } = new Dictionary<string, Func<BsonValue, Expression>>(StringComparer.Ordinal)
    {
        ["$add"] = operands => Folded("$add", operands, 0, Add),
        ["$multiply"] = operands => Folded("$multiply", operands, 1, Arithmetic.Multiply),
        ["$subtract"] = operands => Two("$subtract", operands, Subtract),
        ["$divide"] = operands => Two("$divide", operands, Divide),
        ["$mod"] = operands => Two("$mod", operands, Modulo),
        ["$abs"] = operands => One("$abs", operands, number => number.ToDouble() < 0 ? Arithmetic.Negate(number) : number),
        ["$floor"] = operands => One("$floor", operands, number => number.Type == BsonType.Double ? Math.Floor(number.AsDouble) : number),
        ["$ceil"] = operands => One("$ceil", operands, number => number.Type == BsonType.Double ? Math.Ceiling(number.AsDouble) : number),
        ["$trunc"] = operands => One("$trunc", operands, number => number.Type == BsonType.Double ? Math.Truncate(number.AsDouble) : number),
        ["$sum"] = operands => Summary(operands, numbers => numbers.Aggregate((BsonValue)0, Arithmetic.Add)),
        ["$avg"] = operands => Summary(operands, Average),
        ["$min"] = operands => Extreme(operands, values => values.Min(BsonOrder.Instance)),
        ["$max"] = operands => Extreme(operands, values => values.Max(BsonOrder.Instance)),
    };

    /// <summary>Null when there are none.</summary>
    public static BsonValue Average(IReadOnlyList<BsonValue> numbers) =>
        numbers.Count == 0 ? BsonValue.Null : Arithmetic.Divide(numbers.Aggregate((BsonValue)0, Arithmetic.Add), numbers.Count);

    private static Expression Folded(string name, BsonValue operands, BsonValue start, Func<BsonValue, BsonValue, BsonValue> combine)
    {
        var all = Expressions.Operands(operands);
        return variables =>
        {
            var result = start;
            foreach (var operand in all)
            {
                var value = operand(variables);
                if (value.IsNullish)
                    return BsonValue.Null;
                result = combine(result, Number(name, value));
            }
            return result;
        };
    }

    private static Expression Two(string name, BsonValue operands, Func<BsonValue, BsonValue, BsonValue> combine)
    {
        var both = Expressions.Operands(name, operands, 2);
        return variables => (both[0](variables), both[1](variables)) is var (left, right) && (left.IsNullish || right.IsNullish)
            ? BsonValue.Null
            : combine(Number(name, left), Number(name, right));
    }

    private static Expression One(string name, BsonValue operands, Func<BsonValue, BsonValue> change)
    {
        var one = Expressions.Operands(name, operands, 1)[0];
        return variables => one(variables) is { IsNullish: false } value ? change(Number(name, value)) : BsonValue.Null;
    }

    /// <summary>Of several operands, or of one array; what is no number does not count.</summary>
    private static Expression Summary(BsonValue operands, Func<IReadOnlyList<BsonValue>, BsonValue> summarize)
    {
        var all = Expressions.Operands(operands);
        return variables => summarize([.. Flattened(all, variables).Where(value => value.IsNumber)]);
    }

    private static Expression Extreme(BsonValue operands, Func<IEnumerable<BsonValue>, BsonValue> choose)
    {
        var all = Expressions.Operands(operands);
        return variables => choose(Flattened(all, variables).Where(value => !value.IsNullish).DefaultIfEmpty(BsonValue.Null));
    }

    private static IEnumerable<BsonValue> Flattened(List<Expression> operands, Variables variables)
    {
        var values = operands.Select(operand => operand(variables));
        return operands.Count == 1 ? values.SelectMany(value => value.Type == BsonType.Array ? value.AsDocument.Values() : [value]) : values;
    }

    /// <summary>A date is a number of milliseconds here.</summary>
    private static BsonValue Number(string name, BsonValue value) => value.IsNumber || value.Type == BsonType.DateTime
        ? value
        : throw CommandError.TypeMismatch($"{name} only supports numeric types, not {TypeNames.Of(value.Type)}");

    private static BsonValue Add(BsonValue left, BsonValue right) => (left.Type, right.Type) switch
    {
        (BsonType.DateTime, _) => BsonValue.DateTime(left.AsMilliseconds + right.ToInt64()),
        (_, BsonType.DateTime) => BsonValue.DateTime(right.AsMilliseconds + left.ToInt64()),
        _ => Arithmetic.Add(left, right),
    };

    private static BsonValue Subtract(BsonValue left, BsonValue right) => (left.Type, right.Type) switch
    {
        (BsonType.DateTime, BsonType.DateTime) => left.AsMilliseconds - right.AsMilliseconds,
        (BsonType.DateTime, _) => BsonValue.DateTime(left.AsMilliseconds - right.ToInt64()),
        _ => Arithmetic.Add(left, Arithmetic.Negate(right)),
    };

    private static BsonValue Divide(BsonValue left, BsonValue right) =>
        right.ToDouble() == 0 ? throw CommandError.BadValue("can't $divide by zero") : Arithmetic.Divide(left, right);

    private static BsonValue Modulo(BsonValue left, BsonValue right)
    {
        if (right.ToDouble() == 0)
            throw new CommandError(16610, "Location16610", "can't $mod by zero");
        if (left.Type is BsonType.Double or BsonType.Decimal128 || right.Type is BsonType.Double or BsonType.Decimal128)
            return left.ToDouble() % right.ToDouble();
        var rest = right.ToInt64() == -1 ? 0 : left.ToInt64() % right.ToInt64();
        if (left.Type == BsonType.Int32 && right.Type == BsonType.Int32)
            return (int)rest;
        return rest;
    }
}

using System.Collections.Immutable;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Choose between values, or name them.</summary>
internal static class ControlOperators
{
    public static IReadOnlyDictionary<string, Func<BsonValue, Expression>> All { get; } = new Dictionary<string, Func<BsonValue, Expression>>(StringComparer.Ordinal)
    {
        ["$literal"] = value => _ => value,
        ["$cond"] = Condition,
        ["$ifNull"] = IfNull,
        ["$switch"] = Switch,
        ["$let"] = Let,
    };

    private static Expression Condition(BsonValue operands)
    {
        var (test, then, otherwise) = operands.Type == BsonType.Document
            ? (Expressions.Required(operands, "if"), Expressions.Required(operands, "then"), Expressions.Required(operands, "else"))
            : Expressions.Operands("$cond", operands, 3) is var three ? (three[0], three[1], three[2]) : default;
        return variables => Expressions.IsTrue(test(variables)) ? then(variables) : otherwise(variables);
    }

    private static Expression IfNull(BsonValue operands)
    {
        var all = Expressions.Operands(operands);
        return variables =>
        {
            foreach (var operand in all)
            {
                if (operand(variables) is { IsNullish: false } value)
                    return value;
            }
            return all[^1](variables);
        };
    }

    private static Expression Switch(BsonValue operands)
    {
        var otherwise = Expressions.Argument(operands, "default");
        var branches = operands.AsDocument["branches"].AsDocument.Values()
            .Select(branch => (Case: Expressions.Required(branch, "case"), Then: Expressions.Required(branch, "then")))
            .ToList();
        return variables =>
        {
            foreach (var (test, then) in branches)
            {
                if (Expressions.IsTrue(test(variables)))
                    return then(variables);
            }
            return otherwise is null
                ? throw new CommandError(40066, "Location40066", "$switch could not find a matching branch for an input, and no default was specified.")
                : otherwise(variables);
        };
    }

    private static Expression Let(BsonValue operands)
    {
        var named = operands.AsDocument["vars"].AsDocument.ToDictionary(element => element.Name, element => Expressions.Parse(element.Value), StringComparer.Ordinal);
        var inside = Expressions.Required(operands, "in");
        return variables => inside(variables.With(named.ToImmutableDictionary(pair => pair.Key, pair => pair.Value(variables))));
    }
}

using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Compare and combine truths. Unlike in a filter, all types are compared with one another.</summary>
internal static class ComparisonOperators
{
    public static IReadOnlyDictionary<string, Func<BsonValue, Expression>> All { get; } = new Dictionary<string, Func<BsonValue, Expression>>(StringComparer.Ordinal)
    {
        ["$eq"] = Compared("$eq", order => order == 0),
        ["$ne"] = Compared("$ne", order => order != 0),
        ["$gt"] = Compared("$gt", order => order > 0),
        ["$gte"] = Compared("$gte", order => order >= 0),
        ["$lt"] = Compared("$lt", order => order < 0),
        ["$lte"] = Compared("$lte", order => order <= 0),
        ["$cmp"] = Compared("$cmp", order => Math.Sign(order)),
        ["$and"] = And,
        ["$or"] = Or,
        ["$not"] = Not,
    };

    private static Func<BsonValue, Expression> Compared(string name, Func<int, BsonValue> result) => operands =>
    {
        var both = Expressions.Operands(name, operands, 2);
        return variables => result(BsonOrder.Instance.Compare(both[0](variables), both[1](variables)));
    };

    private static Expression And(BsonValue operands)
    {
        var all = Expressions.Operands(operands);
        return variables => all.TrueForAll(one => Expressions.IsTrue(one(variables)));
    }

    private static Expression Or(BsonValue operands)
    {
        var any = Expressions.Operands(operands);
        return variables => any.Exists(one => Expressions.IsTrue(one(variables)));
    }

    private static Expression Not(BsonValue operands)
    {
        var one = Expressions.Operands("$not", operands, 1)[0];
        return variables => !Expressions.IsTrue(one(variables));
    }
}

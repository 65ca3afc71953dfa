using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Whether the values that a path leads to are meant.</summary>
internal delegate bool Accepts(IReadOnlyList<BsonValue> values);

/// <summary>Understands what a query says of one field.</summary>
internal static class FieldTest
{
    /// <summary>A value to be equal to, a regular expression, or a document of operators.</summary>
    public static Accepts Parse(BsonValue condition) => condition.Type switch
    {
        BsonType.Regex => Each(ValueTest.Regex(condition.AsRegex.Pattern, condition.AsRegex.Options, condition)),
        BsonType.Document when IsOperators(condition.AsDocument) => ParseOperators(condition.AsDocument),
        _ => Each(ValueTest.EqualTo(condition)),
    };

    /// <summary>Whether this is a document of operators, and not one to be equal to.</summary>
    public static bool IsOperators(BsonDocument document) =>
        document.Select(element => element.Name).FirstOrDefault() is { } first && first.StartsWith('$') && first is not ("$ref" or "$id" or "$db");

    public static Accepts ParseOperators(BsonDocument operators)
    {
        var all = operators.Select(element => ParseOperator(element, operators)).ToList();
        return all.Count == 1 ? all[0] : values => all.TrueForAll(accepts => accepts(values));
    }

    private static Accepts ParseOperator(BsonElement element, BsonDocument siblings)
    {
        var operand = element.Value;
        return element.Name switch
        {
            "$eq" => Each(ValueTest.EqualTo(operand)),
            "$ne" => Not(Each(ValueTest.EqualTo(operand))),
            "$gt" => Each(ValueTest.Compared(operand, order => order > 0)),
            "$gte" => Each(ValueTest.Compared(operand, order => order >= 0)),
            "$lt" => Each(ValueTest.Compared(operand, order => order < 0)),
            "$lte" => Each(ValueTest.Compared(operand, order => order <= 0)),
            "$in" => Each(ValueTest.In(Array(element))),
            "$nin" => Not(Each(ValueTest.In(Array(element)))),
            "$not" => Not(Parse(operand)),
            "$exists" => Exists(Expressions.IsTrue(operand)),
            "$type" => Each(ValueTest.OfType(operand)),
            "$mod" => Each(ValueTest.Modulo(Array(element))),
            "$regex" => Each(Regex(operand, siblings)),
            "$options" when !siblings.Get("$regex").IsMissing => _ => true,
            "$size" => Size(operand),
            "$all" => All(Array(element)),
            "$elemMatch" => ElementMatch(operand),
            "$comment" => _ => true,
            _ => throw CommandError.BadValue($"unknown operator: {element.Name}"),
        };
    }

    /// <summary>A value, or any element of it when it is an array.</summary>
    private static Accepts Each(ValueTest.Test test) => values =>
    {
        foreach (var value in values)
        {
            if (test(value) || (value.Type == BsonType.Array && value.AsDocument.Values().Any(element => test(element))))
                return true;
        }
        return false;
    };

    private static Accepts Not(Accepts accepts) => values => !accepts(values);

    private static Accepts Exists(bool wanted) => values => values.Any(value => !value.IsMissing) == wanted;

    private static Accepts Size(BsonValue operand)
    {
        if (!operand.IsNumber)
            throw CommandError.BadValue("$size needs a number");
        var size = operand.ToInt64();
        return values => values.Any(value => value.Type == BsonType.Array && value.AsDocument.Count == size);
    }

    private static Accepts All(BsonDocument wanted)
    {
        var all = wanted.Values()
            .Select(value => value.Type == BsonType.Document && IsOperators(value.AsDocument) ? ParseOperators(value.AsDocument) : Parse(value))
            .ToList();
        return values => all.Count > 0 && all.TrueForAll(accepts => accepts(values));
    }

    private static Accepts ElementMatch(BsonValue operand)
    {
        if (operand.Type != BsonType.Document)
            throw CommandError.BadValue("$elemMatch needs an Object");
        var query = operand.AsDocument;
        if (IsOperators(query) && query.First().Name is not ("$and" or "$or" or "$nor" or "$expr"))
        {
            var accepts = ParseOperators(query);
            return values => Elements(values).Any(element => accepts([element]));
        }
        var matches = Filter.Parse(query);
        return values => Elements(values).Any(element => element.Type is BsonType.Document or BsonType.Array && matches(element.AsDocument));
    }

    private static IEnumerable<BsonValue> Elements(IReadOnlyList<BsonValue> values) =>
        values.Where(value => value.Type == BsonType.Array).SelectMany(value => value.AsDocument.Values());

    private static ValueTest.Test Regex(BsonValue operand, BsonDocument siblings)
    {
        var options = siblings.Get("$options") is { Type: BsonType.String } given ? given.AsString : null;
        return operand.Type switch
        {
            BsonType.String => ValueTest.Regex(operand.AsString, options ?? "", operand),
            BsonType.Regex => ValueTest.Regex(operand.AsRegex.Pattern, options ?? operand.AsRegex.Options, operand),
            _ => throw CommandError.BadValue("$regex has to be a string"),
        };
    }

    private static BsonDocument Array(BsonElement element) =>
        element.Value.Type == BsonType.Array ? element.Value.AsDocument : throw CommandError.BadValue($"{element.Name} needs an array");
}

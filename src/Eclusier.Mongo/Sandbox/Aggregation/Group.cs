using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Aggregation;

/// <summary><c>$group</c>: one document for each key, in the order in which the keys come first.</summary>
internal static class Group
{
    public static Stage Parse(BsonValue operand)
    {
        var specification = operand.AsDocument;
        if (!specification.TryGet("_id", out var id))
            throw new CommandError(15955, "Location15955", "a group specification must include an _id");
        var key = Expressions.Parse(id);
        var fields = specification.Where(element => element.Name != "_id").Select(ParseField).ToList();
        return input => Run(input, key, fields);
    }

    private static IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> input, Expression key, List<Field> fields)
    {
        var groups = new OrderedDictionary<BsonValue, List<BsonValue>[]>(BsonOrder.Instance);
        foreach (var document in input)
        {
            var variables = Variables.Of(document);
            var id = key(variables) is { IsMissing: false } value ? value : BsonValue.Null;
            if (!groups.TryGetValue(id, out var values))
                groups.Add(id, values = [.. fields.Select(_ => new List<BsonValue>())]);
            for (var index = 0; index < fields.Count; index++)
                values[index].Add(fields[index].Value(variables));
        }
        foreach (var (id, values) in groups)
        {
            var writer = new BsonWriter().Add("_id", id);
            for (var index = 0; index < fields.Count; index++)
                writer.Add(fields[index].Name, fields[index].Summarize(values[index]));
            yield return writer.ToDocument();
        }
    }

    private static Field ParseField(BsonElement element)
    {
        if (element.Value.Type != BsonType.Document || element.Value.AsDocument.Count != 1)
            throw new CommandError(40234, "Location40234", $"The field '{element.Name}' must be an accumulator object");
        var (name, operand) = element.Value.AsDocument.First();
        return new Field(element.Name, name == "$count" ? _ => 1 : Expressions.Parse(operand), Accumulator(name));
    }

    private static Func<List<BsonValue>, BsonValue> Accumulator(string name) => name switch
    {
        "$sum" or "$count" => values => values.Where(value => value.IsNumber).Aggregate((BsonValue)0, Arithmetic.Add),
        "$avg" => values => NumberOperators.Average([.. values.Where(value => value.IsNumber)]),
        "$min" => values => values.Where(value => !value.IsNullish).DefaultIfEmpty(BsonValue.Null).Min(BsonOrder.Instance),
        "$max" => values => values.Where(value => !value.IsNullish).DefaultIfEmpty(BsonValue.Null).Max(BsonOrder.Instance),
        "$first" => values => OrNull(values[0]),
        "$last" => values => OrNull(values[^1]),
        "$push" => values => BsonValue.Array(values.Where(value => !value.IsMissing)),
        "$addToSet" => values => BsonValue.Array(values.Where(value => !value.IsMissing).Distinct(BsonOrder.Instance)),
        "$mergeObjects" => values => values.Where(value => !value.IsNullish).Select(value => value.AsDocument).Aggregate(BsonDocument.Empty, ArrayOperators.Merged),
        _ => throw new CommandError(15952, "Location15952", $"unknown group operator '{name}'"),
    };

    private static BsonValue OrNull(BsonValue value) => value.IsMissing ? BsonValue.Null : value;

    private sealed record Field(string Name, Expression Value, Func<List<BsonValue>, BsonValue> Summarize);
}

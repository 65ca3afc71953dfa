using System.Collections.Immutable;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Computes a value from a document.</summary>
internal delegate BsonValue Expression(Variables variables);

/// <summary>What an expression can name with <c>$$</c>.</summary>
internal sealed record Variables(BsonValue Root, BsonValue Current, ImmutableDictionary<string, BsonValue> Named)
{
    public static Variables Of(BsonDocument document) => new(document, document, ImmutableDictionary<string, BsonValue>.Empty);

    public Variables With(string name, BsonValue value) => this with { Named = Named.SetItem(name, value) };

    public Variables With(ImmutableDictionary<string, BsonValue> named) => this with { Named = Named.SetItems(named) };
}

/// <summary>Understands aggregation expressions (manual: Aggregation Operators).</summary>
internal static class Expressions
{
    private static readonly IReadOnlyDictionary<string, Func<BsonValue, Expression>> Operators = new[]
    {
        ComparisonOperators.All, ControlOperators.All, NumberOperators.All, TextOperators.All, ArrayOperators.All, ConversionOperators.All,
    }.SelectMany(operators => operators).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    /// <exception cref="CommandError">An operator is not known, or used wrongly.</exception>
    public static Expression Parse(BsonValue value) => value.Type switch
    {
        BsonType.String when value.AsString.StartsWith("$$", StringComparison.Ordinal) => ParseVariable(value.AsString[2..]),
        BsonType.String when value.AsString.StartsWith('$') => ParsePath(value.AsString[1..]),
        BsonType.Document => ParseDocument(value.AsDocument),
        BsonType.Array => ParseArray(value.AsDocument),
        _ => _ => value,
    };

    /// <summary>An operator's operands: an array, or one value in its stead.</summary>
    public static List<Expression> Operands(BsonValue value) =>
        value.Type == BsonType.Array ? [.. value.AsDocument.Values().Select(Parse)] : [Parse(value)];

    /// <exception cref="CommandError">There are more or fewer.</exception>
    public static List<Expression> Operands(string name, BsonValue value, int count)
    {
        var operands = Operands(value);
        return operands.Count == count
            ? operands
            : throw new CommandError(16020, "Location16020", $"Expression {name} takes exactly {count} arguments. {operands.Count} were passed in.");
    }

    /// <summary>A named argument; <c>null</c> when it is not there.</summary>
    public static Expression? Argument(BsonValue arguments, string name) =>
        arguments.Type == BsonType.Document && arguments.AsDocument.TryGet(name, out var value) ? Parse(value) : null;

    /// <exception cref="CommandError">It is not there.</exception>
    public static Expression Required(BsonValue arguments, string name) =>
        Argument(arguments, name) ?? throw CommandError.FailedToParse($"Missing '{name}' parameter");

    /// <summary>All but false, zero, null and nothing.</summary>
    public static bool IsTrue(BsonValue value) => value switch
    {
        { IsNullish: true } => false,
        { Type: BsonType.Boolean } => value.AsBoolean,
        { IsNumber: true } => value.ToDouble() != 0,
        _ => true,
    };

    private static Expression ParsePath(string path)
    {
        var fields = new FieldPath(path);
        return variables => fields.Evaluate(variables.Current);
    }

    private static Expression ParseVariable(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? text : text[..dot];
        var path = dot < 0 ? null : new FieldPath(text[(dot + 1)..]);
        return variables =>
        {
            var value = name switch
            {
                "ROOT" => variables.Root,
                "CURRENT" => variables.Current,
                "REMOVE" => default,
                _ => variables.Named.TryGetValue(name, out var named)
                    ? named
                    : throw new CommandError(17276, "Location17276", $"Use of undefined variable: {name}"),
            };
            return path is null ? value : path.Evaluate(value);
        };
    }

    private static Expression ParseDocument(BsonDocument document)
    {
        var elements = document.ToList();
        if (elements.Count > 0 && elements[0].Name.StartsWith('$'))
        {
            if (elements.Count > 1)
                throw new CommandError(15983, "Location15983", "An object representing an expression must have exactly one field");
            return Operators.TryGetValue(elements[0].Name, out var parse)
                ? parse(elements[0].Value)
                : throw new CommandError(168, "InvalidPipelineOperator", $"Unrecognized expression '{elements[0].Name}'");
        }
        var fields = elements.ConvertAll(element => (element.Name, Expression: Parse(element.Value)));
        return variables =>
        {
            var writer = new BsonWriter();
            foreach (var (name, expression) in fields)
                writer.Add(name, expression(variables));
            return writer.ToDocument();
        };
    }

    private static Expression ParseArray(BsonDocument array)
    {
        var elements = array.Values().Select(Parse).ToList();
        return variables => BsonValue.Array(elements.Select(element => element(variables) is { IsMissing: false } value ? value : BsonValue.Null));
    }
}

using System.Text.RegularExpressions;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>What can be asked of one value.</summary>
internal static class ValueTest
{
    /// <summary>A stand-in must not hang on a pattern that backtracks for ever.</summary>
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(5);

    public delegate bool Test(BsonValue value);

    /// <summary>Null is also equal to a field that is not there.</summary>
    public static Test EqualTo(BsonValue wanted) => wanted.Type == BsonType.Null
        ? value => value.Type is BsonType.Null or BsonType.Missing or BsonType.Undefined
        : value => BsonOrder.SameKind(value.Type, wanted.Type) && !value.IsMissing && BsonOrder.Instance.Compare(value, wanted) == 0;

    /// <summary>Only values of the same kind are compared, but for MinKey and MaxKey; NaN is neither less nor greater than a number.</summary>
    public static Test Compared(BsonValue with, Func<int, bool> accepts) => value =>
    {
        if (with.Type is BsonType.MinKey or BsonType.MaxKey)
            return !value.IsMissing && accepts(BsonOrder.Instance.Compare(value, with));
        if (with.Type == BsonType.Null)
            return value.IsNullish && accepts(0);
        if (value.IsMissing || !BsonOrder.SameKind(value.Type, with.Type))
            return false;
        var order = BsonOrder.Instance.Compare(value, with);
        return accepts(order) && (order == 0 || !(IsNaN(value) || IsNaN(with)));
    };

    public static Test In(BsonDocument wanted)
    {
        var regexes = wanted.Values().Where(value => value.Type == BsonType.Regex).Select(value => Regex(value.AsRegex.Pattern, value.AsRegex.Options, value)).ToList();
        var plain = wanted.Values().Where(value => value.Type != BsonType.Regex).ToHashSet(BsonOrder.Instance);
        var orNothing = plain.Contains(BsonValue.Null);
        return value => (value.IsNullish ? orNothing : plain.Contains(value)) || regexes.Exists(regex => regex(value));
    }

    /// <param name="itself">A stored regular expression is found by the same one.</param>
    public static Test Regex(string pattern, string options, BsonValue itself)
    {
        var regex = Compile(pattern, options);
        return value => value.Type is BsonType.String or BsonType.Symbol ? regex.IsMatch(value.AsString) : value.Type == BsonType.Regex && value == itself;
    }

    /// <summary>Numbers or names of types, one or several.</summary>
    public static Test OfType(BsonValue operand)
    {
        var types = (operand.Type == BsonType.Array ? operand.AsDocument.Values() : [operand]).SelectMany(TypesOf).ToHashSet();
        return value => types.Contains(value.Type);
    }

    public static Test Modulo(BsonDocument operands)
    {
        var numbers = operands.Values().ToList();
        if (numbers.Count != 2 || !numbers.TrueForAll(number => number.IsNumber) || numbers[0].ToInt64() == 0)
            throw CommandError.BadValue("malformed mod, needs to be [divisor, remainder]");
        var (divisor, remainder) = (numbers[0].ToInt64(), numbers[1].ToInt64());
        return value => value.IsNumber && double.IsFinite(value.ToDouble()) && value.ToInt64() % divisor == remainder;
    }

    private static bool IsNaN(BsonValue value) =>
        (value.Type == BsonType.Double && double.IsNaN(value.AsDouble)) || (value.Type == BsonType.Decimal128 && value.AsDecimal128.IsNaN);

    private static Regex Compile(string pattern, string options)
    {
        var flags = RegexOptions.None;
        foreach (var option in options)
        {
            flags |= option switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                'u' => RegexOptions.None,
                _ => throw new CommandError(51108, "Location51108", $"invalid flag in regex options: {option}"),
            };
        }
        try
        {
            return new Regex(pattern, flags, RegexTimeout);
        }
        catch (ArgumentException e)
        {
            throw new CommandError(51091, "Location51091", $"Regular expression is invalid: {e.Message}");
        }
    }

    private static IEnumerable<BsonType> TypesOf(BsonValue type)
    {
        if (type.Type == BsonType.String)
            return type.AsString == "number" ? [BsonType.Int32, BsonType.Int64, BsonType.Double, BsonType.Decimal128] : [TypeNames.Parse(type.AsString)];
        if (!type.IsNumber)
            throw CommandError.TypeMismatch("type must be represented as a number or a string");
        return [type.ToInt64() == -1 ? BsonType.MinKey : (BsonType)type.ToInt64()];
    }
}

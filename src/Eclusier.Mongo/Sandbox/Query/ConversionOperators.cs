using System.Globalization;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Turn values into values of other types. Nothing stays null.</summary>
internal static class ConversionOperators
{
    public static IReadOnlyDictionary<string, Func<BsonValue, Expression>> All { get; } = new Dictionary<string, Func<BsonValue, Expression>>(StringComparer.Ordinal)
    {
        ["$type"] = Type,
        ["$toString"] = operands => Convert("$toString", operands, value => ToText(value)),
        ["$toInt"] = operands => Convert("$toInt", operands, value => checked((int)ToLong(value))),
        ["$toLong"] = operands => Convert("$toLong", operands, value => ToLong(value)),
        ["$toDouble"] = operands => Convert("$toDouble", operands, ToDouble),
        ["$toBool"] = operands => Convert("$toBool", operands, value => Expressions.IsTrue(value)),
        ["$toObjectId"] = operands => Convert("$toObjectId", operands, value => value.Type == BsonType.ObjectId ? value : ObjectId.Parse(value.AsString)),
        ["$toDate"] = operands => Convert("$toDate", operands, ToDate),
    };

    private static Expression Type(BsonValue operands)
    {
        var one = Expressions.Operands("$type", operands, 1)[0];
        return variables => TypeNames.Of(one(variables).Type);
    }

    private static Expression Convert(string name, BsonValue operands, Func<BsonValue, BsonValue> convert)
    {
        var one = Expressions.Operands(name, operands, 1)[0];
        return variables =>
        {
            var value = one(variables);
            try
            {
                return value.IsNullish ? BsonValue.Null : convert(value);
            }
            catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException)
            {
                throw new CommandError(241, "ConversionFailure", $"Failed to convert {value} with {name}: {e.Message}");
            }
        };
    }

    private static string ToText(BsonValue value) => value.Type switch
    {
        BsonType.Boolean => value.AsBoolean ? "true" : "false",
        BsonType.Int32 or BsonType.Int64 => value.ToInt64().ToString(),
        BsonType.Double => value.AsDouble.ToString("R"),
        BsonType.ObjectId => value.AsObjectId.ToString(),
        BsonType.DateTime => value.AsDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
        _ => value.AsString,
    };

    private static long ToLong(BsonValue value) => value.Type switch
    {
        BsonType.Boolean => value.AsBoolean ? 1 : 0,
        BsonType.DateTime => value.AsMilliseconds,
        BsonType.String => long.Parse(value.AsString, NumberStyles.AllowLeadingSign),
        BsonType.Int64 => value.AsInt64,
        _ when value.IsNumber => checked((long)value.ToDouble()),
        _ => throw new FormatException($"There is no such conversion from {TypeNames.Of(value.Type)}."),
    };

    private static BsonValue ToDouble(BsonValue value) => value.Type switch
    {
        BsonType.Boolean => value.AsBoolean ? 1.0 : 0.0,
        BsonType.DateTime => (double)value.AsMilliseconds,
        BsonType.String => double.Parse(value.AsString),
        _ => value.ToDouble(),
    };

    private static BsonValue ToDate(BsonValue value) => value.Type switch
    {
        BsonType.DateTime => value,
        BsonType.String => DateTimeOffset.Parse(value.AsString, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        BsonType.ObjectId => DateTimeOffset.FromUnixTimeSeconds(int.Parse(value.AsObjectId.ToString()[..8], NumberStyles.HexNumber)),
        _ => BsonValue.DateTime(value.ToInt64()),
    };
}

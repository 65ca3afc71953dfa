using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Updates;

/// <summary>What an operator makes of the value at its path; missing: no value.</summary>
internal delegate BsonValue ChangeValue(BsonValue old);

/// <summary>The operators of an update that change one field (manual: Update Operators).</summary>
internal static class UpdateOperators
{
    /// <exception cref="CommandError">The operator is not known, or used wrongly.</exception>
    public static ChangeValue Parse(string name, string path, BsonValue operand, TimeProvider time) => name switch
    {
        "$set" or "$setOnInsert" => _ => operand,
        "$unset" => _ => default,
        "$inc" => Calculate(name, path, operand, operand, Arithmetic.Add),
        "$mul" => Calculate(name, path, operand, Arithmetic.Multiply(operand, 0), Arithmetic.Multiply),
        "$min" => old => old.IsMissing || BsonOrder.Instance.Compare(operand, old) < 0 ? operand : old,
        "$max" => old => old.IsMissing || BsonOrder.Instance.Compare(operand, old) > 0 ? operand : old,
        "$currentDate" => CurrentDate(operand, time),
        "$push" => ArrayChanges.Push(path, operand),
        "$addToSet" => ArrayChanges.AddToSet(path, operand),
        "$pull" => ArrayChanges.Pull(path, operand),
        "$pullAll" => ArrayChanges.PullAll(path, operand),
        "$pop" => ArrayChanges.Pop(path, operand),
        _ => throw CommandError.FailedToParse($"Unknown modifier: {name}. Expected a valid update modifier or pipeline-style update specified as an array"),
    };

    private static ChangeValue Calculate(string name, string path, BsonValue operand, BsonValue first, Func<BsonValue, BsonValue, BsonValue> calculate)
    {
        if (!operand.IsNumber)
            throw CommandError.TypeMismatch($"Cannot {name} with non-numeric argument: {{{path}: {operand}}}");
        return old =>
        {
            if (old.IsMissing)
                return first;
            if (!old.IsNumber)
                throw CommandError.TypeMismatch($"Cannot apply {name} to a value of non-numeric type. The field '{path}' is of type {TypeNames.Of(old.Type)}");
            var result = calculate(old, operand);
            // Unlike an expression, an update does not lose digits.
            return result.Type == BsonType.Double && old.Type != BsonType.Double && operand.Type != BsonType.Double
                ? throw CommandError.BadValue($"Failed to apply {name} operations to current value ({old}): the result does not fit into 64 bits")
                : result;
        };
    }

    private static ChangeValue CurrentDate(BsonValue operand, TimeProvider time)
    {
        var asTimestamp = operand.Type == BsonType.Document && operand.AsDocument.Get("$type") is { Type: BsonType.String } type && type.AsString == "timestamp";
        return _ => asTimestamp ? EmptyTimestamps.Now(time) : time.GetUtcNow();
    }
}

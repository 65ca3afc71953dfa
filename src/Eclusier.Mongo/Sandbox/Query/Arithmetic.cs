using System.Numerics;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>
/// Adds and multiplies numbers of different types as MongoDB does: a decimal makes the result decimal, else a double makes it double, else int32 grows to int64
/// when it must, and in an expression further to double.
/// </summary>
internal static class Arithmetic
{
    public static BsonValue Add(BsonValue left, BsonValue right) => Combine(
        left,
        right,
        (a, b) => a + b,
        (a, b) => a + b,
        (a, b) => a.Exponent > b.Exponent
            ? Decimal128.From((a.Coefficient * BigInteger.Pow(10, a.Exponent - b.Exponent)) + b.Coefficient, b.Exponent)
            : Decimal128.From(a.Coefficient + (b.Coefficient * BigInteger.Pow(10, b.Exponent - a.Exponent)), a.Exponent));

    public static BsonValue Multiply(BsonValue left, BsonValue right) => Combine(
        left, right, (a, b) => a * b, (a, b) => a * b, (a, b) => Decimal128.From(a.Coefficient * b.Coefficient, a.Exponent + b.Exponent));

    public static BsonValue Negate(BsonValue number) => Multiply(number, -1);

    /// <summary>A double, or a decimal when one of them is.</summary>
    public static BsonValue Divide(BsonValue left, BsonValue right)
    {
        if (left.Type != BsonType.Decimal128 && right.Type != BsonType.Decimal128)
            return left.ToDouble() / right.ToDouble();
        const int digits = 40;
        var (a, b) = (ToDecimal(left), ToDecimal(right));
        return a.IsNaN || b.IsNaN || a.IsInfinity || b.IsInfinity || b.Coefficient.IsZero
            ? Decimal128.From(left.ToDouble() / right.ToDouble())
            : Decimal128.From(a.Coefficient * BigInteger.Pow(10, digits) / b.Coefficient, a.Exponent - b.Exponent - digits);
    }

    public static Decimal128 ToDecimal(BsonValue number) => number.Type switch
    {
        BsonType.Decimal128 => number.AsDecimal128,
        BsonType.Double => Decimal128.From(number.AsDouble),
        _ => Decimal128.From(number.ToInt64(), 0),
    };

    private static BsonValue Combine(
        BsonValue left,
        BsonValue right,
        Func<BigInteger, BigInteger, BigInteger> whole,
        Func<double, double, double> real,
        Func<Decimal128, Decimal128, Decimal128> exact)
    {
        if (left.Type == BsonType.Decimal128 || right.Type == BsonType.Decimal128)
        {
            var (a, b) = (ToDecimal(left), ToDecimal(right));
            // Only the not finite ones go through doubles, where they are the same.
            return a.IsNaN || b.IsNaN || a.IsInfinity || b.IsInfinity ? Decimal128.From(real(a.ToDouble(), b.ToDouble())) : exact(a, b);
        }
        if (left.Type == BsonType.Double || right.Type == BsonType.Double)
            return real(left.ToDouble(), right.ToDouble());
        var result = whole(left.ToInt64(), right.ToInt64());
        if (left.Type == BsonType.Int32 && right.Type == BsonType.Int32 && result >= int.MinValue && result <= int.MaxValue)
            return (int)result;
        if (result >= long.MinValue && result <= long.MaxValue)
            return (long)result;
        return (double)result;
    }
}

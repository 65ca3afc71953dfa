using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Eclusier.Mongo.Bson;

/// <summary>An IEEE 754-2008 decimal number of 34 digits, as BSON stores it (binary integer significand).</summary>
public readonly record struct Decimal128
{
    private const int Bias = 6176;
    private const int LargestExponent = 6111;
    private const int Digits = 34;
    private static readonly BigInteger Limit = BigInteger.Pow(10, Digits);

    private readonly ulong _high;
    private readonly ulong _low;

    /// <param name="bytes">Sixteen, little-endian.</param>
    public Decimal128(ReadOnlySpan<byte> bytes)
    {
        _low = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
    }

    private Decimal128(ulong high, ulong low) => (_high, _low) = (high, low);

    public static Decimal128 NaN { get; } = new(0x7C00_0000_0000_0000, 0);

    public static Decimal128 PositiveInfinity { get; } = new(0x7800_0000_0000_0000, 0);

    public static Decimal128 NegativeInfinity { get; } = new(0xF800_0000_0000_0000, 0);

    public bool IsNaN => (_high & 0x7C00_0000_0000_0000) == 0x7C00_0000_0000_0000;

    public bool IsInfinity => (_high & 0x7C00_0000_0000_0000) == 0x7800_0000_0000_0000;

    public bool IsNegative => (_high & 0x8000_0000_0000_0000) != 0;

    /// <summary>The power of ten that the coefficient is multiplied with.</summary>
    public int Exponent => IsLargeForm ? (int)((_high >> 47) & 0x3FFF) - Bias : (int)((_high >> 49) & 0x3FFF) - Bias;

    /// <summary>The digits, with the number's sign. Encodings that the standard calls non-canonical are zero.</summary>
    public BigInteger Coefficient
    {
        get
        {
            if (IsLargeForm)
                return BigInteger.Zero;
            var magnitude = (new BigInteger(_high & 0x1_FFFF_FFFF_FFFF) << 64) | _low;
            return magnitude >= Limit ? BigInteger.Zero : IsNegative ? -magnitude : magnitude;
        }
    }

    private bool IsLargeForm => (_high & 0x6000_0000_0000_0000) == 0x6000_0000_0000_0000;

    /// <summary>Rounds to 34 digits, half to even.</summary>
    public static Decimal128 From(BigInteger coefficient, int exponent)
    {
        var negative = coefficient.Sign < 0;
        var magnitude = BigInteger.Abs(coefficient);
        for (; magnitude >= Limit || (exponent < -Bias && !magnitude.IsZero); exponent++)
            magnitude = DividedByTen(magnitude, last: magnitude < Limit * 10 && exponent + 1 >= -Bias);
        for (; exponent > LargestExponent && magnitude * 10 < Limit && !magnitude.IsZero; exponent--)
            magnitude *= 10;
        if (exponent > LargestExponent && !magnitude.IsZero)
            return negative ? NegativeInfinity : PositiveInfinity;
        var biased = (ulong)(Math.Clamp(exponent, -Bias, LargestExponent) + Bias);
        return new Decimal128((negative ? 1UL << 63 : 0) | (biased << 49) | (ulong)(magnitude >> 64), (ulong)(magnitude & ulong.MaxValue));
    }

    /// <summary>Keeps trailing zeroes: <c>1.10</c> is not <c>1.1</c>.</summary>
    /// <exception cref="FormatException">It is not a number, or one that is too large or has too many digits: it would be another one.</exception>
    public static Decimal128 Parse(string text)
    {
        switch (text.TrimStart('+', '-').ToUpperInvariant())
        {
            case "NAN":
                return NaN;
            case "INF" or "INFINITY":
                return text.StartsWith('-') ? NegativeInfinity : PositiveInfinity;
        }
        var mark = text.IndexOfAny(['e', 'E']);
        var digits = mark < 0 ? text : text[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= digits.Length - point - 1;
            digits = digits.Remove(point, 1);
        }
        var coefficient = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var number = From(coefficient, exponent);
        if (number.IsInfinity || !number.Is(coefficient, exponent))
            throw new FormatException($"A decimal number of {Digits} digits cannot hold {text}.");
        return number.Coefficient.IsZero && text.StartsWith('-') ? new Decimal128(number._high | (1UL << 63), number._low) : number;
    }

    /// <summary>The shortest decimal number that reads as this double.</summary>
    public static Decimal128 From(double value)
    {
        if (double.IsNaN(value))
            return NaN;
        if (double.IsInfinity(value))
            return value > 0 ? PositiveInfinity : NegativeInfinity;
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var digits = BigInteger.Parse(text[..mark].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var exponent = int.Parse(text[(mark + 1)..], CultureInfo.InvariantCulture) - 16;
        for (; !digits.IsZero && digits % 10 == 0; exponent++)
            digits /= 10;
        return digits.IsZero ? From(digits, 0) : From(digits, exponent);
    }

    /// <summary>The nearest double.</summary>
    public double ToDouble()
    {
        if (IsNaN)
            return double.NaN;
        if (IsInfinity)
            return IsNegative ? double.NegativeInfinity : double.PositiveInfinity;
        return double.Parse($"{Coefficient}E{Exponent}", CultureInfo.InvariantCulture);
    }

    /// <summary>Digits and exponent as they are stored: <c>1.10</c>, <c>1E+3</c> (specification: BSON Decimal128, to string representation).</summary>
    public override string ToString()
    {
        if (IsNaN)
            return "NaN";
        var sign = IsNegative ? "-" : "";
        if (IsInfinity)
            return $"{sign}Infinity";
        const int furthestPoint = 6;
        var digits = BigInteger.Abs(Coefficient).ToString(CultureInfo.InvariantCulture);
        var scientific = Exponent + digits.Length - 1;
        if (Exponent > 0 || scientific < -furthestPoint)
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." : "")}{digits.AsSpan(1)}E{(scientific < 0 ? "" : "+")}{scientific.ToString(CultureInfo.InvariantCulture)}";
        if (Exponent == 0)
            return $"{sign}{digits}";
        var all = digits.PadLeft(1 - Exponent, '0');
        return $"{sign}{all.AsSpan(0, all.Length + Exponent)}.{all.AsSpan(all.Length + Exponent)}";
    }

    public byte[] ToArray()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), _high);
        return bytes;
    }

    /// <summary>Whether nothing was lost when it was made of these.</summary>
    private bool Is(BigInteger coefficient, int exponent) => Coefficient.IsZero
        ? coefficient.IsZero
        : Exponent <= exponent || Coefficient * BigInteger.Pow(10, Exponent - exponent) == coefficient;

    private static BigInteger DividedByTen(BigInteger number, bool last)
    {
        var quotient = BigInteger.DivRem(number, 10, out var rest);
        return last && (rest > 5 || (rest == 5 && !quotient.IsEven)) ? quotient + 1 : quotient;
    }
}

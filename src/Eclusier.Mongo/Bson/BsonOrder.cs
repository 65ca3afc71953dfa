using System.Numerics;

namespace Eclusier.Mongo.Bson;

/// <summary>
/// MongoDB's order of all values (manual: Comparison/Sort Order): by type first, numbers of every type with one another.
/// As an equality it is the one that _id and unique indexes use: 1, 1.0 and NumberLong(1) are the same.
/// </summary>
public sealed class BsonOrder : IComparer<BsonValue>, IEqualityComparer<BsonValue>
{
    public static BsonOrder Instance { get; } = new();

    public int Compare(BsonValue x, BsonValue y)
    {
        var byType = Rank(x.Type).CompareTo(Rank(y.Type));
        if (byType != 0)
            return byType;
        return x.Type switch
        {
            BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => CompareNumbers(x, y),
            BsonType.String or BsonType.Symbol or BsonType.JavaScript => x.Bytes.Span[4..^1].SequenceCompareTo(y.Bytes.Span[4..^1]),
            BsonType.Document or BsonType.Array => CompareDocuments(x.AsDocument, y.AsDocument),
            BsonType.Binary => CompareBinaries(x, y),
            BsonType.DateTime => x.AsMilliseconds.CompareTo(y.AsMilliseconds),
            BsonType.Timestamp => x.AsTimestamp.CompareTo(y.AsTimestamp),
            _ => x.Bytes.Span.SequenceCompareTo(y.Bytes.Span),
        };
    }

    public bool Equals(BsonValue x, BsonValue y) => Compare(x, y) == 0;

    public int GetHashCode(BsonValue obj)
    {
        var hash = new HashCode();
        AddTo(ref hash, obj);
        return hash.ToHashCode();
    }

    /// <summary>Whether values of these types are compared with one another, not only ranked.</summary>
    public static bool SameKind(BsonType x, BsonType y) => Rank(x) == Rank(y);

    private static int Rank(BsonType type) => type switch
    {
        BsonType.MinKey => -1,
        BsonType.Missing or BsonType.Undefined => 0,
        BsonType.Null => 5,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => 10,
        BsonType.String or BsonType.Symbol => 15,
        BsonType.Document => 20,
        BsonType.Array => 25,
        BsonType.Binary => 30,
        BsonType.ObjectId => 35,
        BsonType.Boolean => 40,
        BsonType.DateTime => 45,
        BsonType.Timestamp => 47,
        BsonType.Regex => 50,
        BsonType.DbPointer => 55,
        BsonType.JavaScript => 60,
        BsonType.JavaScriptWithScope => 65,
        _ => 127,
    };

    private static int CompareDocuments(BsonDocument x, BsonDocument y)
    {
        var (left, right) = (new BsonReader(x.Bytes), new BsonReader(y.Bytes));
        while (true)
        {
            var (more, others) = (left.Read(), right.Read());
            if (!more || !others)
                return more.CompareTo(others);
            var byType = Rank(left.Type).CompareTo(Rank(right.Type));
            if (byType != 0)
                return byType;
            var byName = left.NameBytes.SequenceCompareTo(right.NameBytes);
            if (byName != 0)
                return byName;
            var byValue = Instance.Compare(left.Value, right.Value);
            if (byValue != 0)
                return byValue;
        }
    }

    private static int CompareBinaries(BsonValue x, BsonValue y)
    {
        var byLength = x.Bytes.Length.CompareTo(y.Bytes.Length);
        return byLength != 0 ? byLength : x.Bytes.Span[4..].SequenceCompareTo(y.Bytes.Span[4..]);
    }

    private static int CompareNumbers(BsonValue x, BsonValue y)
    {
        if (Whole(x) is { } left && Whole(y) is { } right)
            return left.CompareTo(right);
        var (a, b) = (Approximate(x), Approximate(y));
        // double.CompareTo puts NaN before all others, as MongoDB does; where the nearest doubles differ, so do the numbers, in the same way.
        var approximately = a.CompareTo(b);
        if (approximately != 0 || !double.IsFinite(a) || (x.Type == BsonType.Double && y.Type == BsonType.Double))
            return approximately;
        return CompareExactly(Exact(x), Exact(y));
    }

    private static int CompareExactly((BigInteger Significand, int Two, int Ten) x, (BigInteger Significand, int Two, int Ten) y)
    {
        var (two, ten) = (Math.Min(x.Two, y.Two), Math.Min(x.Ten, y.Ten));
        return Scaled(x).CompareTo(Scaled(y));

        BigInteger Scaled((BigInteger Significand, int Two, int Ten) number) =>
            (number.Significand << (number.Two - two)) * BigInteger.Pow(10, number.Ten - ten);
    }

    /// <summary>A significand, and the powers of two and ten that it is multiplied with.</summary>
    private static (BigInteger Significand, int Two, int Ten) Exact(BsonValue number)
    {
        if (Whole(number) is { } whole)
            return (whole, 0, 0);
        if (number.Type == BsonType.Decimal128)
            return (number.AsDecimal128.Coefficient, 0, number.AsDecimal128.Exponent);
        var bits = BitConverter.DoubleToInt64Bits(number.AsDouble);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var fraction = bits & 0xF_FFFF_FFFF_FFFF;
        var significand = exponent == 0 ? fraction : fraction | (1L << 52);
        return (bits < 0 ? -significand : significand, Math.Max(exponent, 1) - 1075, 0);
    }

    private static long? Whole(BsonValue number) => number.Type switch
    {
        BsonType.Int32 => number.AsInt32,
        BsonType.Int64 => number.AsInt64,
        _ => null,
    };

    /// <summary>The nearest double; one zero only.</summary>
    private static double Approximate(BsonValue number) => number.Type switch
    {
        BsonType.Double => number.AsDouble == 0 ? 0 : number.AsDouble,
        BsonType.Decimal128 => number.AsDecimal128 is var value && value.Coefficient.IsZero && !value.IsNaN && !value.IsInfinity ? 0 : value.ToDouble(),
        _ => Whole(number)!.Value,
    };

    private static void AddTo(ref HashCode hash, BsonValue value)
    {
        hash.Add(Rank(value.Type));
        if (value.IsNumber)
        {
            var number = Approximate(value);
            hash.Add(double.IsNaN(number) ? 0 : number);
        }
        else if (value.Type is BsonType.Document or BsonType.Array)
        {
            var reader = new BsonReader(value.Bytes);
            while (reader.Read())
            {
                hash.AddBytes(reader.NameBytes);
                AddTo(ref hash, reader.Value);
            }
        }
        else
        {
            hash.AddBytes(value.Bytes.Span);
        }
    }
}

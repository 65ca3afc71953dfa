using Eclusier.Mongo.Bson;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>The runbook's values as MongoDB's.</summary>
internal static class Constants
{
    /// <summary>A whole number is an int32 where it fits, as MongoDB's shell and drivers write it.</summary>
    public static BsonValue ToBson(Constant constant) => constant.Value switch
    {
        null => BsonValue.Null,
        string text => text,
        bool flag => flag,
        int number => number,
        long number when number is >= int.MinValue and <= int.MaxValue => (int)number,
        long number => number,
        double number => number,
        var other => throw new ArgumentException($"A runbook has no values of type {other.GetType().Name}.", nameof(constant)),
    };
}

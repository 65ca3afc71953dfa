using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Collections;

/// <summary>MongoDB puts its own time in the place of an empty timestamp at the top level of a document that is inserted (manual: BSON Types, Timestamps).</summary>
internal static class EmptyTimestamp
{
    /// <summary>Whether the document has one.</summary>
    public static bool Is(BsonDocument document)
    {
        var reader = new BsonReader(document.Bytes);
        while (reader.Read())
        {
            if (reader.Type == BsonType.Timestamp && IsEmpty(ref reader))
                return true;
        }
        return false;
    }

    /// <summary>Whether a stored document is the given one but for its empty timestamps.</summary>
    public static bool IsFilledIn(BsonDocument given, BsonDocument stored)
    {
        if (given.Size != stored.Size)
            return false;
        var (left, right) = (new BsonReader(given.Bytes), new BsonReader(stored.Bytes));
        while (left.Read() & right.Read())
        {
            if (left.Type != right.Type || !left.NameBytes.SequenceEqual(right.NameBytes))
                return false;
            if (left.Value != right.Value && !(left.Type == BsonType.Timestamp && IsEmpty(ref left)))
                return false;
        }
        return true;
    }

    private static bool IsEmpty(ref BsonReader reader) => reader.Value.AsTimestamp == 0 && !reader.NameBytes.SequenceEqual("_id"u8);
}

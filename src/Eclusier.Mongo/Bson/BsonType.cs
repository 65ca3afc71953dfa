namespace Eclusier.Mongo.Bson;

/// <summary>The type of a value, with its number in the BSON specification (https://bsonspec.org).</summary>
public enum BsonType : byte
{
    /// <summary>No value: what a missing field compares as. Never in a document.</summary>
    Missing = 0,
    Double = 1,
    String = 2,
    Document = 3,
    Array = 4,
    Binary = 5,
    /// <summary>Deprecated.</summary>
    Undefined = 6,
    ObjectId = 7,
    Boolean = 8,
    /// <summary>Milliseconds since 1970, UTC; negative before.</summary>
    DateTime = 9,
    Null = 10,
    Regex = 11,
    /// <summary>Deprecated.</summary>
    DbPointer = 12,
    JavaScript = 13,
    /// <summary>Deprecated.</summary>
    Symbol = 14,
    /// <summary>Deprecated.</summary>
    JavaScriptWithScope = 15,
    Int32 = 16,
    Timestamp = 17,
    Int64 = 18,
    Decimal128 = 19,
    MaxKey = 127,
    MinKey = 255,
}

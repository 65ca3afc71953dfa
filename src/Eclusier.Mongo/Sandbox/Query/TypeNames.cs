using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>What MongoDB calls its types (manual: BSON Types).</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, BsonType> ByName = new(StringComparer.Ordinal)
    {
        ["double"] = BsonType.Double,
        ["string"] = BsonType.String,
        ["object"] = BsonType.Document,
        ["array"] = BsonType.Array,
        ["binData"] = BsonType.Binary,
        ["undefined"] = BsonType.Undefined,
        ["objectId"] = BsonType.ObjectId,
        ["bool"] = BsonType.Boolean,
        ["date"] = BsonType.DateTime,
        ["null"] = BsonType.Null,
        ["regex"] = BsonType.Regex,
        ["dbPointer"] = BsonType.DbPointer,
        ["javascript"] = BsonType.JavaScript,
        ["symbol"] = BsonType.Symbol,
        ["javascriptWithScope"] = BsonType.JavaScriptWithScope,
        ["int"] = BsonType.Int32,
        ["timestamp"] = BsonType.Timestamp,
        ["long"] = BsonType.Int64,
        ["decimal"] = BsonType.Decimal128,
        ["minKey"] = BsonType.MinKey,
        ["maxKey"] = BsonType.MaxKey,
        ["missing"] = BsonType.Missing,
    };

    private static readonly Dictionary<BsonType, string> ByType = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static BsonType Parse(string name) =>
        ByName.TryGetValue(name, out var type) ? type : throw CommandError.BadValue($"Unknown type name alias: {name}");

    public static string Of(BsonType type) => ByType[type];
}

using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox;

/// <summary>A refusal as MongoDB words it (manual: Error Codes).</summary>
internal sealed class CommandError(int code, string codeName, string message) : Exception(message)
{
    public int Code { get; } = code;

    public string CodeName { get; } = codeName;

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>More that the server says, such as <c>keyPattern</c>.</summary>
    public BsonDocument Details { get; init; } = BsonDocument.Empty;

    public static CommandError BadValue(string message) => new(2, "BadValue", message);

    public static CommandError FailedToParse(string message) => new(9, "FailedToParse", message);

    public static CommandError TypeMismatch(string message) => new(14, "TypeMismatch", message);

    public static CommandError NamespaceNotFound(string message) => new(26, "NamespaceNotFound", message);

    public static CommandError CursorNotFound(long id) => new(43, "CursorNotFound", $"cursor id {id} not found");

    public static CommandError NamespaceExists(string message) => new(48, "NamespaceExists", message);

    public static CommandError CommandNotFound(string command) => new(59, "CommandNotFound", $"no such command: '{command}'");

    /// <summary>MongoDB can do it, the stand-in cannot.</summary>
    public static CommandError NotImplemented(string what) => new(238, "NotImplemented", $"Eclusier's stand-in for MongoDB does not know {what}");

    public static CommandError NotWritablePrimary() => new(10107, "NotWritablePrimary", "not primary") { Labels = ["RetryableWriteError"] };

    public static CommandError DuplicateKey(string collection, string index, BsonDocument keyPattern, BsonDocument keyValue) =>
        new(11000, "DuplicateKey", $"E11000 duplicate key error collection: {collection} index: {index} dup key: {keyValue}")
        {
            Details = BsonDocument.Of(("keyPattern", keyPattern), ("keyValue", keyValue)),
        };

    public BsonDocument ToReply()
    {
        var writer = new BsonWriter().Add("ok", 0.0).Add("errmsg", Message).Add("code", Code).Add("codeName", CodeName).AddAll(Details);
        if (Labels.Count > 0)
            writer.Add("errorLabels", BsonValue.Array(Labels.Select(label => (BsonValue)label)));
        return writer.ToDocument();
    }

    public BsonDocument ToWriteError(int index) =>
        new BsonWriter().Add("index", index).Add("code", Code).AddAll(Details).Add("errmsg", Message).ToDocument();
}

using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Wire;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary>The greeting: <c>hello</c>, and <c>isMaster</c> as it was called before.</summary>
internal static class Handshake
{
    public const int SessionMinutes = 30;

    /// <summary>MongoDB 6.0.</summary>
    private const int WireVersion = 17;

    private const int LargestBatch = 100_000;

    public static bool Is(Request request) => request.Name is "hello" or "isMaster" or "ismaster";

    /// <param name="address">Host and port.</param>
    /// <param name="replicaSet">Null: a server that stands alone.</param>
    /// <param name="isPrimary">False while another one would be elected.</param>
    /// <param name="login">The answer to a log-in that came with it; null: there was none.</param>
    public static BsonDocument Reply(Request request, string address, string? replicaSet, bool isPrimary, TimeProvider time, BsonDocument? login)
    {
        var writer = new BsonWriter()
            .Add("helloOk", true)
            .Add(request.Name == "hello" ? "isWritablePrimary" : "ismaster", isPrimary);
        if (replicaSet is not null)
        {
            writer.Add("setName", replicaSet).Add("setVersion", 1).Add("secondary", !isPrimary).Add("hosts", BsonValue.Array([address])).Add("me", address);
            if (isPrimary)
                writer.Add("primary", address);
        }
        if (login is not null)
            writer.Add("speculativeAuthenticate", login);
        return writer
            .Add("maxBsonObjectSize", BsonDocument.LargestSize)
            .Add("maxMessageSizeBytes", WireHeader.LongestMessage)
            .Add("maxWriteBatchSize", LargestBatch)
            .Add("localTime", time.GetUtcNow())
            .Add("logicalSessionTimeoutMinutes", SessionMinutes)
            .Add("connectionId", 1)
            .Add("minWireVersion", 0)
            .Add("maxWireVersion", WireVersion)
            .Add("readOnly", false)
            .Add("ok", 1.0)
            .ToDocument();
    }
}

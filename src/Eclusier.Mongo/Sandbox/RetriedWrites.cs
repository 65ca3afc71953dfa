using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Wire;

namespace Eclusier.Mongo.Sandbox;

/// <summary>A write that a client sends again, because it saw no answer, is answered and not done again (manual: Retryable Writes).</summary>
internal sealed class RetriedWrites
{
    /// <summary>The last write of each session.</summary>
    private readonly Dictionary<BsonValue, (long Number, BsonDocument Reply)> _last = [];

    public BsonDocument Once(Request request, Func<BsonDocument> run)
    {
        if (request.Body.Get("txnNumber") is not { Type: BsonType.Int64 } number || request.Body.Get("lsid") is not { Type: BsonType.Document } session)
            return run();
        // The session's document lies in the message's memory.
        var id = session.AsDocument["id"];
        var key = new BsonValue(id.Type, id.Bytes.ToArray());
        if (_last.TryGetValue(key, out var last) && last.Number == number.AsInt64)
            return last.Reply;
        var reply = run();
        _last[key] = (number.AsInt64, reply);
        return reply;
    }
}

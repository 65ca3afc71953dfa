using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary><c>getMore</c> and <c>killCursors</c>.</summary>
internal static class CursorCommands
{
    public static BsonDocument GetMore(CommandContext context)
    {
        var id = context.Body.First().Value.ToInt64();
        return context.Cursors.GetMore(context.Request.Reply, id, context.Named(context.Body.Get("collection")), context.Number("batchSize"));
    }

    public static BsonDocument Kill(CommandContext context)
    {
        var ids = context.Body["cursors"].AsDocument.Values().Select(id => id.ToInt64()).ToList();
        var killed = ids.Where(context.Cursors.Kill).ToList();
        return BsonDocument.Of(
            ("cursorsKilled", Array(killed)),
            ("cursorsNotFound", Array(ids.Except(killed))),
            ("cursorsAlive", Array([])),
            ("cursorsUnknown", Array([])),
            ("ok", 1.0));
    }

    private static BsonValue Array(IEnumerable<long> ids) => BsonValue.Array(ids.Select(id => (BsonValue)id));
}

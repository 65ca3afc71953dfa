using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Query;
using Eclusier.Mongo.Sandbox.Storage;
using Eclusier.Mongo.Sandbox.Updates;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary><c>findAndModify</c>.</summary>
internal static class FindAndModifyCommand
{
    public static BsonDocument Run(CommandContext context)
    {
        if (!context.Body.Get("arrayFilters").IsMissing || !context.Body.Get("collation").IsMissing)
            throw CommandError.NotImplemented("arrayFilters and collation of findAndModify");
        var remove = context.Flag("remove");
        if (remove == context.Body.TryGet("update", out _))
            throw CommandError.FailedToParse("Either an update or remove=true must be specified");
        var collection = context.Databases.ForWriting(context.Target);
        var found = First(collection, context);
        return remove ? Remove(collection, found, context) : Change(collection, found, context);
    }

    private static BsonDocument? First(StoredCollection collection, CommandContext context)
    {
        var found = collection.Find(Query(context));
        return (context.Document("sort") is { IsEmpty: false } sort ? new SortOrder(sort).Sort(found) : found).FirstOrDefault();
    }

    private static BsonDocument Remove(StoredCollection collection, BsonDocument? found, CommandContext context)
    {
        if (found is not null)
            collection.Delete(found);
        return Reply(BsonDocument.Of(("n", found is null ? 0 : 1)), found, context);
    }

    private static BsonDocument Change(StoredCollection collection, BsonDocument? found, CommandContext context)
    {
        var update = Update.Parse(context.Body["update"], context);
        var wantsNew = context.Flag("new");
        if (found is not null)
        {
            var changed = UpdateCommand.Apply(collection, found, update);
            return Reply(BsonDocument.Of(("n", 1), ("updatedExisting", true)), wantsNew ? changed : found, context);
        }
        if (!context.Flag("upsert"))
            return Reply(BsonDocument.Of(("n", 0), ("updatedExisting", false)), null, context);
        var inserted = UpdateCommand.Upsert(collection, Query(context), update, context);
        return Reply(BsonDocument.Of(("n", 1), ("updatedExisting", false), ("upserted", inserted["_id"])), wantsNew ? inserted : null, context);
    }

    private static BsonDocument Query(CommandContext context) => context.Document("query") ?? BsonDocument.Empty;

    private static BsonDocument Reply(BsonDocument last, BsonDocument? value, CommandContext context)
    {
        if (value is not null && context.Document("fields") is { IsEmpty: false } fields)
            value = new Projection(fields).Apply(value);
        return BsonDocument.Of(("lastErrorObject", last), ("value", value is null ? BsonValue.Null : value), ("ok", 1.0));
    }
}

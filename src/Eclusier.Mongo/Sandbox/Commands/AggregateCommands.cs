using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Aggregation;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary><c>aggregate</c>, <c>count</c> and <c>distinct</c>.</summary>
internal static class AggregateCommands
{
    public static BsonDocument Aggregate(CommandContext context)
    {
        if (context.Body.First().Value.IsNumber || context.Flag("explain"))
            throw CommandError.NotImplemented("aggregate without a collection, or to explain");
        if (context.Document("cursor") is null)
            throw CommandError.FailedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
        FindCommand.RefuseCollation(context);
        var pipeline = Pipeline.Parse(context.Body["pipeline"].AsDocument, context);
        return context.Cursors.Open(context.Request.Reply, context.Target, pipeline(Pipeline.Source(context.Target, context)), context.CursorBatchSize);
    }

    public static BsonDocument Count(CommandContext context)
    {
        FindCommand.RefuseCollation(context);
        var documents = FindCommand.Matching(context, context.Document("query") ?? BsonDocument.Empty).Skip((int)(context.Number("skip") ?? 0));
        var limit = Math.Abs(context.Number("limit") ?? 0);
        return BsonDocument.Of(("n", (limit > 0 ? documents.Take((int)limit) : documents).Count()), ("ok", 1.0));
    }

    public static BsonDocument Distinct(CommandContext context)
    {
        FindCommand.RefuseCollation(context);
        var path = new FieldPath(context.Body["key"].AsString);
        var values = FindCommand.Matching(context, context.Document("query") ?? BsonDocument.Empty)
            .SelectMany(path.Keys)
            .Where(value => value.Type is not (BsonType.Missing or BsonType.Undefined))
            .Distinct(BsonOrder.Instance);
        return BsonDocument.Of(("values", BsonValue.Array(values)), ("ok", 1.0));
    }
}

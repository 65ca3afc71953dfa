using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary><c>delete</c>.</summary>
internal static class DeleteCommand
{
    public static BsonDocument Run(CommandContext context)
    {
        var results = new WriteResults(context);
        var statements = context.Documents("deletes");
        if (!context.Databases.TryGet(context.Target, out _))
            return results.ToReply();
        var collection = context.Databases.ForWriting(context.Target);
        results.ForEach(statements, statement =>
        {
            if (!statement.Get("collation").IsMissing)
                throw CommandError.NotImplemented("collation of a delete");
            var limit = statement["limit"].ToInt64() == 1 ? 1 : int.MaxValue;
            foreach (var document in collection.Find(statement["q"].AsDocument).Take(limit).ToList())
            {
                collection.Delete(document);
                results.Changed(1);
            }
        });
        return results.ToReply();
    }
}

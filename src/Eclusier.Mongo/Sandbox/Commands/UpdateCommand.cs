using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Query;
using Eclusier.Mongo.Sandbox.Storage;
using Eclusier.Mongo.Sandbox.Updates;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary><c>update</c>.</summary>
internal static class UpdateCommand
{
    public static BsonDocument Run(CommandContext context)
    {
        var collection = context.Databases.ForWriting(context.Target);
        var results = new WriteResults(context);
        results.ForEach(context.Documents("updates"), statement => Run(statement, collection, results, context));
        return results.ToReply();
    }

    /// <summary>Puts the changed document in the place of the old one.</summary>
    /// <returns>The document as it is now.</returns>
    public static BsonDocument Apply(StoredCollection collection, BsonDocument old, Update update)
    {
        var changed = update.Apply(old, inserting: false);
        if (changed.Equals(old))
            return old;
        if (changed.Size > BsonDocument.LargestSize)
            throw new CommandError(17419, "Location17419", "Resulting document after update is larger than 16777216");
        // It may hold pieces of the message.
        changed = new BsonDocument(changed.Bytes.ToArray());
        collection.Replace(old, changed);
        return changed;
    }

    /// <summary>Inserts what the update makes of the values that the query asks for.</summary>
    public static BsonDocument Upsert(StoredCollection collection, BsonDocument query, Update update, CommandContext context)
    {
        var start = update.IsReplacement
            ? BsonDocument.Of(("_id", Equalities(query).Where(field => field.Name == "_id").Select(field => field.Value).FirstOrDefault()))
            : Equalities(query).Aggregate(BsonDocument.Empty, (document, field) => DocumentPath.Change(document, field.Name, _ => field.Value));
        var inserted = InsertCommand.Prepare(update.Apply(start, inserting: true), context.Time);
        collection.Insert(inserted);
        return inserted;
    }

    private static void Run(BsonDocument statement, StoredCollection collection, WriteResults results, CommandContext context)
    {
        if (!statement.Get("arrayFilters").IsMissing || !statement.Get("collation").IsMissing)
            throw CommandError.NotImplemented("arrayFilters and collation of an update");
        var query = statement["q"].AsDocument;
        var update = Update.Parse(statement["u"], context);
        var multi = Expressions.IsTrue(statement.Get("multi"));
        if (multi && update.IsReplacement)
            throw CommandError.FailedToParse("multi update is not supported for replacement-style update");
        var found = collection.Find(query).Take(multi ? int.MaxValue : 1).ToList();
        foreach (var document in found)
            results.Changed(1, ReferenceEquals(Apply(collection, document, update), document) ? 0 : 1);
        if (found.Count == 0 && Expressions.IsTrue(statement.Get("upsert")))
            results.Upserted(Upsert(collection, query, update, context)["_id"]);
    }

    private static IEnumerable<BsonElement> Equalities(BsonDocument query)
    {
        foreach (var (name, value) in query)
        {
            if (name == "$and")
            {
                foreach (var inside in value.AsDocument.Values().SelectMany(branch => Equalities(branch.AsDocument)))
                    yield return inside;
            }
            else if (name.StartsWith('$') || value.Type == BsonType.Regex)
            {
                continue;
            }
            else if (value.Type != BsonType.Document || !FieldTest.IsOperators(value.AsDocument))
            {
                yield return new BsonElement(name, value);
            }
            else if (value.AsDocument.TryGet("$eq", out var equal))
            {
                yield return new BsonElement(name, equal);
            }
        }
    }
}

using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Commands;
using Eclusier.Mongo.Sandbox.Query;
using Eclusier.Mongo.Sandbox.Storage;

namespace Eclusier.Mongo.Sandbox.Aggregation;

/// <summary><c>$merge</c> on <c>_id</c>.</summary>
internal static class Merge
{
    public static Stage Parse(BsonValue operand, CommandContext context)
    {
        var options = operand.Type == BsonType.Document ? operand.AsDocument : BsonDocument.Of(("into", operand));
        if (options.Get("on") is { IsMissing: false } on && on != "_id")
            throw CommandError.NotImplemented("$merge on other fields than _id");
        var target = Out.Target(options["into"], context, "coll");
        var (matched, other) = (Choice(options, "whenMatched", "merge"), Choice(options, "whenNotMatched", "insert"));
        return input =>
        {
            var collection = context.Databases.ForWriting(target);
            foreach (var document in input.ToList())
                Put(collection, InsertCommand.Prepare(document, context.Time), matched, other);
            return [];
        };
    }

    private static void Put(StoredCollection collection, BsonDocument document, string matched, string other)
    {
        var old = collection.ById(document["_id"]);
        switch (old is null ? other : matched)
        {
            case "insert":
                collection.Insert(document);
                break;
            case "replace":
                collection.Replace(old!, document);
                break;
            case "merge":
                collection.Replace(old!, ArrayOperators.Merged(old!, document));
                break;
            case "keepExisting" or "discard":
                break;
            case "fail" when old is not null:
                throw CommandError.DuplicateKey(collection.Name.ToString(), StoredIndex.IdName, BsonDocument.Of(("_id", 1)), BsonDocument.Of(("_id", document["_id"])));
            case "fail":
                throw new CommandError(13113, "MergeStageNoMatchingDocument", "$merge could not find a matching document in the target collection");
            default:
                throw CommandError.BadValue("$merge does not know this choice");
        }
    }

    private static string Choice(BsonDocument options, string name, string otherwise) => options.Get(name) switch
    {
        { IsMissing: true } => otherwise,
        { Type: BsonType.String } choice => choice.AsString,
        _ => throw CommandError.NotImplemented($"a pipeline as {name} of $merge"),
    };
}

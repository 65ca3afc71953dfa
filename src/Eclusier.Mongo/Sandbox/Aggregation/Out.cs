using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox.Commands;
using Eclusier.Mongo.Sandbox.Storage;

namespace Eclusier.Mongo.Sandbox.Aggregation;

/// <summary><c>$out</c>: puts the result in a collection's place, with its indexes, or changes nothing.</summary>
internal static class Out
{
    public static Stage Parse(BsonValue operand, CommandContext context)
    {
        var target = Target(operand, context, "coll");
        return input =>
        {
            var result = input.ToList();
            var old = context.Databases.Get(target);
            var collection = new StoredCollection(target, old?.Options ?? BsonDocument.Empty);
            foreach (var index in (old?.Indexes ?? []).Where(index => index.Name != StoredIndex.IdName))
                collection.AddIndex(new StoredIndex(index.Specification));
            foreach (var document in result)
                collection.Insert(InsertCommand.Prepare(document, context.Time));
            context.Databases.Rename(collection, target);
            return [];
        };
    }

    /// <summary>A collection's name, or a document with database and collection.</summary>
    public static MongoNamespace Target(BsonValue operand, CommandContext context, string field) => operand.Type == BsonType.String
        ? new MongoNamespace(context.Request.Database, operand.AsString)
        : new MongoNamespace(operand.AsDocument.Get("db") is { Type: BsonType.String } database ? database.AsString : context.Request.Database, operand.AsDocument[field].AsString);
}

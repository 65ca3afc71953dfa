using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Aggregation;

/// <summary>Makes documents of documents.</summary>
internal delegate IEnumerable<BsonDocument> Stage(IEnumerable<BsonDocument> input);

/// <summary>Understands a pipeline (manual: Aggregation Stages).</summary>
internal static class Pipeline
{
    /// <exception cref="CommandError">A stage is not known, or used wrongly.</exception>
    public static Stage Parse(BsonDocument stages, CommandContext context)
    {
        var all = stages.Values().Select(stage => ParseStage(stage, context)).ToList();
        return input => all.Aggregate(input, (documents, stage) => stage(documents));
    }

    /// <summary>What a collection or view holds; nothing when it is not there.</summary>
    public static IEnumerable<BsonDocument> Source(MongoNamespace name, CommandContext context)
    {
        if (!context.Databases.TryGet(name, out var collection))
            return [];
        if (!collection.IsView)
            return collection.Snapshot();
        var below = new MongoNamespace(name.Database, collection.Options["viewOn"].AsString);
        return Parse(collection.Options["pipeline"].AsDocument, context)(Source(below, context));
    }

    private static Stage ParseStage(BsonValue stage, CommandContext context)
    {
        if (stage.Type != BsonType.Document || stage.AsDocument.Count != 1)
            throw new CommandError(40323, "Location40323", "A pipeline stage specification object must contain exactly one field.");
        var (name, operand) = stage.AsDocument.First();
        return name switch
        {
            "$match" => Match(operand),
            "$project" => Project(operand.AsDocument),
            "$addFields" or "$set" => AddFields.Parse(operand),
            "$unset" => Unset(operand),
            "$group" => Group.Parse(operand),
            "$sort" => input => new SortOrder(operand.AsDocument).Sort(input),
            "$limit" => input => input.Take(checked((int)operand.ToInt64())),
            "$skip" => input => input.Skip(checked((int)operand.ToInt64())),
            "$count" => Count(operand.AsString),
            "$unwind" => Unwind.Parse(operand),
            "$lookup" => Lookup.Parse(operand.AsDocument, context),
            "$replaceRoot" => ReplaceRoot(operand.AsDocument["newRoot"]),
            "$replaceWith" => ReplaceRoot(operand),
            "$sample" => Sample(operand.AsDocument["size"].ToInt64()),
            "$sortByCount" => SortByCount(operand),
            "$out" => Out.Parse(operand, context),
            "$merge" => Merge.Parse(operand, context),
            _ => throw new CommandError(40324, "Location40324", $"Unrecognized pipeline stage name: '{name}'"),
        };
    }

    private static Stage Match(BsonValue query)
    {
        var matches = Filter.Parse(query.AsDocument);
        return input => input.Where(document => matches(document));
    }

    private static Stage Project(BsonDocument specification)
    {
        var projection = new Projection(specification);
        return input => input.Select(projection.Apply);
    }

    private static Stage Unset(BsonValue fields)
    {
        var names = fields.Type == BsonType.Array ? fields.AsDocument.Values() : [fields];
        return Project(BsonDocument.Of([.. names.Select(name => (name.AsString, (BsonValue)0))]));
    }

    private static Stage Count(string name) => input => input.Count() is > 0 and var count ? [BsonDocument.Of((name, count))] : [];

    private static Stage ReplaceRoot(BsonValue newRoot)
    {
        var expression = Expressions.Parse(newRoot);
        return input => input.Select(document => expression(Variables.Of(document)) is { Type: BsonType.Document } root
            ? root.AsDocument
            : throw new CommandError(40228, "Location40228", "'newRoot' expression must evaluate to an object"));
    }

    private static Stage Sample(long size) => input =>
    {
        var all = input.ToArray();
#pragma warning disable CA5394 // A sample for tests, not a secret.
        new Random().Shuffle(all);
#pragma warning restore CA5394
        return all.Take(checked((int)size));
    };

    private static Stage SortByCount(BsonValue expression)
    {
        var group = Group.Parse(BsonDocument.Of(("_id", expression), ("count", BsonDocument.Of(("$sum", 1)))));
        return input => new SortOrder(BsonDocument.Of(("count", -1))).Sort(group(input));
    }
}

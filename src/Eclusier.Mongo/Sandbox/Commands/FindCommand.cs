using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Aggregation;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary><c>find</c>.</summary>
internal static class FindCommand
{
    public static BsonDocument Run(CommandContext context)
    {
        foreach (var option in new[] { "tailable", "returnKey", "showRecordId" }.Where(context.Flag))
            throw CommandError.NotImplemented($"{option} of a find");
        RefuseCollation(context);
        return context.Cursors.Open(
            context.Request.Reply, context.Target, Documents(context), context.Number("batchSize"), context.Flag("singleBatch"), context.Flag("noCursorTimeout"));
    }

    /// <summary>Comparing by bytes where a language's order was asked for would be wrong without anybody noticing.</summary>
    public static void RefuseCollation(CommandContext context)
    {
        if (context.Document("collation") is { } collation && collation.Get("locale") != "simple")
            throw CommandError.NotImplemented("collation");
    }

    private static IEnumerable<BsonDocument> Documents(CommandContext context)
    {
        var documents = Ordered(context, context.Document("filter") ?? BsonDocument.Empty);
        if (context.Number("skip") is > 0 and var skip)
            documents = documents.Skip(checked((int)skip));
        if (context.Number("limit") is > 0 and var limit)
            documents = documents.Take((int)Math.Min(limit, int.MaxValue));
        return context.Document("projection") is { IsEmpty: false } projection ? documents.Select(new Projection(projection).Apply) : documents;
    }

    /// <summary>By the index on <c>_id</c>, where it serves: a range of a large collection is read without looking at the rest, nor sorting.</summary>
    private static IEnumerable<BsonDocument> Ordered(CommandContext context, BsonDocument query)
    {
        var sort = context.Document("sort") is { IsEmpty: false } order ? order : null;
        if (IdIndexScan.Of(context, sort) is not { } scan)
            return sort is null ? Matching(context, query) : new SortOrder(sort).Sort(Matching(context, query));
        var matches = Filter.Parse(query);
        return query.IsEmpty ? scan : scan.Where(document => matches(document));
    }

    /// <summary>What a query means in a collection or view.</summary>
    public static IEnumerable<BsonDocument> Matching(CommandContext context, BsonDocument query)
    {
        if (context.Databases.Get(context.Target) is { IsView: false } collection)
            return collection.Find(query);
        var matches = Filter.Parse(query);
        return Pipeline.Source(context.Target, context).Where(document => matches(document));
    }
}

using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Redaction;

namespace Eclusier.Mongo.Checks;

/// <summary>Runs a user's <c>count</c>, <c>find</c> or <c>aggregate</c>. Nothing else is sent, and no stage that writes.</summary>
internal static class MongoQuery
{
    private const int MaxTimeExpired = 50;

    private static readonly string[] WritingStages = ["$out", "$merge"];

    /// <exception cref="CheckFailedException">The server refuses the query, or it would write.</exception>
    public static async Task<QueryResult> RunAsync(MongoDatabase database, string query, string target, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(database, BsonDocument.FromJson(query), cancellationToken);
        }
        catch (MongoException error) when (error is { Domain: MongoErrorDomain.Server, Code: MaxTimeExpired })
        {
            throw Database.NoAnswer(target, new Text("match less, use an index", "filtrez davantage, utilisez un index"), error);
        }
        catch (MongoException error) when (!error.IsTransient)
        {
            throw Refused(MongoGuard.Said(error), target, error);
        }
        catch (Exception error) when (error is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw Refused(error.Message, target, error);
        }
    }

    private static async Task<QueryResult> AnswerAsync(MongoDatabase database, BsonDocument command, CancellationToken cancellationToken)
    {
        if (command.Get("count") is { Type: BsonType.String } counted)
        {
            var count = await database.Collection(counted.AsString).CountAsync(command["query"].AsDocument, cancellationToken, Database.LongestQuery);
            return new QueryResult(["count"], [[count.ToString()]]);
        }

        if (command.Get("find") is { Type: BsonType.String } found)
        {
            BsonDocument? Part(string name) => command.Get(name) is { Type: BsonType.Document, AsDocument: { IsEmpty: false } part } ? part : null;
            var options = new FindOptions { Projection = Part("projection"), Sort = Part("sort"), Limit = command["limit"].ToInt64(), MaxTime = Database.LongestQuery };
            return await RowsAsync(database.Collection(found.AsString).FindAsync(command["filter"].AsDocument, options, cancellationToken));
        }

        var pipeline = command["pipeline"].AsDocument.Values().Select(stage => stage.AsDocument).ToList();
        if (pipeline.SelectMany(stage => stage).FirstOrDefault(stage => WritingStages.Contains(stage.Name)) is { Name: { } writing })
            throw new InvalidOperationException($"{writing} writes");
        return await RowsAsync(database.Collection(command["aggregate"].AsString).AggregateAsync(pipeline, new AggregateOptions { AllowDiskUse = true, MaxTime = Database.LongestQuery }, cancellationToken));
    }

    private static async Task<QueryResult> RowsAsync(IAsyncEnumerable<IReadOnlyList<BsonDocument>> batches)
    {
        var columns = new List<string>();
        var rows = new List<IReadOnlyList<string?>>();
        await foreach (var document in batches.SelectMany(batch => batch.ToAsyncEnumerable()))
        {
            if (columns.Count == 0)
                columns.AddRange(document.Select(field => field.Name));
            rows.Add([.. document.Select(field => Cell(field.Value))]);
        }

        return new QueryResult(columns, rows);
    }

    /// <summary>As a person would write it; what JSON has no word for stays extended JSON.</summary>
    private static string? Cell(BsonValue value) => value.Type switch
    {
        BsonType.Null or BsonType.Undefined => null,
        BsonType.String => value.AsString,
        BsonType.Boolean => value.AsBoolean ? "true" : "false",
        BsonType.Int32 or BsonType.Int64 => value.ToInt64().ToString(),
        BsonType.Double => value.ToDouble().ToString("R"),
        BsonType.ObjectId => value.AsObjectId.ToString(),
        BsonType.DateTime => value.AsDateTime.ToString("O"),
        _ => value.ToString(),
    };

    private static EclusierException Refused(string reason, string target, Exception cause) => new CheckFailedException(
        new Text($"The query cannot be answered: {Secrets.Redact(reason)}", $"La requête ne peut pas recevoir de réponse : {Secrets.Redact(reason)}"),
        target,
        new Text("Mend it in the runbook; a check reads with count, find or aggregate, and writes nothing.", "Corrigez-la dans le runbook ; un contrôle lit avec count, find ou aggregate, et n'écrit rien."),
        cause);
}

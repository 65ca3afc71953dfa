using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Aggregation;

namespace Eclusier.Mongo.Sandbox.Updates;

/// <summary>What an update makes of a document: a replacement, operators, or a pipeline.</summary>
internal sealed class Update
{
    private readonly Func<BsonDocument, bool, BsonDocument> _apply;

    private Update(Func<BsonDocument, bool, BsonDocument> apply, bool isReplacement) => (_apply, IsReplacement) = (apply, isReplacement);

    public bool IsReplacement { get; }

    /// <exception cref="CommandError">An operator is not known, or used wrongly.</exception>
    public static Update Parse(BsonValue update, CommandContext context)
    {
        if (update.Type == BsonType.Array)
            return OfPipeline(update.AsDocument, context);
        if (update.Type != BsonType.Document)
            throw CommandError.FailedToParse("Update argument must be either an object or an array");
        var first = update.AsDocument.Select(element => element.Name).FirstOrDefault();
        return first?.StartsWith('$') == true ? OfOperators(update.AsDocument, context.Time) : OfReplacement(update.AsDocument, context.Time);
    }

    /// <summary>The document after the update, <c>_id</c> first.</summary>
    /// <exception cref="CommandError">It cannot be applied to this document.</exception>
    public BsonDocument Apply(BsonDocument document, bool inserting)
    {
        var id = document.Get("_id");
        var result = _apply(document, inserting);
        var newId = result.Get("_id");
        if (newId.IsMissing)
            return id.IsMissing ? result : WithId(id, result);
        // A replacement may say 1 where 1.0 was; anything else cannot change what a document is.
        if (!id.IsMissing && BsonOrder.Instance.Compare(id, newId) != 0)
        {
            throw new CommandError(66, "ImmutableField", IsReplacement
                ? $"After applying the update, the (immutable) field '_id' was found to have been altered to _id: {newId}"
                : "Performing an update on the path '_id' would modify the immutable field '_id'");
        }
        return result;
    }

    private static BsonDocument WithId(BsonValue id, BsonDocument rest) => new BsonWriter().Add("_id", id).AddAll(rest).ToDocument();

    private static Update OfReplacement(BsonDocument document, TimeProvider time)
    {
        var filled = EmptyTimestamps.Fill(document, time);
        return new Update((_, _) => filled, isReplacement: true);
    }

    private static Update OfPipeline(BsonDocument stages, CommandContext context)
    {
        string[] allowed = ["$set", "$addFields", "$unset", "$project", "$replaceRoot", "$replaceWith"];
        if (stages.Values().Any(stage => stage.AsDocument.Any(element => !allowed.Contains(element.Name))))
            throw new CommandError(72, "InvalidOptions", "A stage is not allowed to be used within an update");
        var pipeline = Pipeline.Parse(stages, context);
        return new Update((document, _) => pipeline([document]).Single(), isReplacement: false);
    }

    private static Update OfOperators(BsonDocument update, TimeProvider time)
    {
        var changes = update
            .SelectMany(element => Fields(element).Select(field => (Operator: element.Name, Path: field.Name, Operand: field.Value)))
            // Since 5.0 fields are worked on in the order of their names.
            .OrderBy(change => change.Path, StringComparer.Ordinal)
            .Select(change => (change.Operator, change.Path, Apply: Changing(change.Operator, change.Path, change.Operand, time)))
            .ToList();
        for (var index = 1; index < changes.Count; index++)
        {
            var (before, path) = (changes[index - 1].Path, changes[index].Path);
            if (before == path || path.StartsWith($"{before}.", StringComparison.Ordinal))
                throw new CommandError(40, "ConflictingUpdateOperators", $"Updating the path '{path}' would create a conflict at '{before}'");
        }
        return new Update(
            (document, inserting) => changes
                .Where(change => inserting || change.Operator != "$setOnInsert")
                .Aggregate(document, (changed, change) => change.Apply(changed)),
            isReplacement: false);
    }

    private static Func<BsonDocument, BsonDocument> Changing(string name, string path, BsonValue operand, TimeProvider time)
    {
        if (name == "$rename")
            return document => Rename(document, path, operand.AsString);
        var change = UpdateOperators.Parse(name, path, operand, time);
        return document => DocumentPath.Change(document, path, old => change(old));
    }

    private static BsonDocument Rename(BsonDocument document, string from, string to)
    {
        var value = DocumentPath.Get(document, from);
        if (value.IsMissing)
            return document;
        var without = DocumentPath.Change(document, from, _ => default);
        return DocumentPath.Change(without, to, _ => value);
    }

    private static BsonDocument Fields(BsonElement element) => element.Value.Type == BsonType.Document
        ? element.Value.AsDocument
        : throw CommandError.FailedToParse($"Modifiers operate on fields but we found type {element.Value.Type} instead. For example: {{$mod: {{<field>: ...}}}}");
}

using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary>What insert, update and delete answer.</summary>
internal sealed class WriteResults(CommandContext context)
{
    private readonly List<BsonDocument> _errors = [];
    private readonly List<BsonDocument> _upserted = [];
    private readonly bool _ordered = context.Body.Get("ordered").IsMissing || context.Flag("ordered");
    private int _count;
    private int _modified;
    private int _index;

    /// <summary>Does each write; a refusal ends it when they are ordered.</summary>
    public void ForEach(IReadOnlyList<BsonDocument> writes, Action<BsonDocument> run)
    {
        for (_index = 0; _index < writes.Count; _index++)
        {
            try
            {
                run(writes[_index]);
            }
            catch (CommandError e)
            {
                _errors.Add(e.ToWriteError(_index));
                if (_ordered)
                    return;
            }
        }
    }

    /// <param name="count">Documents inserted, matched or deleted.</param>
    public void Changed(int count, int modified = 0)
    {
        _count += count;
        _modified += modified;
    }

    public void Upserted(BsonValue id)
    {
        _count++;
        _upserted.Add(BsonDocument.Of(("index", _index), ("_id", id)));
    }

    public BsonDocument ToReply()
    {
        var writer = new BsonWriter().Add("n", _count);
        if (context.Request.Name == "update")
            writer.Add("nModified", _modified);
        if (_upserted.Count > 0)
            writer.Add("upserted", Array(_upserted));
        if (_errors.Count > 0)
            writer.Add("writeErrors", Array(_errors));
        return writer.Add("ok", 1.0).ToDocument();
    }

    private static BsonValue Array(List<BsonDocument> documents) => BsonValue.Array(documents.Select(document => (BsonValue)document));
}

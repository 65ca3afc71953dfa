using System.Buffers.Binary;
using System.Text;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Wire;

/// <summary>The old message, which clients still begin a conversation with, since they do not know whom they talk to (manual: Legacy Opcodes).</summary>
internal static class OpQuery
{
    public const int Code = 2004;

    private const int ReplyCode = 1;
    private const int ReplyFields = 20;

    /// <exception cref="FormatException">It is not such a message, or not a command.</exception>
    public static Request Read(ReadOnlyMemory<byte> message)
    {
        var name = message[4..];
        var nameLength = BsonFormat.NameLength(name.Span);
        var collection = Encoding.UTF8.GetString(name.Span[..nameLength]);
        const string commands = ".$cmd";
        if (!collection.EndsWith(commands, StringComparison.Ordinal))
            throw new FormatException("An OP_QUERY is not a command.");
        var document = name[(nameLength + 1 + 8)..];
        var body = new BsonDocument(document[..BinaryPrimitives.ReadInt32LittleEndian(document.Span)]);
        // A command with a read preference comes wrapped.
        if (body.Get("$query") is { Type: BsonType.Document } wrapped)
            body = wrapped.AsDocument;
        return new Request(collection[..^commands.Length], body, Request.NoSequences, WantsReply: true);
    }

    /// <summary>What stands before the document in an OP_REPLY.</summary>
    public static byte[] Start(BsonDocument reply, int requestId, int answerTo)
    {
        var start = new byte[WireHeader.Size + ReplyFields];
        new WireHeader(start.Length + reply.Size, requestId, answerTo, ReplyCode).Write(start);
        BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(WireHeader.Size + ReplyFields - 4), 1);
        return start;
    }
}

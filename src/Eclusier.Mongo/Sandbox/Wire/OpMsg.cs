using System.Buffers.Binary;
using System.Text;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Wire;

/// <summary>A command as a client sent it.</summary>
/// <param name="Body">The command; its first field is its name.</param>
/// <param name="Sequences">Documents that were sent beside it.</param>
/// <param name="WantsReply">False: the client will not read an answer.</param>
internal sealed record Request(string Database, BsonDocument Body, IReadOnlyDictionary<string, IReadOnlyList<BsonDocument>> Sequences, bool WantsReply)
{
    public static IReadOnlyDictionary<string, IReadOnlyList<BsonDocument>> NoSequences { get; } = new Dictionary<string, IReadOnlyList<BsonDocument>>(StringComparer.Ordinal);

    /// <summary>Of the connection that it came by.</summary>
    public ReplyMemory Reply { get; init; } = new();

    public string Name { get; } = Body.Select(element => element.Name).FirstOrDefault() ?? "";
}

/// <summary>The message of MongoDB's wire protocol since 3.6 (manual: OP_MSG).</summary>
internal static class OpMsg
{
    public const int Code = 2013;

    private const uint ChecksumPresent = 1;
    private const uint MoreToCome = 2;

    /// <summary>The bits that a server must understand or refuse.</summary>
    private const uint RequiredBits = 0xFFFF;

    /// <param name="message">What follows the header.</param>
    /// <exception cref="FormatException">It is not such a message.</exception>
    public static Request Read(ReadOnlyMemory<byte> message)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(message.Span);
        if ((flags & RequiredBits & ~(ChecksumPresent | MoreToCome)) != 0)
            throw new FormatException("An OP_MSG has flags that are not known.");
        var rest = message[4..((flags & ChecksumPresent) != 0 ? message.Length - 4 : message.Length)];
        BsonDocument? body = null;
        var sequences = new Dictionary<string, IReadOnlyList<BsonDocument>>(StringComparer.Ordinal);
        while (!rest.IsEmpty)
        {
            var kind = rest.Span[0];
            var section = Sized(rest[1..]);
            rest = rest[(1 + section.Length)..];
            if (kind == 0)
                body = new BsonDocument(section);
            else if (kind == 1)
                ReadSequence(section[4..], sequences);
            else
                throw new FormatException($"An OP_MSG has a section of kind {kind}.");
        }
        if (body?.Get("$db") is not { Type: BsonType.String } database)
            throw new FormatException("An OP_MSG has no command, or no $db.");
        return new Request(database.AsString, body, sequences, (flags & MoreToCome) == 0);
    }

    /// <summary>What stands before the document in a message.</summary>
    public static byte[] Start(BsonDocument reply, int requestId, int answerTo)
    {
        var start = new byte[WireHeader.Size + 5];
        new WireHeader(start.Length + reply.Size, requestId, answerTo, Code).Write(start);
        return start;
    }

    private static void ReadSequence(ReadOnlyMemory<byte> section, Dictionary<string, IReadOnlyList<BsonDocument>> sequences)
    {
        var nameLength = BsonFormat.NameLength(section.Span);
        var name = Encoding.UTF8.GetString(section.Span[..nameLength]);
        var documents = new List<BsonDocument>();
        for (var rest = section[(nameLength + 1)..]; !rest.IsEmpty; rest = rest[documents[^1].Size..])
            documents.Add(new BsonDocument(Sized(rest)));
        sequences[name] = documents;
    }

    /// <summary>What begins with its own size.</summary>
    private static ReadOnlyMemory<byte> Sized(ReadOnlyMemory<byte> bytes)
    {
        var size = bytes.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes.Span) : 0;
        return size >= 4 && size <= bytes.Length ? bytes[..size] : throw new FormatException("A section reaches beyond its message.");
    }
}

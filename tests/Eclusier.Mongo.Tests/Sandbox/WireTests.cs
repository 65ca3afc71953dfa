using System.Buffers.Binary;
using System.Net.Sockets;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Sandbox;

/// <summary>The stand-in's protocol, byte by byte: what well-behaved clients never send.</summary>
public sealed class WireTests
{
    private const int OpMsg = 2013;
    private const int OpQuery = 2004;

    [Fact]
    public async Task The_old_greeting_is_answered_with_the_old_reply()
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { ReplicaSet = "rs" });
        using var client = await ConnectAsync(sandbox);

        var reply = await AskAsync(client, OpQuery, [0, 0, 0, 0, .. "admin.$cmd\0"u8, 0, 0, 0, 0, 255, 255, 255, 255, .. Doc("""{ "isMaster": 1 }""").Bytes.Span]);

        var document = new BsonDocument(reply![36..]);
        Assert.True(document["ismaster"].AsBoolean);
        Assert.Equal("rs", document["setName"].AsString);
        Assert.Equal(document["me"].AsString, document["primary"].AsString);
    }

    [Fact]
    public async Task A_checksum_is_no_part_of_the_command()
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        using var client = await ConnectAsync(sandbox);

        var reply = await AskAsync(client, OpMsg, [1, 0, 0, 0, 0, .. Doc("""{ "hello": 1, "$db": "admin" }""").Bytes.Span, 1, 2, 3, 4]);

        Assert.True(new BsonDocument(reply![21..])["isWritablePrimary"].AsBoolean);
    }

    [Fact]
    public async Task A_message_that_wants_no_reply_gets_none()
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        using var client = await ConnectAsync(sandbox);
        byte[] hello = [.. Doc("""{ "hello": 1, "$db": "admin" }""").Bytes.Span];

        await SendAsync(client, OpMsg, [2, 0, 0, 0, 0, .. hello], requestId: 1);
        await SendAsync(client, OpMsg, [0, 0, 0, 0, 0, .. hello], requestId: 2);

        Assert.Equal(2, BinaryPrimitives.ReadInt32LittleEndian((await ReceiveAsync(client)).AsSpan(8)));
    }

    public static TheoryData<int, string> Nonsense => new()
    {
        { 2010, "" },
        { OpMsg, "" },
        { OpMsg, "00000000" },
        { OpMsg, "00000000 09" },
        { OpMsg, "00000000 00 FFFFFFFF" },
        { OpMsg, "00000000 00 05000000" },
        { OpMsg, "00000000 00 0500000000" },
        { OpMsg, "00000000 01 05000000 61" },
        { OpMsg, "04000000 00 0500000000" },
        { OpQuery, "00000000 61" },
        { OpQuery, "00000000 612E6200" },
        { OpQuery, "00000000 612E24636D6400 0000000000000000 FF0000" },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_ends_its_connection_and_no_other(int opCode, string hex)
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        using var client = await ConnectAsync(sandbox);

        Assert.Null(await AskAsync(client, opCode, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

        await using var other = await MongoClient.ConnectAsync(sandbox.UrlOf("db"), new MongoClientOptions(), Token);
        Assert.Empty(await other.Database("db").ListCollectionsAsync(Token));
    }

    [Theory]
    [InlineData("""{ "find": 5 }""")]
    [InlineData("""{ "find": "c", "filter": 5 }""")]
    [InlineData("""{ "find": "c", "sort": { "a": "x" } }""")]
    [InlineData("""{ "insert": "c" }""")]
    [InlineData("""{ "insert": "c", "documents": [ 1 ] }""")]
    [InlineData("""{ "insert": "c", "documents": [ { "_id": [ 1 ] } ], "ordered": "no" }""")]
    [InlineData("""{ "update": "c", "updates": [ { } ] }""")]
    [InlineData("""{ "delete": "c", "deletes": [ { "q": { } } ] }""")]
    [InlineData("""{ "getMore": "x", "collection": "c" }""")]
    [InlineData("""{ "getMore": { "$numberLong": "7" }, "collection": "c" }""")]
    [InlineData("""{ "aggregate": "c", "cursor": { } }""")]
    [InlineData("""{ "aggregate": "c", "cursor": { }, "pipeline": [ { "$group": { "_id": 1, "n": 5 } } ] }""")]
    [InlineData("""{ "createIndexes": "c", "indexes": [ { "key": { "a": 0 }, "name": "x" } ] }""")]
    [InlineData("""{ "renameCollection": "x" }""")]
    [InlineData("""{ "find": "c", "collation": { "locale": "fr" } }""")]
    [InlineData("""{ "find": "c", "filter": { "$where": "1" } }""")]
    [InlineData("""{ "find": "c", "startTransaction": true }""")]
    public async Task A_wrong_command_is_refused_and_the_connection_lives_on(string command)
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("db"), new MongoClientOptions(), Token);
        await client.Collection("db", "c").InsertAsync("{}");

        try
        {
            var reply = await client.RunCommandAsync("db", Doc(command), Token);
            Assert.False(reply.Get("writeErrors").IsMissing);
        }
        catch (MongoException e)
        {
            Assert.Equal(MongoErrorDomain.Server, e.Domain);
            Assert.NotEqual(0, e.Code);
        }
        Assert.Equal(1, await client.Collection("db", "c").EstimatedCountAsync(Token));
    }

    private static async Task<TcpClient> ConnectAsync(MongoSandbox sandbox)
    {
        var address = MongoUrl.Describe(sandbox.UrlOf("db")).Split(':', '/');
        var client = new TcpClient();
        await client.ConnectAsync(address[0], int.Parse(address[1]), Token);
        return client;
    }

    private static async Task<byte[]?> AskAsync(TcpClient client, int opCode, byte[] body)
    {
        await SendAsync(client, opCode, body, requestId: 1);
        return await ReceiveAsync(client);
    }

    private static async Task SendAsync(TcpClient client, int opCode, byte[] body, int requestId)
    {
        var message = new byte[16 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), requestId);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), opCode);
        body.CopyTo(message, 16);
        await client.GetStream().WriteAsync(message, Token);
    }

    /// <summary>Null: the connection was closed.</summary>
    private static async Task<byte[]?> ReceiveAsync(TcpClient client)
    {
        var header = new byte[16];
        if (await client.GetStream().ReadAtLeastAsync(header, 16, throwOnEndOfStream: false, Token) < 16)
            return null;
        var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - 16];
        await client.GetStream().ReadExactlyAsync(body, Token);
        return [.. header, .. body];
    }
}

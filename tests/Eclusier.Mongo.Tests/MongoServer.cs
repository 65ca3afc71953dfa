using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;

[assembly: AssemblyFixture(typeof(Eclusier.Mongo.Tests.MongoServer))]

namespace Eclusier.Mongo.Tests;

/// <summary>
/// One server for all tests of an assembly, and a database of its own for each test: the server at ECLUSIER_TEST_MONGODB_URL, else a sandbox.
/// </summary>
public sealed class MongoServer : IAsyncLifetime
{
    private readonly List<string> _databases = [];
    private MongoSandbox? _sandbox;
    private MongoClient? _client;
    private DatabaseUrl? _own;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("ECLUSIER_TEST_MONGODB_URL") is { Length: > 0 } url)
            _own = new DatabaseUrl(url);
        else
            _sandbox = await MongoSandbox.StartAsync(CancellationToken.None);
        _client = await MongoClient.ConnectAsync(_own ?? _sandbox!.UrlOf("admin"), new MongoClientOptions(), CancellationToken.None);
        var info = await _client.BuildInfoAsync(CancellationToken.None);
        IsStandIn = !info.Get("standIn").IsMissing;
        TestContext.Current.SendDiagnosticMessage($"MongoDB {info["version"].AsString}{(IsStandIn ? ", the stand-in" : "")}");
    }

    /// <summary>Whether what is tested is our own server, too.</summary>
    public bool IsStandIn { get; private set; }

    /// <summary>Closed with the server.</summary>
    public MongoClient Client => _client!;

    /// <summary>An empty database, dropped at the end.</summary>
    public MongoDatabase NewDatabase()
    {
        var name = $"test_{Guid.NewGuid():N}";
        lock (_databases)
            _databases.Add(name);
        return Client.Database(name);
    }

    public DatabaseUrl UrlOf(string database) => _own is null ? _sandbox!.UrlOf(database) : MongoUrl.WithDatabase(_own, database);

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _databases)
            await Client.Database(name).DropAsync(CancellationToken.None);
        await Client.DisposeAsync();
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
    }
}

/// <summary>Short forms that make tests readable.</summary>
internal static class Short
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A document, in extended JSON.</summary>
    public static BsonDocument Doc(string json) => BsonDocument.FromJson(json);

    public static Task<WriteResult> InsertAsync(this MongoCollection collection, params string[] documents) =>
        collection.InsertAsync(documents.Select(Doc), new WriteOptions(), Token);

    public static async Task<List<BsonDocument>> AllAsync(this IAsyncEnumerable<IReadOnlyList<BsonDocument>> batches)
    {
        var all = new List<BsonDocument>();
        await foreach (var batch in batches)
            all.AddRange(batch);
        return all;
    }

    public static Task<List<BsonDocument>> FindAllAsync(this MongoCollection collection, string filter = "{}", FindOptions? options = null) =>
        collection.FindAsync(Doc(filter), options ?? new FindOptions(), Token).AllAsync();

    /// <summary>As compact as a person would write it.</summary>
    public static string Json(this BsonDocument document) => System.Text.Json.Nodes.JsonNode.Parse(document.ToCanonicalJson())!.ToJsonString(Plain);

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

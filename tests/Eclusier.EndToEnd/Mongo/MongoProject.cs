using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>A user's folder with a runbook, and two databases: staging with a small chat in it, and production with an older one. The server is a stand-in in this process.</summary>
internal sealed class MongoProject : IAsyncDisposable
{
    public const string Collections =
        """
        collections:
          from: staging
          to: production
          copy: ["[A-Z]*"]
          ignore: ["Draft"]
          transforms:
            - embed: MessageTranslation
              into: Message
              match: { messageId: _id }
              at: "translations.{targetLanguage}"
              fields: { text: translatedText, model: { from: translationModel, default: basic } }
            - replace: { in: Attachment, fields: [fileUrl], text: staging.example.com, with: example.com }
          indexes:
            - { on: Message, keys: { conversationId: 1, createdAt: -1 } }
          cleanup: { drop: ["call_*"], after: 48h }
        """;

    private readonly MongoSandbox _server;

    private MongoProject(MongoSandbox server, MongoClient client, string folder)
    {
        _server = server;
        Client = client;
        Folder = folder;
    }

    public string Folder { get; }

    /// <inheritdoc cref="InjectedFaults.CloseWhen"/>
    public Func<BsonDocument, CommandMoment, bool>? CloseWhen { get; set; }

    public MongoClient Client { get; }

    public MongoDatabase Staging => Client.Database("staging");

    public MongoDatabase Production => Client.Database("production");

    public string Password => _server.UrlOf("x").Reveal().Split(':')[2].Split('@')[0];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<MongoProject> CreateAsync()
    {
        MongoProject? project = null;
        var server = MongoSandbox.StartStandIn(new StandInOptions { Faults = new InjectedFaults { CloseWhen = (command, moment) => project?.CloseWhen?.Invoke(command, moment) == true } });
        var client = await MongoClient.ConnectAsync(server.UrlOf("admin"), new MongoClientOptions("test"), Token);
        project = new MongoProject(server, client, Directory.CreateTempSubdirectory("eclusier-e2e-mongo").FullName);
        await project.FillAsync();
        return project.Runbook();
    }

    public MongoProject Runbook(string more = "", string production = "protected: false", string collections = Collections)
    {
        File.WriteAllText(Path.Combine(Folder, "eclusier.yaml"), $$"""
            name: Chat
            language: en
            environments:
              staging: { url: "${STAGING_URL}" }
              production: { url: "${PRODUCTION_URL}", {{production}} }
            {{collections}}
            {{more}}
            """);
        return this;
    }

    public Task<CliResult> RunAsync(params string[] arguments) => Cli.RunAsync(arguments, Folder, Environment());

    public Dictionary<string, string?> Environment() => new(StringComparer.Ordinal)
    {
        ["STAGING_URL"] = _server.UrlOf("staging").Reveal(),
        ["PRODUCTION_URL"] = _server.UrlOf("production").Reveal(),
        ["LANG"] = "en_US.UTF-8",
    };

    public async Task<IReadOnlyList<string>> ProductionNamesAsync() =>
        [.. (await Production.ListCollectionsAsync(Token)).Select(found => found["name"].AsString).Where(name => !name.Contains("__eclusier", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public async Task<IReadOnlyList<string>> OwnNamesAsync() =>
        [.. (await Production.ListCollectionsAsync(Token)).Select(found => found["name"].AsString).Where(name => name.Contains("__eclusier_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public async Task<BsonDocument?> FindAsync(string collection, string filter) => await Production.Collection(collection).FindOneAsync(BsonDocument.FromJson(filter), Token);

    public Task<long> CountAsync(string collection) => Production.Collection(collection).CountAsync(BsonDocument.Empty, Token);

    public static Task InsertAsync(MongoCollection collection, params IEnumerable<string> documents) =>
        collection.InsertAsync(documents.Select(BsonDocument.FromJson), new WriteOptions(), Token);

    public string Journal()
    {
        var runs = Path.Combine(Folder, ".eclusier", "runs");
        var last = Directory.Exists(runs) ? Directory.GetFiles(runs, "journal.jsonl", SearchOption.AllDirectories).Max(StringComparer.Ordinal) : null;
        if (last is null)
            return "";
        using var reader = new StreamReader(new FileStream(last, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    public string Report() => File.ReadAllText(Directory.GetFiles(Path.Combine(Folder, ".eclusier"), "report.md", SearchOption.AllDirectories).Max(StringComparer.Ordinal)!);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task FillAsync()
    {
        await InsertAsync(Staging.Collection("User"), Enumerable.Range(1, 20).Select(n => $$"""{ "_id": {{n}}, "name": "user {{n}}" }"""));
        await InsertAsync(Staging.Collection("Message"), Enumerable.Range(1, 50).Select(n => $$"""{ "_id": {{n}}, "conversationId": {{n % 5}}, "createdAt": {{n}}, "text": "hello {{n}}" }"""));
        await InsertAsync(
            Staging.Collection("MessageTranslation"),
            [.. Enumerable.Range(1, 40).Select(n => $$"""{ "_id": {{n}}, "messageId": {{n}}, "targetLanguage": "fr", "translatedText": "bonjour {{n}}" }"""), """{ "_id": 99, "messageId": 999, "targetLanguage": "fr", "translatedText": "perdu" }"""]);
        await InsertAsync(Staging.Collection("Attachment"), """{ "_id": 1, "fileUrl": "https://staging.example.com/a.png" }""", """{ "_id": 2, "fileUrl": "https://elsewhere.org/b.png" }""");
        await InsertAsync(Staging.Collection("Draft"), """{ "_id": 1 }""");
        await Staging.Collection("User").CreateIndexesAsync([BsonDocument.FromJson("""{ "key": { "name": 1 }, "name": "name_1", "unique": true }""")], Token);

        await InsertAsync(Production.Collection("User"), """{ "_id": 1, "name": "user 1" }""", """{ "_id": 777, "name": "only in production" }""");
        await InsertAsync(Production.Collection("Message"), """{ "_id": 1, "text": "old" }""");
        await InsertAsync(Production.Collection("call_sessions"), """{ "_id": 1 }""", """{ "_id": 2 }""");
    }
}

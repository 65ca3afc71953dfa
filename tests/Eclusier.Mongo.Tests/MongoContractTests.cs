using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Tests;

/// <summary>MongoDB keeps what every engine promises.</summary>
public sealed class MongoContractTests(MongoServer server) : EngineContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected override async Task<ContractWorld> NewWorldAsync()
    {
        var (staging, production) = (server.NewDatabase(), server.NewDatabase());
        await staging.Collection("User").InsertAsync([.. Enumerable.Range(1, 300).Select(n => $$"""{ "_id": {{n}}, "name": "user {{n}}" }""")]);
        await staging.Collection("Message").InsertAsync([.. Enumerable.Range(1, 200).Select(n => $$"""{ "_id": {{n}}, "text": "hello {{n}}" }""")]);
        await staging.Collection("Place").InsertAsync("""{ "_id": 1 }""");
        await production.Collection("User").InsertAsync("""{ "_id": 1, "name": "user 1" }""", """{ "_id": 777, "name": "only here" }""");
        await production.Collection("Message").InsertAsync("""{ "_id": 1, "text": "old" }""");
        return new World(server, staging, production);
    }

    private sealed class World : ContractWorld
    {
        private readonly MongoServer _server;
        private readonly MongoDatabase _staging;
        private readonly MongoDatabase _production;

        public World(MongoServer server, MongoDatabase staging, MongoDatabase production)
            : base(new MongoEngine())
        {
            (_server, _staging, _production) = (server, staging, production);
            File.WriteAllText(Path.Combine(Folder, "eclusier.yaml"), """
                environments:
                  staging: { url: "${STAGING_URL}" }
                  production: { url: "${PRODUCTION_URL}" }
                collections: { from: staging, to: production, copy: ["[A-Z]*"] }
                policy: { allow: [ { hazard: lost-documents, because: a test } ] }
                backup: { to: [./bk1, ./bk2], copies: 2 }
                rehearsal: { on: sandbox }
                """);
        }

        public override string Password => new UriBuilder(_server.UrlOf("x").Reveal()).Password;

        public override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["STAGING_URL"] = _server.UrlOf(_staging.Name).Reveal(),
            ["PRODUCTION_URL"] = _server.UrlOf(_production.Name).Reveal(),
        };

        public override async Task<string> ContentsAsync()
        {
            var lines = new List<string>();
            foreach (var name in (await _production.ListCollectionsAsync(Token)).Select(found => found["name"].AsString).Where(name => !name.Contains("__eclusier", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                lines.AddRange((await _production.Collection(name).FindAllAsync()).Select(document => $"{name} {BsonJson.Keep(document)}").Order(StringComparer.Ordinal));
            return string.Join('\n', lines);
        }
    }
}

using Eclusier.Runbooks;
using Eclusier.Tests.Shared;

namespace Eclusier.Tests.Runbooks;

public sealed class CollectionsSectionTests : IDisposable
{
    private const string Environments = "environments: { staging: { url: \"mongodb://s/a\" }, production: { url: \"mongodb+srv://p/a\" }, sql: { url: \"postgresql://q/a\" } }";
    private const string Minimal = $"{Environments}\ncollections: {{ from: staging, to: production }}";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Two_lines_are_enough_and_migrations_are_optional()
    {
        var runbook = Read(Minimal);

        Assert.False(runbook.HasMigrations);
        Assert.Equal(["production"], runbook.Targets);
        Assert.Equal(["*"], runbook.Collections!.Copy);
        Assert.Equal(DatabaseSystem.MongoDb, runbook.Environments["production"].Url.System);
        Assert.Equal(TimeSpan.FromHours(24), runbook.Watch.For);
        Assert.Throws<InvalidInputException>(() => runbook.Migrations);
    }

    [Fact]
    public void Every_transform_and_index_is_read_with_its_types()
    {
        var settings = Read(
            $$"""
            {{Environments}}
            collections:
              from: staging
              to: production
              copy: ["[A-Z]*"]
              ignore: [Old]
              transforms:
                - { embed: Child, into: Parent, match: { parentId: _id }, at: "byLanguage.{language}", fields: { text: words, model: { from: model, default: basic } } }
                - replace: { in: File, fields: [url], text: staging, with: "" }
                - rename: { in: File, fields: { a: b } }
                - set: { in: File, fields: { one: 1, half: 0.5, yes: true, word: "1", none: null } }
                - unset: { in: File, fields: [a.b] }
                - filter: { in: File, where: { at: { $gt: { $date: "2026-01-01T00:00:00Z" } }, n: 1.0 } }
              indexes:
                - { on: Parent, keys: { a: 1, b: -1 }, unique: true, sparse: true, where: { c: { $exists: true } }, name: by_a, expire_after: 1d }
              cleanup: { drop: [old_*], after: 12h }
            """).Collections!;

        Assert.Equal(["Embed", "Replace", "Rename", "Set", "Unset", "Filter"], settings.Transforms.Select(transform => transform.GetType().Name));
        var embed = Assert.IsType<Embed>(settings.Transforms[0]);
        Assert.Equal([new EmbeddedField("text", "words"), new EmbeddedField("model", "model", new Constant("basic"))], embed.Fields);
        Assert.Equal([1L, 0.5, true, "1", null], Assert.IsType<Set>(settings.Transforms[3]).Fields.Values.Select(constant => constant.Value));
        Assert.Equal("""{"at":{"$gt":{"$date":"2026-01-01T00:00:00Z"}},"n":1.0}""", Assert.IsType<Filter>(settings.Transforms[5]).Where);
        var index = Assert.Single(settings.Indexes);
        Assert.Equal([new IndexKey("a", "1"), new IndexKey("b", "-1")], index.Keys);
        Assert.Equal(("""{"c":{"$exists":true}}""", TimeSpan.FromDays(1)), (index.PartialFilter, index.ExpireAfter));
        Assert.Equal(TimeSpan.FromHours(12), settings.Cleanup!.After);
    }

    [Theory]
    [InlineData("count: Message", "count", """{"count":"Message","query":{}}""")]
    [InlineData("count: M, filter: { a: { $gt: 5 }, b: \"5\" }", "count", """{"count":"M","query":{"a":{"$gt":5},"b":"5"}}""")]
    [InlineData("find: M, filter: '{\"a\":1}', fields: { a: 1 }, sort: { b: -1, a: 1 }, limit: 3", "find", """{"find":"M","filter":{"a":1},"projection":{"a":1},"sort":{"b":-1,"a":1},"limit":3}""")]
    [InlineData("aggregate: M, pipeline: [ { $match: { a: null } }, { $count: n } ]", "aggregate", """{"aggregate":"M","pipeline":[{"$match":{"a":null}},{"$count":"n"}]}""")]
    public void Questions_to_MongoDB_are_commands(string yaml, string kind, string query)
    {
        var runbook = Read($"{Minimal}\nchecks: [ {{ name: a, equals: 1, {yaml} }} ]\ninvariants: [ {{ name: a, {yaml} }} ]");

        Assert.Equal((kind, query, DatabaseSystem.MongoDb), (runbook.Checks[0].Kind, runbook.Checks[0].Query, runbook.Checks[0].System));
        Assert.Equal((query, DatabaseSystem.MongoDb), (runbook.Invariants[0].Query, runbook.Invariants[0].System));
    }

    [Theory]
    [InlineData("collections: { from: staging, to: staging }", "2:35", "the same")]
    [InlineData("collections: { from: elsewhere, to: production }", "2:22", "elsewhere")]
    [InlineData("collections: { from: sql, to: production }", "2:22", "mongodb://")]
    [InlineData("collections: { from: staging, to: production, copyy: [] }", "2:47", "did you mean \"copy\"")]
    [InlineData("collections: { from: staging, to: production, transforms: [ { embd: a } ] }", "2:61", "embed, replace")]
    [InlineData("collections: { from: staging, to: production, transforms: [ { replace: { fields: [a], text: b } } ] }", "2:72", "replace.in")]
    [InlineData("collections: { from: staging, to: production, indexes: [ { on: a, keys: { b: up } } ] }", "2:78", "hashed")]
    [InlineData("collections: { from: staging, to: production, transforms: [ { filter: { in: a, where: [1] } } ] }", "2:87", "mapping")]
    [InlineData("collections: { from: staging, to: production }\nchecks: [ { name: a, sql: select 1, equals: 1 } ]", "3:27", "needs the section `migrations`")]
    [InlineData("migrations: { path: ., target: production }", "2:32", "postgresql://")]
    public void An_error_gives_line_column_and_what_is_right(string yaml, string place, string word)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Read($"{Environments}\n{yaml}"));

        Assert.Contains($"eclusier.yaml:{place}:", error.Problem.En, StringComparison.Ordinal);
        Assert.Contains(word, error.Problem.En, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_environment_sees_what_concerns_its_kind()
    {
        var runbook = Read(
            $$"""
            {{Environments}}
            migrations: { path: ., target: sql }
            collections: { from: staging, to: production }
            rehearsal: { url: "mongodb://r/" }
            policy: { forbid: [drop-table, lost-documents] }
            checks: [ { name: a, sql: select 1, equals: 1 }, { name: b, count: B, equals: 1 }, { name: c, http: "http://c" } ]
            """);

        var (sql, mongo) = (runbook.For(runbook.Environments["sql"]), runbook.For(runbook.Environments["production"]));

        Assert.Equal(["sql", "production"], runbook.Targets);
        Assert.Equal(["a", "c"], sql.Checks.Select(check => check.Name));
        Assert.Equal(["b", "c"], mongo.Checks.Select(check => check.Name));
        Assert.Equal((true, false), (sql.HasMigrations, mongo.HasMigrations));
        Assert.Equal((null, "mongodb://r/"), (sql.Rehearsal!.Url?.Reveal(), mongo.Rehearsal!.Url?.Reveal()));
        Assert.Equal(["drop-table"], sql.Policy.Forbid);
        Assert.Equal(["lost-documents"], mongo.Policy.Forbid);
    }

    [Theory]
    [InlineData("[A-Z]*", "Message", true)]
    [InlineData("[A-Z]*", "message", false)]
    [InlineData("[!A-Z]*", "message", true)]
    [InlineData("call_?", "call_a", true)]
    [InlineData("call_?", "call_ab", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("*", "", true)]
    [InlineData("a[", "a[", true)]
    public void A_glob_matches_as_in_a_shell(string glob, string name, bool matches) => Assert.Equal(matches, NameGlob.Matches(glob, name));

    public void Dispose() => _folder.Dispose();

    private Runbook Read(string yaml)
    {
        var file = Path.Combine(_folder.Path, "eclusier.yaml");
        File.WriteAllText(file, yaml);
        return RunbookReader.Read(file, new Dictionary<string, string?>(StringComparer.Ordinal));
    }
}

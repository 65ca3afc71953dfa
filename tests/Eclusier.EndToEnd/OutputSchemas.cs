using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Json.Schema;

namespace Eclusier.EndToEnd;

/// <summary>The schemas of <c>docs/schemas</c>, and which of them a command's output must fit.</summary>
internal static class OutputSchemas
{
    private const string Ending = ".schema.json";

    private static readonly EvaluationOptions Verdict = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true };

    private static readonly EvaluationOptions Reasons = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private static readonly Lazy<JsonSchema> Run = new(() => JsonSchema.FromFile(FileOf("run")));

    private static readonly ConcurrentDictionary<string, Lazy<JsonSchema>> Read = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder(), $"*{Ending}").Select(file => Path.GetFileName(file)[..^Ending.Length]).Order(StringComparer.Ordinal)];

    public static string FileOf(string name) => Path.Combine(Folder(), name + Ending);

    public static JsonSchema Of(string name)
    {
        // Others refer to it: it must be known before them.
        _ = Run.Value;
        return name == "run" ? Run.Value : Read.GetOrAdd(name, _ => new Lazy<JsonSchema>(() => JsonSchema.FromFile(FileOf(name)))).Value;
    }

    /// <summary>As the table of docs/schemas/README.md says it.</summary>
    public static string NameFor(string[] arguments, JsonElement document)
    {
        bool Has(string key) => document.ValueKind == JsonValueKind.Object && document.TryGetProperty(key, out _);
        if (Has("error") && Has("exit_code"))
            return "error";
        return arguments[0] switch
        {
            "status" or "plan" => "plan",
            "inspect" => "inspection",
            "diff" => "diff",
            "watch" => "watch",
            "lint" => arguments.Contains("--rules", StringComparer.Ordinal) ? "lint-rules" : "lint",
            "baseline" when arguments.Contains("--recover", StringComparer.Ordinal) => "lost-migrations",
            "maintain" when arguments.Contains("--schedule", StringComparer.Ordinal) => "schedule",
            "maintain" when Has("jobs") => "jobs",
            "migrate" when Has("runs") => "runs",
            _ => "run",
        };
    }

    /// <summary>What in the document the schema does not permit; empty when it fits.</summary>
    public static IReadOnlyList<string> Misfits(JsonSchema schema, JsonElement document)
    {
        if (schema.Evaluate(document, Verdict).IsValid)
            return [];
        var results = schema.Evaluate(document, Reasons);
        // What is no object may well be null: of two choices one is always refused, and says so.
        var misfits =
            from result in (results.Details ?? []).Prepend(results)
            orderby result.EvaluationPath.ToString().Contains("/anyOf/", StringComparison.Ordinal)
            from error in result.Errors ?? new Dictionary<string, string>(StringComparer.Ordinal)
            select $"{result.InstanceLocation}: {error.Value} ({result.SchemaLocation})";
        return [.. misfits.DefaultIfEmpty("invalid")];
    }

    /// <summary>Holds what a command has printed for scripts against its schema. Every test that asks for JSON does so.</summary>
    public static void Check(string[] arguments, string output)
    {
        if (output.Length == 0 || !IsJson(arguments))
            return;
        using var document = JsonDocument.Parse(output);
        var name = NameFor(arguments, document.RootElement);
        var misfits = Misfits(Of(name), document.RootElement);
        Assert.True(misfits.Count == 0, $"{string.Join(' ', arguments)} does not fit {FileOf(name)}:\n{string.Join('\n', misfits.Take(20))}");
    }

    /// <summary>`init`, `completion` and `manual` have no document.</summary>
    private static bool IsJson(string[] arguments) =>
        arguments[0] is not ("init" or "completion" or "manual")
        && Array.IndexOf(arguments, "--format") is >= 0 and var at && arguments.ElementAtOrDefault(at + 1) == "json";

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "schemas"));
}

using System.Text;
using System.Text.Json;
using Eclusier.Planning;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Linting;
using Eclusier.Redaction;

namespace Eclusier.Cli.Rendering;

/// <summary>Linted files: for people, for scripts, for code scanning (SARIF 2.1.0) and as annotations of a GitHub workflow.</summary>
internal static class LintView
{
    public static string Text(IReadOnlyList<LintedFile> files, Language language)
    {
        var text = new StringBuilder();
        var explained = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var lines = Secrets.Redact(file.Text).Split('\n');
            foreach (var hazard in file.Hazards)
                Append(text, file.Path, lines, explained.Add(hazard.Remedy ?? "") ? hazard : hazard with { Remedy = null }, language);
        }

        var all = files.SelectMany(file => file.Hazards).ToArray();
        int Count(Risk risk) => all.Count(hazard => hazard.Severity == risk);
        text.Append(new Text(
            $"{files.Count} {(files.Count == 1 ? "file" : "files")}, {all.Length} {(all.Length == 1 ? "hazard" : "hazards")}: {Count(Risk.High)} high, {Count(Risk.Medium)} medium, {Count(Risk.Low)} low (the worst case: no database was looked at)",
            $"{files.Count} {(files.Count < 2 ? "fichier" : "fichiers")}, {all.Length} {(all.Length < 2 ? "danger" : "dangers")} : {French.Count(Count(Risk.High), "élevé")}, {French.Count(Count(Risk.Medium), "moyen")}, {French.Count(Count(Risk.Low), "faible")} (le pire cas : aucune base n'a été regardée)").In(language));
        return text.ToString();
    }

    public static string Json(IReadOnlyList<LintedFile> files, Language language) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("files");
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteStartArray("hazards");
            foreach (var hazard in file.Hazards)
            {
                json.WriteStartObject();
                json.WriteString("rule", hazard.Rule);
                json.WriteString("severity", hazard.Severity.Name().En);
                json.WriteNumber("line", hazard.Line);
                json.WriteNumber("column", hazard.Column);
                json.WriteString("message", hazard.Message.In(language));
                json.WriteString("remedy", hazard.Remedy);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static string Sarif(IReadOnlyList<LintedFile> files, Language language) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "Eclusier");
        json.WriteString("version", CommandLine.Version);
        json.WriteStartArray("rules");
        foreach (var rule in HazardRules.All)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteStartObject("fullDescription");
            json.WriteString("text", rule.Why.In(language));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("results");
        foreach (var file in files)
        {
            foreach (var hazard in file.Hazards)
                Result(json, file.Path, hazard, language);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>See https://docs.github.com/actions/reference/workflow-commands-for-github-actions.</summary>
    public static string GitHub(IReadOnlyList<LintedFile> files, Language language) => string.Join('\n', files.SelectMany(file => file.Hazards.Select(hazard =>
    {
        var command = hazard.Severity switch { Risk.High => "error", Risk.Medium => "warning", _ => "notice" };
        return $"::{command} file={Property(file.Path)},line={hazard.Line},col={hazard.Column},title={hazard.Rule}::{Data(hazard.Message.In(language))}";
    })));

    /// <summary>Each remedy is shown where it is first needed.</summary>
    private static void Append(StringBuilder text, string path, string[] lines, Hazard hazard, Language language)
    {
        text.Append(Visible.Line(path)).Append(':').Append(hazard.Line).Append(':').Append(hazard.Column).Append(": ")
            .Append(Painted(hazard.Severity, language)).Append(' ').Append(hazard.Rule).Append('\n');
        if (hazard.Line <= lines.Length && lines[hazard.Line - 1].TrimEnd() is { Length: > 0 } line)
        {
            var number = $"{hazard.Line}";
            var before = string.Concat(Visible.Of(line[..Math.Min(line.Length, hazard.Column - 1)]).Select(c => c == '\t' ? '\t' : ' '));
            text.Append("  ").Append(number).Append(" | ").Append(Visible.Of(line)).Append('\n')
                .Append("  ").Append(' ', number.Length).Append(" | ").Append(before).Append("^\n");
        }

        text.Append("  ").Append(hazard.Message.LineIn(language)).Append('\n');
        foreach (var remedy in (hazard.Remedy ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            text.Append("    ").Append(remedy.TrimEnd()).Append('\n');
        text.Append('\n');
    }

    private static void Result(Utf8JsonWriter json, string path, Hazard hazard, Language language)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", hazard.Rule);
        json.WriteString("level", hazard.Severity switch { Risk.High => "error", Risk.Medium => "warning", _ => "note" });
        json.WriteStartObject("message");
        json.WriteString("text", hazard.Message.In(language));
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", path.Replace('\\', '/'));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", hazard.Line);
        json.WriteNumber("startColumn", hazard.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Painted(Risk risk, Language language) => risk switch
    {
        Risk.High => Colour.Red(risk.Name().In(language)),
        Risk.Medium => Colour.Yellow(risk.Name().In(language)),
        _ => risk.Name().In(language),
    };

    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}

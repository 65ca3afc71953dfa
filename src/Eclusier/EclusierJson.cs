using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Eclusier.Backups;
using Eclusier.Checks;
using Eclusier.Decisions;
using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier;

/// <summary>
/// How evidence is written down: <c>snake_case</c> keys, generated code (reflection would cost start-up time).
/// In the journal a <see cref="Text"/> keeps all its languages; for a user it becomes one string.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(Inspection))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(Backup))]
[JsonSerializable(typeof(Rehearsal))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(StepResult))]
[JsonSerializable(typeof(HookResult))]
[JsonSerializable(typeof(IReadOnlyList<InvariantResult>))]
[JsonSerializable(typeof(IReadOnlyList<CheckResult>))]
[JsonSerializable(typeof(Text), TypeInfoPropertyName = "LocalizedText")]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class EclusierJson : JsonSerializerContext
{
    /// <summary>For files: one line, every language kept.</summary>
    public static EclusierJson Compact { get; } = new(WithEnumNames(new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }));

    /// <summary>For a user: indented, texts in one language.</summary>
    public static EclusierJson For(Language language)
    {
        var options = WithEnumNames(new JsonSerializerOptions { WriteIndented = true });
        options.Converters.Add(new OneLanguage(language));
        return new EclusierJson(options);
    }

    private static JsonSerializerOptions WithEnumNames(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter<Outcome>(JsonNamingPolicy.SnakeCaseLower));
        options.Converters.Add(new JsonStringEnumConverter<Verdict>(JsonNamingPolicy.SnakeCaseLower));
        options.Converters.Add(new JsonStringEnumConverter<Risk>(JsonNamingPolicy.SnakeCaseLower));
        options.Converters.Add(new JsonStringEnumConverter<StepStatus>(JsonNamingPolicy.SnakeCaseLower));
        options.Converters.Add(new JsonStringEnumConverter<RunOutcome>(JsonNamingPolicy.SnakeCaseLower));
        return options;
    }

    private sealed class OneLanguage(Language language) : JsonConverter<Text>
    {
        public override Text Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Text.Same(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.In(language));
    }
}

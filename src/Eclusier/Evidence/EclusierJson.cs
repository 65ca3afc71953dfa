using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>
/// How evidence is written down: <c>snake_case</c> keys, generated code (reflection would cost start-up time).
/// In the journal a <see cref="Text"/> keeps all its languages; for a user it becomes one string.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(KeptDefinitions))]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(Inspection))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(Backup))]
[JsonSerializable(typeof(Rehearsal))]
[JsonSerializable(typeof(DatabaseSnapshot))]
[JsonSerializable(typeof(DatabaseComparison))]
[JsonSerializable(typeof(ReferenceEvidence))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(WatchRecord))]
[JsonSerializable(typeof(WatchState))]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(MixedRuns))]
[JsonSerializable(typeof(JobRuns))]
[JsonSerializable(typeof(ScheduleRecord))]
[JsonSerializable(typeof(Baseline))]
[JsonSerializable(typeof(IReadOnlyList<LostMigration>))]
[JsonSerializable(typeof(StepResult))]
[JsonSerializable(typeof(HookResult))]
[JsonSerializable(typeof(IReadOnlyList<InvariantResult>))]
[JsonSerializable(typeof(IReadOnlyList<CheckResult>))]
[JsonSerializable(typeof(Text), TypeInfoPropertyName = "LocalizedText")]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
public sealed partial class EclusierJson : JsonSerializerContext
{
    /// <summary>For files: one line, every language kept, nothing for what is null.</summary>
    public static EclusierJson Compact { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    });

    /// <summary>
    /// The journal's line. The generated handler is called directly: through the serializer, the first line of a run would
    /// build metadata for every property of all evidence, which costs more than a small migration.
    /// </summary>
    public static string Line(JournalEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Compact.JournalEntrySerializeHandler(writer, entry);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>For a user: indented, texts in one language, and every key there although its value is null.</summary>
    public static EclusierJson For(Language language) => new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new OneLanguage(language) },
    });

    private sealed class OneLanguage(Language language) : JsonConverter<Text>
    {
        public override Text Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Text.Same(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.In(language));
    }
}

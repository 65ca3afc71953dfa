using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Eclusier.Evidence;

namespace Eclusier.Tests.Schemas;

/// <summary><c>docs/schemas</c> is made from the types that are printed; <c>ECLUSIER_UPDATE_GOLDEN=1</c> makes it anew.</summary>
public sealed class OutputSchemaTests
{
    private static readonly EclusierJson Json = EclusierJson.For(Language.En);

    private static readonly Dictionary<string, (string Title, JsonTypeInfo Document)> Documents = new(StringComparer.Ordinal)
    {
        ["run"] = ("A run of Eclusier", Json.RunRecord),
        ["runs"] = ("The runs of a runbook that changes two databases", Json.MixedRuns),
        ["jobs"] = ("The runs of maintenance jobs", Json.JobRuns),
        ["schedule"] = ("The schedules of maintenance jobs", Json.ScheduleRecord),
        ["plan"] = ("A plan", Json.Plan),
        ["inspection"] = ("A look at a database", Json.Inspection),
        ["diff"] = ("Where two databases differ", Json.DatabaseComparison),
        ["watch"] = ("What watching found", Json.WatchRecord),
        ["notice"] = ("A notification of watch", Json.Notice),
        ["lost-migrations"] = ("Migrations without a file", Json.IReadOnlyListLostMigration),
    };

    public static TheoryData<string> Names => [.. Documents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_schema_is_current(string name)
    {
        var file = Path.Combine(SchemaFolder(), $"{name}.schema.json");
        var schema = OutputSchema.Of(Documents[name].Title, Documents[name].Document);
        if (Environment.GetEnvironmentVariable("ECLUSIER_UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, schema);

        Assert.Equal(File.ReadAllText(file), schema);
    }

    private static string SchemaFolder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "schemas"));
}

using System.Text.RegularExpressions;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Layouts;

/// <summary>What <c>drizzle.config.ts</c> (or <c>.js</c>, <c>.json</c>) says of the tracking table: <c>migrations: { table, schema }</c>.</summary>
internal static partial class DrizzleConfig
{
    private static readonly string[] Names = ["drizzle.config.ts", "drizzle.config.js", "drizzle.config.mjs", "drizzle.config.cjs", "drizzle.config.mts",
        "drizzle.config.cts", "drizzle.config.json"];

    /// <summary>The nearest one above the migrations, up to the runbook's folder. What is no plain text in it is not known.</summary>
    public static TrackingPlace Tracking(string folder, string baseFolder)
    {
        if (ToolConfig.Nearest(folder, baseFolder, Names) is not { } text)
            return TrackingPlace.Default;
        var section = Section().Match(text) is { Success: true } found ? found.Groups["settings"].Value : "";
        return new TrackingPlace(Value(SchemaKey(), section) ?? Value(LongSchemaKey(), text), Value(TableKey(), section) ?? Value(LongTableKey(), text));
    }

    private static string? Value(Regex key, string text) => key.Match(text) is { Success: true } found ? found.Groups["value"].Value : null;

    private const RegexOptions Options = RegexOptions.ExplicitCapture;

    [GeneratedRegex("""(?<![\w/])["']?migrations["']?\s*:\s*\{(?<settings>[^}]*)\}""", Options, 60_000)]
    private static partial Regex Section();

    [GeneratedRegex("""(?<![\w])["']?schema["']?\s*:\s*["'`](?<value>[^"'`$]+)["'`]""", Options, 60_000)]
    private static partial Regex SchemaKey();

    [GeneratedRegex("""(?<![\w])["']?table["']?\s*:\s*["'`](?<value>[^"'`$]+)["'`]""", Options, 60_000)]
    private static partial Regex TableKey();

    [GeneratedRegex("""(?<![\w])["']?migrationsSchema["']?\s*:\s*["'`](?<value>[^"'`$]+)["'`]""", Options, 60_000)]
    private static partial Regex LongSchemaKey();

    [GeneratedRegex("""(?<![\w])["']?migrationsTable["']?\s*:\s*["'`](?<value>[^"'`$]+)["'`]""", Options, 60_000)]
    private static partial Regex LongTableKey();
}

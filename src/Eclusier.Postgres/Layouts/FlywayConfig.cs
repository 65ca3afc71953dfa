using System.Text.RegularExpressions;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Layouts;

/// <summary>What Flyway's settings say of its history table: <c>flyway.toml</c>, <c>flyway.conf</c>, or Spring's <c>application.properties</c>.</summary>
internal static partial class FlywayConfig
{
    private static readonly string[] Names = ["flyway.toml", "flyway.conf", "conf/flyway.toml", "conf/flyway.conf", "application.properties",
        "src/main/resources/application.properties"];

    /// <summary>The nearest one above the migrations, up to the runbook's folder. Without a default schema it is the first of <c>schemas</c>.</summary>
    public static TrackingPlace Tracking(string folder, string baseFolder)
    {
        if (ToolConfig.Nearest(folder, baseFolder, Names) is not { } text)
            return TrackingPlace.Default;
        var settings = Setting().Matches(text).Where(found => !found.Groups["value"].Value.Contains("${", StringComparison.Ordinal))
            .GroupBy(found => found.Groups["key"].Value.Replace("-", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.Last().Groups["value"].Value.Trim(), StringComparer.OrdinalIgnoreCase);
        var schemas = settings.GetValueOrDefault("schemas")?.Split(',')[0].Trim(' ', '[', ']', '"', '\'');
        return new TrackingPlace(
            settings.GetValueOrDefault("defaultSchema") ?? (schemas is { Length: > 0 } ? schemas : null),
            settings.GetValueOrDefault("table"));
    }

    [GeneratedRegex("""^[ \t]*((spring\.)?flyway\.)?(?<key>table|default-?schema|schemas)[ \t]*=[ \t]*["']?(?<value>[^"'#\r\n]+|\[[^\]\r\n]*\])["']?""",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Setting();
}

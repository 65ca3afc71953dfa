using System.Globalization;
using Eclusier.Planning;

namespace Eclusier.Runbooks;

/// <summary><c>migrations.partition</c></summary>
internal static class PartitionSection
{
    private const int MostAhead = 120;

    public static Dictionary<string, PartitionSettings> Read(RunbookNode? node) =>
        (node?.Entries() ?? []).Select(entry => Table(entry.Key, entry.Value)).OfType<PartitionSettings>().ToDictionary(settings => settings.Table, StringComparer.Ordinal);

    private static PartitionSettings? Table(string table, RunbookNode node)
    {
        var by = node.Required("by")?.Text();
        var every = node.Required("every")?.OneOf([.. Enum.GetNames<PartitionInterval>().Select(name => name.ToLowerInvariant())]);
        var keep = node.Find("keep")?.Text() ?? $"{table[(table.LastIndexOf('.') + 1)..].Trim('"')}_before";
        var settings = by is null || every is null ? null : new PartitionSettings(table, by, Enum.Parse<PartitionInterval>(every, ignoreCase: true), keep)
        {
            Ahead = node.Find("ahead")?.Number(0, MostAhead) ?? PartitionSettings.DefaultAhead,
            From = Day(node.Find("from")),
        };
        node.NoOtherKeys();
        return settings;
    }

    private static DateOnly? Day(RunbookNode? node)
    {
        if (node?.Text() is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        node.Error($"\"{node.Path}\" must be a day such as 2025-01-31, not \"{text}\"", $"« {node.Path} » doit être un jour comme 2025-01-31, pas « {text} »");
        return null;
    }
}

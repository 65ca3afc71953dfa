namespace Eclusier.Runbooks;

/// <summary><c>watch:</c></summary>
public sealed record WatchSettings
{
    public TimeSpan For { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    internal static WatchSettings Read(RunbookNode? node)
    {
        var defaults = new WatchSettings();
        if (node is null)
            return defaults;
        var settings = new WatchSettings { For = node.Find("for")?.Duration() ?? defaults.For, Every = node.Find("every")?.Duration() ?? defaults.Every };
        if (settings.Every < TimeSpan.FromMilliseconds(100))
            node.Error("\"watch.every\" must be 100ms at least", "« watch.every » doit être d'au moins 100ms");
        node.NoOtherKeys();
        return settings;
    }
}

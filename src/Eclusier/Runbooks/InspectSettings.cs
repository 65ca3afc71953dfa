namespace Eclusier.Runbooks;

/// <summary><c>inspect:</c></summary>
public sealed record InspectSettings
{
    public static TimeSpan DefaultBudget { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Globs over what the team accepts: objects, or rules with objects.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>How long one rule may read tables.</summary>
    public TimeSpan Budget { get; init; } = DefaultBudget;

    /// <summary>A run takes the diagnosis, too, and its report tells it.</summary>
    public bool InRuns { get; init; }

    internal static InspectSettings Read(RunbookNode? node)
    {
        if (node is null)
            return new InspectSettings();
        var settings = new InspectSettings
        {
            Ignore = node.Find("ignore")?.Texts() ?? [],
            Budget = node.Find("budget")?.Duration() ?? DefaultBudget,
            InRuns = node.Find("in_runs")?.Boolean() ?? false,
        };
        if (settings.Budget < TimeSpan.FromMilliseconds(1))
            node.Error("\"inspect.budget\" must be 1ms at least", "« inspect.budget » doit être d'au moins 1ms");
        node.NoOtherKeys();
        return settings;
    }
}

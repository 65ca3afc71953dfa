using Eclusier.Planning;

namespace Eclusier.Runbooks;

/// <summary>What a diagnosis asks, and what it leaves out.</summary>
public sealed record DiagnosticScope
{
    /// <summary>Null: every rule.</summary>
    public string? Rule { get; init; }

    /// <summary>A glob over objects and their tables; null: all.</summary>
    public string? On { get; init; }

    /// <summary>Globs over objects (<c>public.tmp_*</c>) or rules with objects (<c>unused-index public.idx_*</c>) that the team accepts.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>How long one rule may read tables.</summary>
    public TimeSpan Budget { get; init; } = InspectSettings.DefaultBudget;

    /// <summary>Of the environment: the schemas that it brings along are left out.</summary>
    public string Platform { get; init; } = "plain";

    /// <summary>What is pending; null where that is not known.</summary>
    public Plan? Plan { get; init; }

    /// <summary>Free space where backups will go.</summary>
    public IReadOnlyList<DiskSpace> Disks { get; init; } = [];

    /// <summary>How long the statistics must have been kept before an index that was never used says something.</summary>
    public TimeSpan EnoughStatistics { get; init; } = TimeSpan.FromDays(7);

    public static DiagnosticScope Of(InspectSettings settings, TargetEnvironment environment) => new()
    {
        Ignore = settings.Ignore,
        Budget = settings.Budget,
        Platform = environment.Platform,
    };

    /// <summary>Everything asked for and not ignored, the gravest first.</summary>
    public IReadOnlyList<Finding> Choose(IEnumerable<Finding> findings) =>
    [
        .. findings
            .Where(found => On is null || NameGlob.Matches(On, found.Object) || (found.Table is { } table && NameGlob.Matches(On, table)))
            .Where(found => !Ignore.Any(glob => Ignores(glob, found)))
            .OrderByDescending(found => found.Severity)
            .ThenBy(found => found.Rule, StringComparer.Ordinal)
            .ThenBy(found => found.Object, StringComparer.Ordinal),
    ];

    /// <summary>What belongs to an ignored table is ignored, too.</summary>
    private static bool Ignores(string glob, Finding found) =>
        new[] { found.Object, found.Table }.OfType<string>().Any(name => NameGlob.Matches(glob, name) || NameGlob.Matches(glob, $"{found.Rule} {name}"));
}

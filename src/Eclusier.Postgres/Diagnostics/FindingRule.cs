using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>A rule of the diagnosis: data and one look at the catalog. Its documentation is generated from the same data (<c>docs/findings.md</c>).</summary>
/// <param name="Id">Stable; what a runbook's checks and <c>inspect.ignore</c> name.</param>
/// <param name="Severity">The usual one; a finding may be graver or lighter.</param>
/// <param name="Find">All places where it applies.</param>
public sealed record FindingRule(string Id, Risk Severity, Func<FindingContext, CancellationToken, Task<IReadOnlyList<Finding>>> Find)
{
    /// <summary>What it finds exactly, and why that matters.</summary>
    public required Text Why { get; init; }

    /// <summary>What it counts (orphaned rows); null: its findings are counted.</summary>
    public Text? Counts { get; init; }

    /// <summary>Why it proves nothing on a restored copy; null when it does.</summary>
    public Text? NotOnCopy { get; init; }

    /// <summary>SQL after which it finds <see cref="Found"/>, and no rule finds anything else.</summary>
    public required string Bad { get; init; }

    /// <summary>The object that the example's finding names.</summary>
    public required string Found { get; init; }

    /// <summary>SQL that looks much the same, and in which no rule finds anything.</summary>
    public required string Good { get; init; }
}

namespace Eclusier.Planning;

/// <summary>Something that a statement would do to data, locks or clients.</summary>
/// <param name="Rule">Stable id, such as <c>drop-table</c>; what a runbook's <c>forbid</c> and <c>allow</c> name.</param>
/// <param name="Line">1-based line in the migration's file.</param>
/// <param name="AllowedBecause">The runbook's reason for allowing it; null when it does not.</param>
public sealed record Hazard(string Rule, Risk Severity, Text Message, int Line, int Column, string? AllowedBecause = null)
{
    /// <summary>The file that the statement stands in when the migration includes one; null when that is the migration's own.</summary>
    public string? IncludedFrom { get; init; }

    /// <summary>SQL that does the same safely, or shows how.</summary>
    public string? Remedy { get; init; }

    /// <summary>The table in danger; without the schema where that is <c>public</c>.</summary>
    public string? Table { get; init; }

    /// <summary>The lock that the statement is said to take on it: <c>ACCESS EXCLUSIVE</c>.</summary>
    public string? Lock { get; init; }

    /// <summary>The table is said to be written anew.</summary>
    public bool Rewrites { get; init; }
}

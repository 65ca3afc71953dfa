namespace Eclusier.Runbooks;

/// <summary>The names of rules that a runbook may use, as the engines know them.</summary>
/// <param name="Findings">Of the diagnosis.</param>
/// <param name="Hazards">That a policy may forbid or allow.</param>
/// <param name="Statements">Kinds of statements that a policy may forbid, or permit alone.</param>
public sealed record KnownRules(IReadOnlyCollection<string> Findings, IReadOnlyCollection<string> Hazards, IReadOnlyCollection<string> Statements)
{
    /// <summary>Why a text of SQL is no query that only reads; null as an answer: it is one. Null itself: the server decides.</summary>
    public Func<string, Text?>? QueryProblem { get; init; }
}

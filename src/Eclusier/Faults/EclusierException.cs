namespace Eclusier.Faults;

/// <summary>
/// An error that a user can cause or mend: what happened, where, and what to do next. Which kind it is says what it means for whoever waits for the outcome.
/// Everything else that is thrown is a fault of ours.
/// </summary>
/// <param name="problem">What happened, in one sentence, without secrets.</param>
/// <param name="where">File and line, migration, statement or server; null when there is no such place.</param>
/// <param name="remedy">What to do next; null when nothing better than reading the problem can be said.</param>
public abstract class EclusierException(Text problem, string? where, Text? remedy, Exception? cause) : Exception(problem.En, cause)
{
    public Text Problem { get; } = problem;

    public string? Where { get; } = where;

    public Text? Remedy { get; } = remedy;
}

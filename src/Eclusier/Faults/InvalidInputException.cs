namespace Eclusier.Faults;

/// <summary>Wrong usage, or an invalid runbook or migration file.</summary>
public sealed class InvalidInputException(Text problem, string? where, Text? remedy, Exception? cause = null) : EclusierException(problem, where, remedy, cause);

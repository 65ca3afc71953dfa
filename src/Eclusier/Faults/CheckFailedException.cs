namespace Eclusier.Faults;

/// <summary>A check or an invariant does not hold, or the server refuses its question.</summary>
public sealed class CheckFailedException(Text problem, string? where, Text? remedy, Exception? cause = null) : EclusierException(problem, where, remedy, cause);

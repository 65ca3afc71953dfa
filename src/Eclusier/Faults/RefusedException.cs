namespace Eclusier.Faults;

/// <summary>A criterion, a precondition or the server refused; nothing was changed.</summary>
public sealed class RefusedException(Text problem, string? where, Text? remedy, Exception? cause = null) : EclusierException(problem, where, remedy, cause);

namespace Eclusier.Faults;

/// <summary>Another run holds the lock, the server could not be reached, or a disk does not take a write: the same may work later.</summary>
public sealed class UnavailableException(Text problem, string? where, Text? remedy, Exception? cause = null) : EclusierException(problem, where, remedy, cause);

namespace Eclusier.Faults;

/// <summary>A migration cannot be applied, or not go on: the run stops there.</summary>
public sealed class MigrationFailedException(Text problem, string? where, Text? remedy, Exception? cause = null) : EclusierException(problem, where, remedy, cause);

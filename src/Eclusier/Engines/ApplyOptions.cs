using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Engines;

/// <param name="Run">The run's name; empty outside a run.</param>
/// <param name="ExecutedBy">What the tracking table records.</param>
/// <param name="TimeStatements">Times each statement by itself (a rehearsal), at the price of a round trip each.</param>
/// <param name="Waiting">Told when a lock could not be had in time, and who holds it.</param>
public sealed record ApplyOptions(Runbook Runbook, string Run, string ExecutedBy, bool TimeStatements = false, Action<Text>? Waiting = null)
{
    public Policy Policy => Runbook.Policy;

    /// <summary>The steps that follow, for an engine that can prepare them meanwhile; their effect has to wait for their turn.</summary>
    public IEnumerable<Step> Next { get; init; } = [];

    /// <summary>A copy, in which nobody else works: batches need be neither short nor apart.</summary>
    public bool OnCopy { get; init; }

    /// <summary>Of the waits between attempts, which must not be those of others that wait for the same lock. Not thread-safe.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Asks for an end at the next place from which the step can go on: between two statements or batches that commit by themselves.</summary>
    public CancellationToken Stop { get; init; }
}

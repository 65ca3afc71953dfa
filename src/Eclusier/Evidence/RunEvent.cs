using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>What a line of the journal tells; there is nothing else that it can tell.</summary>
[JsonConverter(typeof(SnakeCase<RunEvent>))]
public enum RunEvent
{
    /// <summary>The first line: who, when, where, what kind of run.</summary>
    RunStarted,
    /// <summary>Cut off before, and taken up.</summary>
    RunResumed,
    PhaseStarted,
    /// <summary>With the phase's evidence.</summary>
    PhaseFinished,
    /// <summary>Something may have been changed from here on.</summary>
    StepStarted,
    StepFinished,
    /// <summary>Not begun, because one before it failed.</summary>
    StepPending,
    /// <summary>Found out within a phase.</summary>
    Evidence,
    Hook,
    Problem,
    Note,
    /// <summary>Measured after the run's end.</summary>
    Compared,
    /// <summary>The end, with the outcome.</summary>
    RunFinished,
}

using Eclusier.Decisions;
using Eclusier.Planning;

namespace Eclusier.Runs;

/// <summary>Who watches a run while it goes on (the console). It learns nothing that the journal does not hold.</summary>
public interface IRunObserver
{
    void PhaseStarted(string phase);

    /// <param name="evidence">The record so far, the phase's evidence in it.</param>
    void PhaseFinished(string phase, RunRecord evidence);

    void StepStarted(Step step, int number, int total);

    void StepFinished(StepResult result, int number, int total);

    /// <summary>A sentence about something that takes time: a copy being written, a lock being waited for.</summary>
    void Progress(Text message);

    /// <summary>Asks a person for approval of a protected environment (its name typed) or, when <paramref name="expected"/> is null, for yes or no.</summary>
    /// <returns>True when it was given; false when it was refused or nobody can be asked.</returns>
    bool Ask(Decision decision, string? expected);
}

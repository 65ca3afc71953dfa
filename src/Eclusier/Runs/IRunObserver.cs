using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Runs;

/// <summary>Who watches a run while it goes on (the console). It learns nothing that the journal does not hold.</summary>
public interface IRunObserver
{
    void PhaseStarted(Phase phase);

    /// <param name="evidence">The record so far, the phase's evidence in it.</param>
    void PhaseFinished(Phase phase, RunRecord evidence);

    void StepStarted(Step step, int number, int total);

    void StepFinished(StepResult result, int number, int total);

    /// <summary>A sentence about something that takes time: a copy being written, a lock being waited for.</summary>
    void Progress(Text message);

    /// <summary>Somebody sits there who can answer.</summary>
    bool CanAsk { get; }

    /// <summary>Shows what would be done, and asks. A mistyped answer is asked for again.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    Task<Answer> AskAsync(Question question, CancellationToken cancellationToken);
}

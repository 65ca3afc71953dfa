using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Tests.Shared;

/// <summary>Nobody is there to ask; what happens at a step is for the test to say.</summary>
public sealed class TestObserver : IRunObserver
{
    public Func<Step, int, Task>? Step { get; init; }

    public Action<int>? Finished { get; init; }

    public List<string> Told { get; } = [];

    /// <summary>Null: nobody is there.</summary>
    public Answer? Answer { get; init; }

    public bool CanAsk => Answer is not null;

    public void PhaseStarted(Phase phase)
    {
    }

    public void PhaseFinished(Phase phase, RunRecord evidence)
    {
    }

    public void StepStarted(Step step, int number, int total) => Step?.Invoke(step, number).GetAwaiter().GetResult();

    public void StepFinished(StepResult result, int number, int total) => Finished?.Invoke(number);

    public void Progress(Text message)
    {
        lock (Told)
            Told.Add(message.En);
    }

    public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(Answer ?? Runs.Answer.None);
}

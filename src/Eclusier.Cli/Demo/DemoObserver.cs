using Eclusier.Cli.Rendering;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Cli.Demo;

/// <summary>Shows a run as usual, with the commands that a user would type; nobody is asked for approval.</summary>
internal sealed class DemoObserver(ConsoleObserver console, Language language) : IRunObserver
{
    public void PhaseStarted(Phase phase) => console.PhaseStarted(phase);

    public void PhaseFinished(Phase phase, RunRecord evidence) => console.PhaseFinished(phase, evidence);

    public void StepStarted(Step step, int number, int total) => console.StepStarted(step, number, total);

    public void StepFinished(StepResult result, int number, int total) => console.StepFinished(result, number, total);

    public void Progress(Text message) => console.Progress(message);

    public bool CanAsk => false;

    public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(Answer.None);

    public void Command(string line) => console.Write($"\n$ {line}");

    /// <summary>What a command would print besides its phases.</summary>
    public void Show(RunRecord record)
    {
        if (record.Baseline is { } found)
            console.Write(BaselineView.Of(found, language));
        if (record.Compared is { } states)
            console.Write(ComparisonView.Of(states, record.Comparisons, record.Environment, language));
    }
}

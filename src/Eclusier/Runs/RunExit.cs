namespace Eclusier.Runs;

/// <summary>The exit code that a run's record stands for.</summary>
public static class RunExit
{
    public static ExitCode Of(RunRecord record) => record.Outcome switch
    {
        RunOutcome.Done or RunOutcome.NothingToDo => record.Baseline is { Unsettled: true } ? ExitCode.Differences : ExitCode.Done,
        RunOutcome.NoGo => ExitCode.NoGo,
        RunOutcome.MigrationFailed => ExitCode.MigrationFailed,
        RunOutcome.ChecksFailed => ExitCode.ChecksFailed,
        // Cut off: like a refusal as long as no step had begun, like a failure afterwards.
        _ => record.Steps.Any(step => step.Status != StepStatus.Skipped) ? ExitCode.MigrationFailed : ExitCode.NoGo,
    };
}

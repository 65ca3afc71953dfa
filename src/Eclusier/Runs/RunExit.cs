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
        _ => ExitCode.Interrupted,
    };
}

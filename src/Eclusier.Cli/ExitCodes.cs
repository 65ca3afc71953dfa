using Eclusier.Evidence;

namespace Eclusier.Cli;

/// <summary>What the process tells a script of what the core found.</summary>
internal static class ExitCodes
{
    public static ExitCode Of(EclusierException error) => error switch
    {
        InvalidInputException => ExitCode.Usage,
        RefusedException => ExitCode.NoGo,
        MigrationFailedException => ExitCode.MigrationFailed,
        CheckFailedException => ExitCode.ChecksFailed,
        UnavailableException => ExitCode.Unavailable,
        _ => ExitCode.Fault,
    };

    public static ExitCode Of(RunRecord record) => record.Outcome switch
    {
        RunOutcome.Done or RunOutcome.NothingToDo => record.Baseline is { Unsettled: true } ? ExitCode.Differences : ExitCode.Done,
        RunOutcome.NoGo => ExitCode.NoGo,
        RunOutcome.MigrationFailed => ExitCode.MigrationFailed,
        RunOutcome.ChecksFailed => ExitCode.ChecksFailed,
        _ => ExitCode.Interrupted,
    };

    public static ExitCode Of(WatchRecord record) => record.Outcome switch
    {
        WatchOutcome.Quiet => ExitCode.Done,
        WatchOutcome.Troubled => ExitCode.ChecksFailed,
        WatchOutcome.Unreachable => ExitCode.Unavailable,
        _ => ExitCode.Interrupted,
    };
}

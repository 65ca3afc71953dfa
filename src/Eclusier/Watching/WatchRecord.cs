using Eclusier.Checks;

namespace Eclusier.Watching;

/// <summary>What watching found.</summary>
/// <param name="Rounds">How often the checks were asked.</param>
/// <param name="Failures">Each time a check began to fail.</param>
/// <param name="Unreachable">Rounds in which the server did not answer.</param>
/// <param name="LastReached">Whether the server answered in the last round.</param>
public sealed record WatchRecord(string Environment, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, int Rounds, IReadOnlyList<WatchFailure> Failures, int Unreachable, bool LastReached)
{
    public ExitCode ExitCode => Failures.Count > 0 ? ExitCode.ChecksFailed : LastReached ? ExitCode.Done : ExitCode.Unavailable;
}

public sealed record WatchFailure(DateTimeOffset At, CheckResult Check);

namespace Eclusier.Cli;

/// <summary>What the process tells a script. The numbers are a contract (see docs/commands.md).</summary>
internal enum ExitCode
{
    Done = 0,
    /// <summary>A fault of ours: the stack trace goes to a file, one line to the user.</summary>
    Fault = 1,
    /// <summary>Wrong usage, or an invalid runbook or migration file.</summary>
    Usage = 2,
    /// <summary>A criterion refused, or nobody consented; nothing was changed.</summary>
    NoGo = 3,
    /// <summary>A migration failed: the run stopped there.</summary>
    MigrationFailed = 4,
    /// <summary>Applied, but a check or an invariant failed.</summary>
    ChecksFailed = 5,
    /// <summary>Differences found (<c>status --check</c>).</summary>
    Differences = 6,
    /// <summary>Another run holds the lock, or the server could not be reached.</summary>
    Unavailable = 7,
    /// <summary>Interrupted (Ctrl-C, SIGTERM): what is done stays done, and the same command goes on.</summary>
    Interrupted = 130,
}

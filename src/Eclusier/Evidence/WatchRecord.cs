namespace Eclusier.Evidence;

/// <summary>What watching found, from its first beginning on.</summary>
/// <param name="Rounds">How often the checks were asked.</param>
/// <param name="Failures">Each time something began to be wrong.</param>
/// <param name="Unreachable">Rounds in which the server did not answer.</param>
/// <param name="LastReached">Whether the server answered in the last round.</param>
public sealed record WatchRecord(string Environment, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, int Rounds, IReadOnlyList<WatchFailure> Failures, int Unreachable, bool LastReached)
{
    /// <summary>When it was to end.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>Somebody ended it before its time: the next watch goes on to the same end.</summary>
    public bool Interrupted { get; init; }

    /// <summary>How often it was taken up again.</summary>
    public int Resumed { get; init; }

    /// <summary>How much the server's counters grew; null where it has none, or was never reached.</summary>
    public CounterGrowth? Statistics { get; init; }

    /// <summary>Notifications that could not be delivered.</summary>
    public int Undelivered { get; init; }

    public WatchOutcome Outcome => Failures.Count > 0 ? WatchOutcome.Troubled : !LastReached ? WatchOutcome.Unreachable : Interrupted ? WatchOutcome.Interrupted : WatchOutcome.Quiet;

    /// <summary>All of it in one line.</summary>
    internal Text Said
    {
        get
        {
            var open = Failures.Count(failure => failure.Until is null);
            var troubles = Text.Count(Failures.Count, "trouble", "troubles", "ennui", "ennuis");
            var rest = Interrupted ? new Text($"; `eclusier watch` goes on until {Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC, `--anew` begins again", $" ; `eclusier watch` continue jusqu'au {Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC, `--anew` recommence") : Text.Same("");
            var lost = Undelivered == 0 ? Text.Same("") : new Text($"; notifications not delivered: {Undelivered}", $" ; notifications non remises : {Undelivered}");
            return new Text(
                $"Watched {Environment} from {StartedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {English.Count(Rounds, "round")}: {troubles.En}{(open > 0 ? $", {open} of them not over" : "")}{lost.En}{rest.En}.",
                $"{Environment} surveillé depuis le {StartedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {French.Count(Rounds, "tour")} : {troubles.Fr}{(open > 0 ? $", dont {open} en cours" : "")}{lost.Fr}{rest.Fr}.");
        }
    }

    /// <summary>One line for a person; null when there is nothing to say.</summary>
    public Text? Summary => Interrupted || Failures.Count > 0 || Undelivered > 0 ? Said : null;
}

/// <param name="Check">The answer, where it is a check that failed.</param>
/// <param name="Kind">As in <see cref="Trouble.Kind"/>.</param>
/// <param name="Until">When it was over; null as long as it is not.</param>
public sealed record WatchFailure(DateTimeOffset At, CheckResult? Check, string Kind, string Name, Text Message, DateTimeOffset? Until = null);

using System.Text.Json.Serialization;
using Eclusier.Runbooks;

namespace Eclusier.Evidence;

/// <summary>How far a watch has come: all that another process needs to go on with it. Kept after each round.</summary>
public sealed record WatchState
{
    /// <summary>The newest run when the watch began; null when there was none. A watch of an earlier run is not taken up again.</summary>
    public string? Run { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>It came to its end.</summary>
    public bool Finished { get; init; }

    public int Resumed { get; init; }

    public int Rounds { get; init; }

    public int Unreachable { get; init; }

    /// <summary>Rounds without an answer up to the last one; zero when that had one.</summary>
    public int MissedInARow { get; init; }

    /// <summary>Null until the server was looked at for the first time.</summary>
    public WatchBaseline? Baseline { get; init; }

    /// <summary>The counters at the last look.</summary>
    public ServerCounters? Counters { get; init; }

    /// <summary>How much they grew since the watch began.</summary>
    public CounterGrowth? Grown { get; init; }

    /// <summary>What is wrong now.</summary>
    public IReadOnlyList<OpenTrouble> Open { get; init => field = value ?? []; } = [];

    public IReadOnlyList<WatchFailure> Failures { get; init => field = value ?? []; } = [];

    /// <summary>Notifications that are still to be delivered, oldest first.</summary>
    public IReadOnlyList<PendingNotice> Outbox { get; init => field = value ?? []; } = [];

    /// <summary>How many notifications there have been.</summary>
    public int Notices { get; init; }

    /// <summary>Which database was watched; null until it was reached.</summary>
    public DatabaseIdentity? Identity { get; init; }

    /// <summary>Nothing is missing that every state has. The file may have been changed by anybody.</summary>
    [JsonIgnore]
    internal bool IsWhole =>
        Rounds >= 0 && Notices >= 0
        && Open.All(open => open?.Trouble is { Kind: not null, Name: not null, Said: { En: not null, Fr: not null } })
        && Failures.All(failure => failure is { Kind: not null, Name: not null, Message: { En: not null, Fr: not null } })
        && Outbox.All(pending => pending?.Notice is { Id: not null, Event: not null, Runbook: not null, Environment: not null, Kind: not null, Name: not null, Message: { En: not null, Fr: not null } });

    /// <summary>What was found in this round, beside what was wrong before it.</summary>
    /// <param name="found">All that is wrong now, each thing once.</param>
    /// <param name="judged">Whether a trouble of a kind would have been seen in this round.</param>
    /// <returns>The state, and what began and what ended.</returns>
    internal (WatchState State, IReadOnlyList<Trouble> Began, IReadOnlyList<OpenTrouble> Ended) After(
        IReadOnlyList<Trouble> found, IReadOnlyList<CheckResult> checks, Func<OpenTrouble, bool> judged, DateTimeOffset now)
    {
        var seen = found.Select(trouble => trouble.Key).ToHashSet(StringComparer.Ordinal);
        var ended = Open.Where(open => !seen.Contains(open.Trouble.Key) && judged(open) && Rounds - open.LastRound >= open.Trouble.EndsAfter).ToList();
        var began = found.Where(trouble => Open.All(open => open.Trouble.Key != trouble.Key)).ToList();
        var state = this with
        {
            Open =
            [
                .. Open.Except(ended).Select(open => seen.Contains(open.Trouble.Key) ? open with { LastRound = Rounds } : open),
                .. began.Select(trouble => new OpenTrouble(trouble, now, Rounds)),
            ],
            Failures =
            [
                .. Failures.Select(failure => failure.Until is null && ended.Exists(open => open.Trouble.Kind == failure.Kind && open.Trouble.Name == failure.Name) ? failure with { Until = now } : failure),
                .. began.Where(trouble => trouble.IsFailure).Select(trouble => new WatchFailure(now, trouble.Kind == "check" ? checks.FirstOrDefault(check => check.Name == trouble.Name) : null, trouble.Kind, trouble.Name, trouble.Said)),
            ],
        };
        return (state, began, ended);
    }

    internal DateTimeOffset Until(WatchSettings settings) => StartedAt + settings.For;
}

/// <param name="LastRound">The round in which it was seen last.</param>
public sealed record OpenTrouble(Trouble Trouble, DateTimeOffset Since, int LastRound);

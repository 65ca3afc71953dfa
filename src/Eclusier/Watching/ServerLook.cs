using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Watching;

/// <summary>Compares each look at the server with the one before, across lost connections and other processes.</summary>
internal sealed class ServerLook
{
    /// <summary>At the last look of this process; null before the first.</summary>
    private IReadOnlyList<StatementTimes>? _statements;

    /// <summary>The watch's own rollbacks on connections that are gone.</summary>
    private long _ownBefore;

    private long _own;

    private bool _looked;

    /// <summary>The next connection counts its own rollbacks from zero.</summary>
    public void Disconnected() => (_ownBefore, _own) = (_ownBefore + _own, 0);

    /// <returns>What is wrong, and whether the server began to count anew.</returns>
    public (WatchState State, IReadOnlyList<Trouble> Troubles, bool Reset) Judge(WatchSettings settings, WatchState state, ServerHealth now)
    {
        _own = now.Counters.OwnRollbacks;
        var counters = now.Counters with { OwnRollbacks = _ownBefore + _own };
        var baseline = state.Baseline ?? WatchBaseline.Of(now);
        var grown = state.Counters is { } last ? CounterGrowth.Between(last, counters) : CounterGrowth.None;
        // Which of the rollbacks were the watch's own, the process before this one knew.
        if (!_looked && state.Resumed > 0)
            grown = grown with { Rollbacks = 0 };
        var slow = _statements is { } before && now.Statements is { } statements ? HealthRules.Slow(settings, baseline, before, statements) : [];
        (_looked, _statements) = (true, now.Statements);
        return (
            state with { Baseline = baseline, Counters = counters, Grown = (state.Grown ?? CounterGrowth.None).Plus(grown) },
            [.. HealthRules.Of(settings, baseline, grown, now), .. slow],
            grown.Resets > 0);
    }
}

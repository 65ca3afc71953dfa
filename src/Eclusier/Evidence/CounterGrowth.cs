namespace Eclusier.Evidence;

/// <summary>How much a server's counters grew.</summary>
/// <param name="Rollbacks">Without the watch's own.</param>
/// <param name="Conflicts">Queries that a standby cancelled for its primary's sake.</param>
/// <param name="TempBytes">Written to temporary files, because a query needed more than its memory.</param>
/// <param name="Resets">How often the server began to count anew meanwhile.</param>
public sealed record CounterGrowth(long Commits, long Rollbacks, long Deadlocks, long Conflicts, long TempBytes, long ChecksumFailures, int Resets)
{
    public static CounterGrowth None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Of all transactions, those that were rolled back; zero where there were none.</summary>
    internal double RollbackShare => Commits + Rollbacks == 0 ? 0 : (double)Rollbacks / (Commits + Rollbacks);

    /// <summary>Counters that went back were reset, by hand or by the recovery from a crash: what they show now has grown since.</summary>
    public static CounterGrowth Between(ServerCounters before, ServerCounters now)
    {
        var reset = now.ResetAt != before.ResetAt || now.Commits < before.Commits || now.Rollbacks < before.Rollbacks || now.Deadlocks < before.Deadlocks
            || now.Conflicts < before.Conflicts || now.TempBytes < before.TempBytes || now.ChecksumFailures < before.ChecksumFailures;
        var from = reset ? new ServerCounters(0, 0, 0, 0, 0, 0) : before;
        var own = Math.Max(0, now.OwnRollbacks - before.OwnRollbacks);
        return new CounterGrowth(
            now.Commits - from.Commits,
            Math.Max(0, now.Rollbacks - from.Rollbacks - own),
            now.Deadlocks - from.Deadlocks,
            now.Conflicts - from.Conflicts,
            now.TempBytes - from.TempBytes,
            now.ChecksumFailures - from.ChecksumFailures,
            reset ? 1 : 0);
    }

    internal CounterGrowth Plus(CounterGrowth more) => new(
        Commits + more.Commits, Rollbacks + more.Rollbacks, Deadlocks + more.Deadlocks, Conflicts + more.Conflicts, TempBytes + more.TempBytes, ChecksumFailures + more.ChecksumFailures, Resets + more.Resets);
}

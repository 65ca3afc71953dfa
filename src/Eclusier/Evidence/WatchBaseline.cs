namespace Eclusier.Evidence;

/// <summary>What was usual before the watch began: what has been so all along is not what a migration did.</summary>
/// <param name="RollbackShare">Of all transactions, from 0 to 1.</param>
/// <param name="StatementMeans">The statement's number -> its mean time in milliseconds.</param>
public sealed record WatchBaseline(double RollbackShare, IReadOnlyList<string> InvalidIndexes, IReadOnlyDictionary<string, double> StatementMeans)
{
    internal static WatchBaseline Of(ServerHealth health) => new(
        CounterGrowth.Between(new ServerCounters(0, 0, 0, 0, 0, 0, health.Counters.ResetAt), health.Counters).RollbackShare,
        health.InvalidIndexes,
        (health.Statements ?? []).Where(statement => statement.Calls > 0).ToDictionary(statement => statement.Id, statement => Math.Round(statement.TotalMs / statement.Calls, 3), StringComparer.Ordinal));
}

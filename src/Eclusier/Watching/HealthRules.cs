using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Watching;

/// <summary>Which figures of a server are trouble.</summary>
internal static class HealthRules
{
    /// <summary>Three of ten transactions of an idle night are no storm.</summary>
    private const long FewestRollbacks = 10;

    /// <summary>A statement that takes so many times its usual time has become slow.</summary>
    private const double Slower = 2;

    public static IEnumerable<Trouble> Of(WatchSettings settings, WatchBaseline baseline, CounterGrowth grown, ServerHealth now) =>
        Counted(settings, baseline, grown).Concat(Seen(settings, baseline, now));

    /// <summary>What happened since the last look.</summary>
    private static IEnumerable<Trouble> Counted(WatchSettings settings, WatchBaseline baseline, CounterGrowth grown)
    {
        if (grown.Deadlocks > settings.Deadlocks)
            yield return new Trouble("deadlocks", "", Text.Count(grown.Deadlocks, "deadlock", "deadlocks", "interblocage", "interblocages"));
        var share = settings.Rollbacks ?? Math.Clamp(2 * baseline.RollbackShare, WatchSettings.UsualRollbacks, WatchSettings.MostRollbacks);
        if (grown.Rollbacks >= FewestRollbacks && grown.RollbackShare > share)
        {
            yield return new Trouble("rollbacks", "", new Text(
                $"{grown.RollbackShare * 100:0.#} % of {English.Count(grown.Commits + grown.Rollbacks, "transaction")} rolled back (before: {baseline.RollbackShare * 100:0.#} %)",
                $"{French.Decimal(grown.RollbackShare * 100, "0.#")} % des {French.Count(grown.Commits + grown.Rollbacks, "transaction annulée")} (avant : {French.Decimal(baseline.RollbackShare * 100, "0.#")} %)"));
        }

        if (grown.Conflicts > 0)
            yield return new Trouble("conflicts", "", Text.Count(grown.Conflicts, "query cancelled by recovery", "queries cancelled by recovery", "requête annulée par la restauration", "requêtes annulées par la restauration"));
        if (grown.TempBytes > settings.TempFiles)
            yield return new Trouble("temp_files", "", new Text($"{grown.TempBytes / 1048576} MB written to temporary files", $"{grown.TempBytes / 1048576} Mo écrits dans des fichiers temporaires"));
        if (grown.ChecksumFailures > 0)
            yield return new Trouble("checksum_failures", "", Text.Count(grown.ChecksumFailures, "page with a wrong checksum: the disk or the memory is failing", "pages with a wrong checksum: the disk or the memory is failing", "page à la somme de contrôle fausse : le disque ou la mémoire est en panne", "pages à la somme de contrôle fausse : le disque ou la mémoire est en panne"));
    }

    /// <summary>What is so now.</summary>
    private static IEnumerable<Trouble> Seen(WatchSettings settings, WatchBaseline baseline, ServerHealth now)
    {
        foreach (var index in now.InvalidIndexes.Except(baseline.InvalidIndexes, StringComparer.Ordinal))
            yield return new Trouble("invalid_index", index, new Text($"the index {index} is invalid", $"l'index {index} est invalide"));
        foreach (var session in now.Sessions)
        {
            if (session.BlockedSeconds > settings.Blocked.TotalSeconds)
                yield return new Trouble("blocked", $"{session.ProcessId}", new Text($"{session.Said.En} has waited {session.BlockedSeconds:0} s for a lock of pid {session.BlockedBy}", $"{session.Said.Fr} attend depuis {session.BlockedSeconds:0} s un verrou de pid {session.BlockedBy}"));
            if (session.TransactionSeconds > settings.Transactions.TotalSeconds)
                yield return new Trouble("long_transaction", $"{session.ProcessId}", new Text($"{session.Said.En} has been in its transaction for {session.TransactionSeconds:0} s", $"{session.Said.Fr} est dans sa transaction depuis {session.TransactionSeconds:0} s"));
        }

        if (now.ReplicationLag is { } lag && lag > settings.Lag)
            yield return new Trouble("replication_lag", "", new Text($"a replica is {lag.TotalSeconds:0} s behind", $"une réplique a {lag.TotalSeconds:0} s de retard"));
    }

    /// <summary>Statements that were slow since the last look, and are new or were not so slow before the watch.</summary>
    /// <param name="before">At the last look; what is not in it was not called before, or was forgotten by the server.</param>
    public static IEnumerable<Trouble> Slow(WatchSettings settings, WatchBaseline baseline, IReadOnlyList<StatementTimes> before, IReadOnlyList<StatementTimes> now)
    {
        var known = before.ToDictionary(statement => statement.Id, StringComparer.Ordinal);
        foreach (var statement in now)
        {
            var last = known.GetValueOrDefault(statement.Id);
            // Fewer calls than before: the server began to count anew.
            var (calls, total) = last is null || last.Calls > statement.Calls ? (statement.Calls, statement.TotalMs) : (statement.Calls - last.Calls, statement.TotalMs - last.TotalMs);
            if (calls == 0 || total / calls <= settings.Slow.TotalMilliseconds)
                continue;
            var usual = baseline.StatementMeans.TryGetValue(statement.Id, out var mean) ? mean : (double?)null;
            if (usual is null || total / calls > Slower * usual)
                yield return new Trouble("slow_query", statement.Id, Said(statement, total / calls, usual));
        }
    }

    private static Text Said(StatementTimes statement, double mean, double? usual)
    {
        var query = statement.Query is { } text ? $": {text}" : "";
        return usual is null
            ? new Text($"a new query takes {mean:0} ms (query id {statement.Id}){query}", $"une nouvelle requête prend {mean:0} ms (identifiant {statement.Id}){query}")
            : new Text($"a query takes {mean:0} ms instead of {usual:0.#} ms (query id {statement.Id}){query}", $"une requête prend {mean:0} ms au lieu de {French.Decimal(usual ?? 0, "0.#")} ms (identifiant {statement.Id}){query}");
    }
}

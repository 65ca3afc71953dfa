using System.Diagnostics;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Migrations.Backfills;

/// <summary>Lets a backfill wait while a replica is too far behind, or while the runbook's own query says so.</summary>
internal sealed class Throttle(NpgsqlConnection connection, Policy policy, string migration, Action<Text>? tell)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly ReplicaLag _replicas = new(connection);

    private long _looked;

    /// <summary>Returns when nothing is in the way. Looks once a second; call it outside any transaction.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        if (_looked != 0 && Stopwatch.GetElapsedTime(_looked) < Pace)
            return;
        for (var told = false; await ReasonAsync() is { } reason; told = true)
        {
            if (!told)
                tell?.Invoke(new Text($"{migration}: the backfill waits: {reason.En}", $"{migration} : le remplissage attend : {reason.Fr}"));
            await Task.Delay(Pace, stop);
        }

        _looked = Stopwatch.GetTimestamp();
    }

    private async Task<Text?> ReasonAsync()
    {
        if (await _replicas.LookAsync(CancellationToken.None) is { } lag && lag > policy.MaxReplicationLag)
            return new Text($"a replica is {lag.TotalSeconds:0} s behind", $"une réplique a {lag.TotalSeconds:0} s de retard");
        return policy.PauseWhile is { } sql && await PausesAsync(sql) ? new Text("policy.pause_while says so", "policy.pause_while le demande") : null;
    }

    private async Task<bool> PausesAsync(string sql)
    {
        var answer = await ReadOnlyQuery.RunAsync(connection, sql, "policy.pause_while", CancellationToken.None);
        return answer.Rows is [[{ } value, ..], ..] && value is not ("f" or "0" or "");
    }
}

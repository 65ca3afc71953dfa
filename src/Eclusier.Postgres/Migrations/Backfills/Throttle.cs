using System.Diagnostics;
using Eclusier.Postgres.Connections;
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
    /// <exception cref="MigrationFailedException">The runbook's query was refused.</exception>
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
        try
        {
            var answer = await ReadOnlyQuery.RunAsync(connection, sql, "policy.pause_while", CancellationToken.None, policy.LockTimeout);
            return answer.Rows is [[{ } value, ..], ..] && value is not ("f" or "0" or "");
        }
        catch (EclusierException refused) when (refused.InnerException is PostgresException)
        {
            // Without an answer nobody knows whether it may go on.
            throw new MigrationFailedException(
                new Text($"{migration} stopped, because policy.pause_while has no answer: {refused.Problem.En}", $"{migration} s'est arrêtée, car policy.pause_while n'a pas de réponse : {refused.Problem.Fr}"),
                refused.Where,
                new Text("Correct the query in the runbook, then run the same command again: what is done stays, and it goes on behind it.", "Corrigez la requête dans le runbook, puis relancez la même commande : ce qui est fait reste, et elle reprend derrière."),
                refused);
        }
    }
}

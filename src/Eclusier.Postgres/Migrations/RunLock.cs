using System.Diagnostics;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// One run at a time on a database: a session-level advisory lock on the run's own connection, so that whoever loses the
/// lock loses the means to apply anything with it. It is polled: waiting inside <c>pg_advisory_lock</c> would hold a
/// snapshot that a concurrent index build waits for (PostgreSQL manual, "Building Indexes Concurrently").
/// </summary>
internal static class RunLock
{
    /// <summary>"Eclusier" in ASCII. Advisory locks are local to a database.</summary>
    internal const long Key = 0x45636c7573696572;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <exception cref="EclusierException">Another run holds it, and who.</exception>
    public static async Task TakeAsync(NpgsqlConnection connection, string target, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await connection.ScalarAsync<bool>($"select pg_try_advisory_lock({Key})", cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw await HeldAsync(connection, target, cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>A migration may have given it up (<c>pg_advisory_unlock_all</c>): it is taken again, and its count does no harm.</summary>
    /// <exception cref="EclusierException">Another run has it meanwhile.</exception>
    public static async Task KeepAsync(NpgsqlConnection connection, string target, CancellationToken cancellationToken)
    {
        if (!await connection.ScalarAsync<bool>($"select pg_try_advisory_lock({Key})", cancellationToken))
            throw await HeldAsync(connection, target, cancellationToken);
    }

    private static async Task<EclusierException> HeldAsync(NpgsqlConnection connection, string target, CancellationToken cancellationToken)
    {
        var holder = await connection.ScalarAsync<string>(
            $"""
            select format('%s (pid %s, user %s, from %s, since %s)', a.application_name, a.pid, a.usename,
                          coalesce(host(a.client_addr), 'a local socket'), to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'))
            from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and l.database = (select oid from pg_database where datname = current_database())
              and l.classid = {(uint)(Key >> 32)} and l.objid = {(uint)(Key & 0xffffffff)}
            """,
            cancellationToken);
        return new UnavailableException(
            new Text($"Another run holds the lock: {holder ?? "unknown"}", $"Une autre exécution détient le verrou : {holder ?? "inconnue"}"),
            target,
            new Text("Wait for it to end, then run the same command again.", "Attendez qu'elle se termine, puis relancez la même commande."));
    }
}

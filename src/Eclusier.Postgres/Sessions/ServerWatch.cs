using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Redaction;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>
/// Looks from a second connection at a session that works for a while: who keeps it waiting, and how far it has come. Opens that
/// connection only when there is something to wait for; when it cannot be had, nothing is known, and the migration goes on.
/// </summary>
internal sealed class ServerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>A long wait or a long build is not told again before this.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly PeriodicTimer _timer = new(Pace);
    private readonly DatabaseUrl _url;
    private readonly int _processId;
    private readonly string _name;
    private readonly Action<Text>? _tell;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Task _watching;
    private string _told = "";
    private long _toldAt;

    private readonly CancellationToken _stop;

    private ServerWatch(DatabaseUrl url, int processId, string name, Action<Text>? tell, CancellationToken stop)
    {
        (_url, _processId, _name, _tell, _stop) = (url, processId, name, tell, stop);
        _watching = tell is null ? Task.CompletedTask : WatchAsync();
    }

    /// <summary>Who kept the session waiting last; null when nobody was seen to.</summary>
    public Text? Blockers { get; private set; }

    /// <param name="processId">The server process to look at.</param>
    /// <param name="name">The migration.</param>
    /// <param name="tell">Told of blockers and progress; null: nobody looks.</param>
    /// <param name="stop">When it is cancelled, a statement that only waits for others is ended: nothing is lost with it.</param>
    public static ServerWatch Start(DatabaseUrl url, int processId, string name, Action<Text>? tell, CancellationToken stop) => new(url, processId, name, tell, stop);

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync()
    {
        NpgsqlConnection? connection = null;
        try
        {
            while (await _timer.WaitForNextTickAsync())
            {
                connection ??= await PostgresConnection.OpenAsync(_url, "eclusier watch", CancellationToken.None);
                if (await BlockersAsync(connection) is { } blockers)
                {
                    Tell("blocked", Blockers = blockers, new Text($"waits for {blockers.En}", $"attend {blockers.Fr}"));
                    if (_stop.IsCancellationRequested)
                        await connection.ExecuteAsync($"select pg_cancel_backend({_processId})", CancellationToken.None);
                }
                else if (await ProgressAsync(connection) is { } progress)
                {
                    Tell(progress.Phase, progress.Said, progress.Said);
                }
            }
        }
        catch (Exception error) when (error is NpgsqlException or UnavailableException { InnerException: NpgsqlException })
        {
            // Without a second connection nothing can be seen; that is no reason to stop a migration.
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    private void Tell(string kind, Text what, Text sentence)
    {
        var key = kind == "blocked" ? what.En.Split(',')[0] : kind;
        if (key == _told && _time.GetElapsedTime(_toldAt) < Quiet)
            return;
        (_told, _toldAt) = (key, _time.GetTimestamp());
        _tell?.Invoke(new Text($"{_name}: {sentence.En}", $"{_name} : {sentence.Fr}"));
    }

    /// <summary>A prepared transaction has no process: its number is 0 (https://www.postgresql.org/docs/current/functions-info.html, pg_blocking_pids).</summary>
    private async Task<Text?> BlockersAsync(NpgsqlConnection connection)
    {
        var blockers = await connection.RowsAsync(
            $"""
            select b.pid, coalesce(a.application_name, ''), coalesce(a.usename, '')::text, coalesce(a.state, ''), coalesce(a.query, ''),
                   coalesce(extract(epoch from clock_timestamp() - a.xact_start), 0)::float8, coalesce(to_char(a.query_start at time zone 'UTC', 'HH24:MI:SS "UTC"'), '?')
            from (select distinct unnest(pg_blocking_pids({_processId})) as pid) b left join pg_stat_activity a on a.pid = b.pid
            order by a.xact_start
            """,
            row => Said(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetDouble(5), row.GetString(6)),
            CancellationToken.None);
        return blockers.Count == 0 ? null : Text.Join(blockers);
    }

    private static Text Said(int processId, string application, string user, string state, string query, double age, string queryStart)
    {
        if (processId == 0)
            return new Text("a prepared transaction (see pg_prepared_xacts)", "une transaction préparée (voir pg_prepared_xacts)");
        var who = string.Join(", ", new[] { application, user, state }.Where(part => part.Length > 0));
        var what = LibPgQuery.WithoutLiterals(query) is { } safe ? $": {Shortened(Secrets.Redact(safe))}" : "";
        return new Text(
            $"pid {processId} ({who}; in its transaction for {age:0} s, query since {queryStart}{what})",
            $"pid {processId} ({who} ; dans sa transaction depuis {age:0} s, requête depuis {queryStart}{what})");
    }

    private static string Shortened(string query)
    {
        var line = string.Join(' ', query.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 120 ? line : $"{line[..119]}…";
    }

    private async Task<(string Phase, Text Said)?> ProgressAsync(NpgsqlConnection connection)
    {
        var found = await connection.RowsAsync(
            $"""
            select command, phase, done::float8, nullif(total, 0)::float8 from (
              select pid, command, phase, case when tuples_total > 0 then tuples_done else blocks_done end as done, case when tuples_total > 0 then tuples_total else blocks_total end as total from pg_stat_progress_create_index
              union all select pid, 'VACUUM', phase, heap_blks_scanned, heap_blks_total from pg_stat_progress_vacuum
              union all select pid, command, phase, heap_blks_scanned, heap_blks_total from pg_stat_progress_cluster
              union all select pid, 'ANALYZE', phase, sample_blks_scanned, sample_blks_total from pg_stat_progress_analyze
              union all select pid, command, 'copying', bytes_processed, bytes_total from pg_stat_progress_copy
            ) progress where pid = {_processId}
            """,
            row => (Command: row.GetString(0), Phase: row.GetString(1), Share: row.IsDBNull(3) ? (double?)null : row.GetDouble(2) / row.GetDouble(3)),
            CancellationToken.None);
        if (found.Count == 0)
            return null;
        var (command, phase, share) = found[0];
        return (phase, Text.Same($"{command}: {phase}{(share is { } part ? $", {part * 100:0} %" : "")}"));
    }
}

using Eclusier.Evidence;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Layouts;
using Npgsql;

namespace Eclusier.Postgres.Rehearsals;

/// <summary>
/// Watches what each statement of a transaction does, from the inside: the server's own lists of locks, files and changed rows, which see
/// into functions, triggers and DO blocks. Only relations that were there when the rehearsal began are of interest.
/// </summary>
internal sealed class StatementTracer
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly NpgsqlConnection _connection;
    private readonly DatabaseUrl _url;
    private readonly Dictionary<uint, string> _original;
    private State _last;

    private StatementTracer(DatabaseUrl url, NpgsqlConnection connection, State first)
    {
        _url = url;
        _connection = connection;
        _last = first;
        _original = first.Relations.Where(entry => !TrackingTable.Names.Contains(entry.Value.Name.Split('.')[^1])).ToDictionary(entry => entry.Key, entry => entry.Value.Name);
    }

    public static async Task<StatementTracer> StartAsync(DatabaseUrl url, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        new(url, connection, await LookAsync(connection, cancellationToken));

    /// <summary>Call it inside the transaction, before its first statement.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken) => _last = await LookAsync(_connection, cancellationToken);

    /// <summary>What happened since the last look.</summary>
    public async Task<StatementTrace> LookAsync(CancellationToken cancellationToken)
    {
        var (before, now) = (_last, await LookAsync(_connection, cancellationToken));
        _last = now;
        return Compare(before, now);
    }

    /// <summary>
    /// For a statement that manages its own transactions: its locks are gone when it ends, so a second connection looks at them meanwhile.
    /// What it holds for less than <see cref="Pace"/> may be missed.
    /// </summary>
    public async Task<StatementTrace> WatchAsync(Func<Task> statement, CancellationToken cancellationToken)
    {
        await using var watcher = await PostgresConnection.OpenAsync(_url, "eclusier rehearsal", cancellationToken);
        var before = await LookAsync(_connection, cancellationToken);
        var seen = new HashSet<(uint, LockMode)>();
        var running = statement();
        while (!running.IsCompleted)
        {
            seen.UnionWith(await LocksAsync(watcher, _connection.ProcessID, cancellationToken));
            await Task.WhenAny(running, Task.Delay(Pace, cancellationToken));
        }

        await running;
        return Compare(before, await LookAsync(_connection, cancellationToken) with { Locks = seen });
    }

    private StatementTrace Compare(State before, State now) =>
        new()
        {
            Locks = [.. Locks(before, now)],
            Rewritten = [.. Known(before).Where(entry => now.Relations.TryGetValue(entry.Oid, out var after) && after.FileNode != entry.Was.FileNode).Select(entry => entry.Name)],
            Rows = [.. Known(before).Select(entry => Rows(entry.Name, entry.Was, now.Relations.GetValueOrDefault(entry.Oid))).OfType<RowsChanged>()],
            Dropped = [.. Known(before).Where(entry => !now.Relations.ContainsKey(entry.Oid)).Select(entry => entry.Name)],
            WalBytes = (long)(now.WalPosition - before.WalPosition),
        };

    private static async Task<HashSet<(uint, LockMode)>> LocksAsync(NpgsqlConnection watcher, int processId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select relation, mode from pg_locks where pid = {processId} and locktype = 'relation' and granted", watcher);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadLocksAsync(reader, cancellationToken);
    }

    private static async Task<HashSet<(uint, LockMode)>> ReadLocksAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var locks = new HashSet<(uint, LockMode)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (LockModes.OfServerName(reader.GetString(1)) is { } mode)
                locks.Add((reader.GetFieldValue<uint>(0), mode));
        }

        return locks;
    }

    private IEnumerable<(uint Oid, string Name, Relation Was)> Known(State state) =>
        from entry in _original
        where state.Relations.ContainsKey(entry.Key)
        orderby entry.Value
        select (entry.Key, entry.Value, state.Relations[entry.Key]);

    private IEnumerable<LockTaken> Locks(State before, State now) =>
        from taken in now.Locks
        where _original.ContainsKey(taken.Oid) && taken.Mode > LockMode.AccessShare && !before.Locks.Contains(taken)
        group taken.Mode by _original[taken.Oid] into modes
        orderby modes.Key
        select new LockTaken(modes.Key, modes.Max().Name());

    private static RowsChanged? Rows(string name, Relation before, Relation? now)
    {
        if (now is null)
            return null;
        var changed = new RowsChanged(name, now.Inserted - before.Inserted, now.Updated - before.Updated, now.Deleted - before.Deleted);
        return changed is { Inserted: 0, Updated: 0, Deleted: 0 } ? null : changed;
    }

    private static async Task<State> LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // The migration's own may hide what is asked here.
                new(EmptySearchPath.Set),
                new("""
                    select c.oid, (case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname)::text, c.relfilenode,
                      coalesce(s.n_tup_ins, 0), coalesce(s.n_tup_upd, 0), coalesce(s.n_tup_del, 0)
                    from pg_catalog.pg_class c
                    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                    left join pg_catalog.pg_stat_xact_user_tables s on s.relid = c.oid
                    where c.relkind in ('r', 'p', 'm', 'v') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                    """),
                new("""
                    select l.relation, l.mode from pg_catalog.pg_locks l
                    where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted
                    """),
                new("select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::float8"),
                new(EmptySearchPath.PutBack),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var relations = new Dictionary<uint, Relation>();
        while (await reader.ReadAsync(cancellationToken))
            relations[reader.GetFieldValue<uint>(0)] = new Relation(reader.GetString(1), reader.GetFieldValue<uint>(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
        await reader.NextResultAsync(cancellationToken);
        var locks = await ReadLocksAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new State(relations, locks, reader.GetDouble(0));
    }

    private sealed record Relation(string Name, uint FileNode, long Inserted, long Updated, long Deleted);

    private sealed record State(Dictionary<uint, Relation> Relations, HashSet<(uint Oid, LockMode Mode)> Locks, double WalPosition);
}

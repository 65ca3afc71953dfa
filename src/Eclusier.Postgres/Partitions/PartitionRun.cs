using System.Diagnostics;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sessions;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Partitions;

/// <summary>
/// Turns a table in use into a partitioned one: made beside it, kept in step by triggers, filled in batches, proved equal, and put in its
/// place by an exchange of names. Each part can be begun again.
/// </summary>
internal sealed class PartitionRun(StepContext context)
{
    /// <summary>Rows of the first batch; the next ones adapt.</summary>
    private const int FirstBatch = 2000;

    private readonly NpgsqlConnection _connection = context.Connection;
    private readonly List<PartitionResult> _proofs = [];
    private readonly List<StatementTrace> _traces = [];

    /// <summary>Of the tables that were partitioned so far.</summary>
    public IReadOnlyList<PartitionResult> Proofs => _proofs;

    /// <param name="done">Statements that have run when this one has.</param>
    /// <exception cref="StatementFailed">The server refused.</exception>
    /// <exception cref="EclusierException">The table cannot be partitioned, or its rows are not all there.</exception>
    public async Task RunAsync(Statement statement, int done, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        _traces.Clear();
        await context.Session.EnterAsync(cancellationToken);
        await (statement.Partition!.Phase switch
        {
            PartitionPhase.Prepare => PrepareAsync(statement, done, cancellationToken),
            PartitionPhase.Swap => SwapAsync(statement, done, cancellationToken),
            PartitionPhase.Undo => UndoAsync(statement, done, cancellationToken),
            var phase => throw new InvalidOperationException($"{phase} runs in batches."),
        });
        await context.Session.LeaveAsync(cancellationToken);
        context.Sender.Time(statement, began, _traces.Count == 0 ? null : StatementTrace.Sum(_traces));
    }

    /// <summary>The copying as an INSERT … SELECT that is cut into batches. It locks the rows that it reads, so that nobody changes one between its reading and its writing.</summary>
    public async Task<Statement> BatchedAsync(Statement statement, CancellationToken cancellationToken)
    {
        await context.Session.EnterAsync(cancellationToken);
        var (table, names, _) = await FindAsync(statement, cancellationToken);
        await context.Session.LeaveAsync(cancellationToken);
        var (key, columns) = (table.PrimaryKey!.Columns[0], string.Join(", ", table.Copied));
        return statement with
        {
            Batch = new Batching(table.Name.Quoted, key, FirstBatch)
            {
                QualifiedKey = $"source.{Identifier.Quote(key)}",
                Head = $"insert into {names.New.Quoted} ({columns}) overriding system value select {columns} from {table.Name.Quoted} source where ",
                // Whoever waited here could make the application wait for the other rows of the batch, or be its deadlock.
                Tail = " for no key update nowait on conflict do nothing",
            },
        };
    }

    private async Task PrepareAsync(Statement statement, int done, CancellationToken cancellationToken)
    {
        var (table, names, asked) = await FindAsync(statement, cancellationToken);
        await RemoveLeftoversAsync(statement, table, names, cancellationToken);
        await PartitionProblems.RefuseAsync(_connection, table, asked, names, Where(statement), cancellationToken);
        var ranges = await PartitionPlan.RangesAsync(_connection, table, asked, Where(statement), cancellationToken);
        var made = new PartitionedTable(table, names, asked, ranges, _connection.PostgreSqlVersion.Major);
        foreach (var sql in made.Transactions())
            await TogetherAsync(statement, sql, cancellationToken);
        await TogetherAsync(statement, [.. Forward(table, names, asked).Create()], cancellationToken, done);
    }

    private async Task SwapAsync(Statement statement, int done, CancellationToken cancellationToken)
    {
        var (table, names, asked) = await FindAsync(statement, cancellationToken);
        await _connection.ExecuteAsync($"analyze {names.New.Quoted}", cancellationToken);
        var proof = await PartitionedRows.CompareAsync(_connection, table, names, Where(statement), cancellationToken);
        var carried = await CarriedOver.ReadAsync(_connection, table, names, cancellationToken);
        var exchange = await NameExchange.OfAsync(_connection, table, names.New, names, carried, cancellationToken);
        await TogetherAsync(
            statement,
            [
                .. Lock(carried, table.Name),
                .. Forward(table, names, asked).Drop(),
                .. carried.Publications.Select(publication => $"alter publication {publication} drop table {table.Name.Quoted}"),
                .. exchange.Forward(),
                .. carried.Traits,
                .. carried.Readers,
                .. FormerTable.InStep(table, names, carried),
                .. Backward(table, names).Create(),
            ],
            cancellationToken,
            done);
        _proofs.Add(proof);
    }

    private async Task UndoAsync(Statement statement, int done, CancellationToken cancellationToken)
    {
        var (table, names, _) = await FindAsync(statement, cancellationToken);
        if (table.IsPartitioned)
        {
            await FormerTable.RefuseGapsAsync(_connection, names, Where(statement), cancellationToken);
            var carried = await CarriedOver.ReadAsync(_connection, table, names, cancellationToken);
            var exchange = await NameExchange.OfAsync(_connection, table, names.Kept, names, carried, cancellationToken);
            await TogetherAsync(
                statement,
                [
                    .. Lock(carried, table.Name, names.Kept),
                    .. Backward(table, names).Drop(),
                    .. carried.Publications.Select(publication => $"alter publication {publication} drop table {table.Name.Quoted}"),
                    .. exchange.Backward(),
                    $"alter table {names.Table.Quoted} enable trigger user",
                    .. carried.Back,
                    .. carried.Readers,
                ],
                cancellationToken);
        }

        await RemoveLeftoversAsync(statement, table, names, cancellationToken);
        await context.Session.LeaveAsync(cancellationToken);
        await context.Sender.SendAsync([(Advance(done), null)], cancellationToken);
    }

    /// <summary>Whoever wants the table waits for all the locks that are asked for after it, too: together no longer than for one.</summary>
    private IEnumerable<string> Lock(CarriedOver carried, params TableName[] tables)
    {
        var timeout = context.Options.Policy.LockTimeout / (tables.Length + carried.OtherLocks);
        yield return SessionSettings.LockTimeout("set local", timeout < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : timeout);
        foreach (var table in tables)
            yield return $"lock table {table.Quoted} in access exclusive mode";
    }

    /// <summary>What an attempt that was cut off, or the way back, has left of the partitioned table.</summary>
    private async Task RemoveLeftoversAsync(Statement statement, LiveTable table, PartitionNames names, CancellationToken cancellationToken)
    {
        var sync = new SyncTrigger(table.Name, names.New, names.Sync, table.Owner, [], [], []);
        if (await _connection.ScalarAsync<bool>($"select to_regproc({Literal.Quote(names.Sync.Quoted)}) is not null", cancellationToken))
            await TogetherAsync(statement, [.. sync.Drop()], cancellationToken);
        await TogetherAsync(statement, [$"drop table if exists {names.New.Quoted}", $"drop table if exists {names.Missed.Quoted}"], cancellationToken);
    }

    private static SyncTrigger Forward(LiveTable table, PartitionNames names, PartitionSettings asked)
    {
        var key = PartitionedTable.Key(table, asked);
        return new SyncTrigger(table.Name, names.New, names.Sync, table.Owner, [.. table.Copied], key, key);
    }

    private static SyncTrigger Backward(LiveTable table, PartitionNames names)
    {
        var key = table.PrimaryKey!.Columns.Select(Identifier.Quote).ToList();
        return new SyncTrigger(names.Table, names.Kept, names.Back, table.Owner, [.. table.Copied], key, key) { Missed = names.Missed };
    }

    private async Task<(LiveTable Table, PartitionNames Names, PartitionSettings Settings)> FindAsync(Statement statement, CancellationToken cancellationToken)
    {
        var partitioning = statement.Partition!;
        var table = await LiveTable.FindAsync(_connection, partitioning.Table, cancellationToken) ?? throw new MigrationFailedException(
            new Text($"There is no table {partitioning.Table} to partition.", $"Il n'y a pas de table {partitioning.Table} à partitionner."),
            Where(statement),
            new Text("Correct the name in the partition directive, or create the table in an earlier migration.", "Corrigez le nom dans la directive partition, ou créez la table dans une migration antérieure."));
        return (table, PartitionNames.Of(table.Name, partitioning.Settings!), partitioning.Settings!);
    }

    /// <summary>One transaction, which steps back when it cannot have a lock in time.</summary>
    /// <param name="done">Statements that have run when it commits; null: it is not the last of its own.</param>
    private Task TogetherAsync(Statement statement, IReadOnlyList<string> statements, CancellationToken cancellationToken, int? done = null) => context.Retry.RunAsync(async () =>
    {
        var (sender, session) = (context.Sender, context.Session);
        context.Options.Stop.ThrowIfCancellationRequested();
        // Again, since stepping back leaves nothing of it.
        await session.EnterAsync(cancellationToken);
        await sender.SendAsync([(new("begin"), null), .. SessionSettings.Commands("set local", context.Timeouts.Values(context.Options.Policy.LockTimeout, session.Settings)), (new("set local client_min_messages = warning"), null)], cancellationToken);
        if (context.Tracer is not null)
            await context.Tracer.BeginAsync(cancellationToken);
        // Not as the migration's own statement, of which one text is timed: this is many.
        await sender.SendAsync([.. statements.Select(sql => (new NpgsqlBatchCommand(sql), (Statement?)null))], cancellationToken);
        if (context.Tracer is not null)
            _traces.Add(await context.Tracer.LookAsync(cancellationToken));
        NpgsqlBatchCommand[] record = done is { } number ? [.. session.StandingAside(), Advance(number)] : [];
        await sender.SendAsync([.. record.Append(new("commit")).Select(command => (command, (Statement?)null))], cancellationToken);
    });

    private NpgsqlBatchCommand Advance(int done) => StepProgress.Advance(context.Tracking, context.Step, done, context.Session.Settings);

    private string Where(Statement statement) => context.Step.Place(statement);
}

using Eclusier.Engines;
using Eclusier.Postgres.Sessions;
using Npgsql;

namespace Eclusier.Postgres.Migrations.Backfills;

/// <summary>Short transactions, one after the other: sized by how long they take, stepping back from locks, with as long a rest in between for everybody else.</summary>
/// <param name="name">Of what runs, for what is told.</param>
/// <param name="first">Rows of the first batch.</param>
internal sealed class PacedBatches(NpgsqlConnection connection, LockRetry retry, ApplyOptions options, string name, int first)
{
    /// <summary>Where nobody waits for a batch, each is a round trip and a look at the catalog.</summary>
    private static readonly TimeSpan OnCopy = TimeSpan.FromMilliseconds(200);

    private readonly BatchSize _size = new(first, options.OnCopy ? OnCopy : options.Policy.BatchTarget);
    private readonly Throttle _throttle = new(connection, options.Policy, name, options.Waiting);

    /// <summary>How many rows the next batch should have; fewer when it is tried again.</summary>
    public int Rows => _size.Rows;

    /// <param name="batch">One transaction. Answers how long the server took, and whether more follow.</param>
    /// <exception cref="StatementFailed">The server refused it.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop, between two batches.</exception>
    public async Task RunAsync(Func<Task<(TimeSpan Elapsed, bool More)>> batch)
    {
        options.Stop.ThrowIfCancellationRequested();
        await _throttle.WaitAsync(options.Stop);
        var (elapsed, more) = (TimeSpan.Zero, false);
        await retry.RunAsync(async () => (elapsed, more) = await batch(), _size.SteppedBack);
        _size.Took(elapsed);
        // The application has the disk and the processors to itself for as long.
        if (!options.OnCopy && more)
            await Task.Delay(elapsed, options.Stop);
    }
}

using Eclusier.Evidence;
using Eclusier.Postgres.Sandbox;
using Eclusier.Runbooks;
using Eclusier.Runs;
using Eclusier.Watching;

namespace Eclusier.Postgres.Tests.Watching;

/// <summary>A server of these tests alone: it counts statements, and may be crashed.</summary>
public sealed class WatchedServer : IAsyncLifetime
{
    private PostgresSandbox? _sandbox;

    public async ValueTask InitializeAsync() =>
        _sandbox = await PostgresSandbox.StartAsync(TestContext.Current.CancellationToken, options: new SandboxOptions { Settings = "shared_preload_libraries = 'pg_stat_statements'" });

    public Task<DatabaseUrl> NewDatabaseAsync() => _sandbox!.CreateEmptyDatabaseAsync(null, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
    }
}

/// <summary>A watch whose rounds a test lets happen one by one.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly SteppedTime _time = new();
    private readonly TemporaryFolder? _own;
    private readonly List<string> _told = [];
    private readonly Task<WatchRecord> _running;

    /// <param name="folder">Where an earlier watch kept its state; null: a folder of its own.</param>
    public Watch(DatabaseUrl url, WatchSettings settings, IReadOnlyList<Check>? checks = null, string? folder = null)
    {
        _own = folder is null ? new TemporaryFolder() : null;
        Folder = folder ?? _own!.Path;
        var environment = new TargetEnvironment("production", url);
        var runbook = new Runbook { Directory = Folder, Name = "Test", Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal) { ["production"] = environment }, Watch = settings, Checks = checks ?? [] };
        _running = new WatchRun(runbook, environment, new PostgresEngine(), new RunOptions(), line => _told.Add(line.En), _time).RunAsync(_cancel.Token);
    }

    public string Folder { get; }

    /// <summary>What was told so far, without its time.</summary>
    public IReadOnlyList<string> Told => [.. _told.Select(line => line[21..])];

    public string State => File.ReadAllText(Path.Combine(Folder, ".eclusier", "watch", "production.json"));

    /// <summary>Returns when a round is over, and the next one waits to begin.</summary>
    public async Task RoundOverAsync()
    {
        var waited = _time.WaitedForAsync();
        if (await Task.WhenAny(waited, _running) == _running)
            await _running;
        await waited;
    }

    /// <summary>As many more rounds.</summary>
    public async Task RoundsAsync(int count = 1)
    {
        for (var round = 0; round < count; round++)
        {
            _time.Pass();
            await RoundOverAsync();
        }
    }

    /// <summary>Lets the time pass that is waited for, and returns at the watch's end.</summary>
    public Task<WatchRecord> EndAsync()
    {
        _time.Pass();
        return _running.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    /// <summary>As Ctrl-C does.</summary>
    public Task<WatchRecord> InterruptAsync()
    {
        _cancel.Cancel();
        return _running.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _cancel.CancelAsync();
        await _running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _cancel.Dispose();
        _own?.Dispose();
    }
}

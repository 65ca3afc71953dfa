using System.Threading.Channels;

namespace Eclusier.Tests.Shared;

/// <summary>A clock that a test owns: whoever waits, waits until the test lets him go on, and then that time has passed.</summary>
public sealed class SteppedTime : TimeProvider
{
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>();
    private DateTimeOffset _now = new(2026, 3, 14, 2, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiting = new Waiting(callback, state, dueTime);
        _waiting.Writer.TryWrite(waiting);
        return waiting;
    }

    /// <summary>Returns when somebody waits.</summary>
    public async Task WaitedForAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        await _waiting.Reader.WaitToReadAsync(patience.Token);
    }

    /// <summary>Lets pass the time that is waited for.</summary>
    public void Pass()
    {
        Assert.True(_waiting.Reader.TryRead(out var next));
        _now += next.DueTime;
        next.Fire();
    }

    private sealed class Waiting(TimerCallback callback, object? state, TimeSpan dueTime) : ITimer
    {
        public TimeSpan DueTime => dueTime;

        // The one who waits must go on elsewhere: the test has its own next steps.
        public void Fire() => ThreadPool.QueueUserWorkItem(_ => callback(state));

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

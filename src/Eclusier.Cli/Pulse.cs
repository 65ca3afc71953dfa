namespace Eclusier.Cli;

/// <summary>Says every now and then that something is still at work, where nothing else does.</summary>
internal sealed class Pulse
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    private ITimer? _timer;

    /// <param name="tell">Told how long it has taken so far, when that is long.</param>
    public void Begin(Action<TimeSpan> tell)
    {
        End();
        var (time, started) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        _timer = time.CreateTimer(_ => tell(time.GetElapsedTime(started)), state: null, First, Pace);
    }

    public void End()
    {
        _timer?.Dispose();
        _timer = null;
    }
}

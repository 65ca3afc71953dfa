using System.Diagnostics;

namespace Eclusier.Postgres.Migrations.Backfills;

/// <summary>Rows per second and the time left, told every few seconds.</summary>
/// <param name="expected">Rows still to walk over when it began, by the server's estimate.</param>
internal sealed class BackfillProgress(string migration, double expected, Action<Text>? tell)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _told;
    private long _walked;

    public void Walked(int rows)
    {
        _walked += rows;
        var elapsed = Stopwatch.GetElapsedTime(_started);
        if (elapsed - _told < Pace)
            return;
        _told = elapsed;
        var perSecond = _walked / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Max(0, expected - _walked) / Math.Max(1, perSecond));
        tell?.Invoke(new Text(
            $"{migration}: {_walked} of about {English.Count(Math.Max(expected, _walked), "row")}, {perSecond:0} rows/s, about {Said(left)} left",
            $"{migration} : {French.Count(_walked, "ligne")} sur environ {Math.Max(expected, _walked):0}, {perSecond:0} lignes/s, encore {Said(left)} environ"));
    }

    private static string Said(TimeSpan left) => left.TotalHours >= 1 ? $"{(int)left.TotalHours} h {left.Minutes} min" : left.TotalMinutes >= 1 ? $"{left.Minutes} min {left.Seconds} s" : $"{left.Seconds} s";
}

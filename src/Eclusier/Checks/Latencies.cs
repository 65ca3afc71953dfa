using Eclusier.Evidence;

namespace Eclusier.Checks;

/// <summary>Percentiles by nearest rank.</summary>
internal static class Latencies
{
    public static Latency Of(IReadOnlyList<double> milliseconds, TimeSpan? limit)
    {
        var sorted = milliseconds.Order().ToList();
        return new Latency(sorted.Count, sorted[0], Percentile(sorted, 50), Percentile(sorted, 95), sorted[^1], limit?.TotalMilliseconds);
    }

    /// <param name="sorted">Ascending, not empty.</param>
    internal static double Percentile(IReadOnlyList<double> sorted, int percent) =>
        sorted[Math.Max(0, (int)Math.Ceiling(percent / 100.0 * sorted.Count) - 1)];
}

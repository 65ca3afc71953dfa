using Eclusier.Checks;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Comparisons;

/// <summary>Asks each query before, after, before, after, …: whatever slows the machine down for a moment slows down both.</summary>
internal sealed class ComparisonRunner(Database before, Database after, Database target)
{
    /// <summary>Fewer say nothing about a median.</summary>
    public const int FewestSamples = 5;

    /// <exception cref="UnavailableException">A connection was lost.</exception>
    public async Task<Comparison> CompareAsync(Check check, CancellationToken cancellationToken)
    {
        var (was, now, live) = (new Series(before, check.BeforeQuery ?? check.Query!, beforehand: true), new Series(after, check.Query!), new Series(target, check.Query!));
        var samples = Math.Max(FewestSamples, check.Samples);
        // One more of each, which does not count: it warms the cache up.
        for (var round = 0; round <= samples; round++)
        {
            await was.AskAsync(cancellationToken);
            await now.AskAsync(cancellationToken);
        }

        for (var round = 0; round <= samples; round++)
            await live.AskAsync(cancellationToken);
        return new Comparison(check.Name, was.Result, now.Result, live.Result, check.Faster);
    }

    /// <summary>One query in one place; after a refusal it is not asked again.</summary>
    private sealed class Series(Database database, string query, bool beforehand = false)
    {
        private readonly List<QuerySample> _samples = [];
        private Measurement? _refused;

        public Measurement Result => _refused ?? Of([.. _samples.Skip(1)]);

        public async Task AskAsync(CancellationToken cancellationToken)
        {
            if (_refused is not null)
                return;
            try
            {
                _samples.Add(await database.QueryMeter!.MeasureAsync(query, cancellationToken));
            }
            catch (CheckFailedException error)
            {
                var why = database.WhyUnproven(query, error);
                _refused = new Measurement { Problem = why ?? (beforehand ? NotBefore(error.Problem) : error.Problem), Unproven = why is not null };
            }
        }

        private static Text NotBefore(Text reason) => new($"not possible before: {reason.En}", $"impossible avant : {reason.Fr}");

        private static Measurement Of(IReadOnlyList<QuerySample> samples)
        {
            var times = Latencies.Of([.. samples.Select(sample => sample.Milliseconds)], limit: null);
            var last = samples[^1];
            return new Measurement
            {
                Samples = samples.Count,
                MedianMs = Math.Round(times.Median, 3),
                P95Ms = Math.Round(times.P95, 3),
                Rows = last.Rows,
                BuffersHit = last.BuffersHit,
                BuffersRead = last.BuffersRead,
                Plan = last.Plan,
            };
        }
    }
}

namespace Eclusier.Postgres.Migrations.Backfills;

/// <summary>How many rows the next batch walks over, so that it takes about as long as the policy wants.</summary>
internal sealed class BatchSize(int first, TimeSpan target)
{
    /// <summary>Below this a batch is mostly overhead.</summary>
    private const int Smallest = 50;

    private readonly int _least = Math.Min(Smallest, first);
    private readonly int _most = Math.Max(first, Smallest) * 10;

    public int Rows { get; private set; } = first;

    /// <summary>At most twice or half of the last one: one slow batch says little.</summary>
    public void Took(TimeSpan elapsed)
    {
        var factor = Math.Clamp(target / (elapsed + TimeSpan.FromMilliseconds(0.1)), 0.5, 2);
        Rows = Math.Clamp((int)(Rows * factor), _least, _most);
    }

    /// <summary>It met somebody else's lock: a smaller one is in the way of fewer.</summary>
    public void SteppedBack() => Rows = Math.Max(_least, Rows / 2);
}

using Eclusier.Catalog;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Baselines;

/// <summary>Migrations as they were seen at work, one after the other, on an empty database.</summary>
/// <param name="Start">What the server came with.</param>
public sealed record History(CatalogSnapshot Start, IReadOnlyList<HistoryStep> Steps)
{
    /// <summary>The catalog after so many migrations.</summary>
    public CatalogSnapshot After(int steps) => steps == 0 ? Start : Steps[steps - 1].After;

    public CatalogSnapshot End => After(Steps.Count);
}

/// <param name="After">The catalog after it.</param>
/// <param name="Error">Why it could not be replayed; it changed nothing then.</param>
public sealed record HistoryStep(Step Step, CatalogSnapshot After, StepError? Error);

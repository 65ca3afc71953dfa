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
/// <param name="Result">What became of it; one that could not be replayed changed nothing.</param>
public sealed record HistoryStep(Step Step, CatalogSnapshot After, StepResult Result)
{
    /// <summary>Null: it was replayed.</summary>
    public Text? Problem => Result switch
    {
        { MissingExtension: { } extension } => new Text($"unproven without extension {extension}, which the sandbox lacks", $"non prouvée sans l'extension {extension}, absente du bac à sable"),
        { Error: { } error } => new Text($"could not be replayed: {error.Summary.En}", $"n'a pas pu être rejouée : {error.Summary.Fr}"),
        _ => null,
    };
}

using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Snapshots;

/// <summary>Migrations as they were seen at work, one after the other, on an empty database.</summary>
/// <param name="Start">What the server came with.</param>
public sealed record History(CatalogSnapshot Start, IReadOnlyList<HistoryStep> Steps)
{
    /// <summary>The catalog after so many migrations.</summary>
    public CatalogSnapshot After(int steps) => steps == 0 ? Start : Steps[steps - 1].After;

    public CatalogSnapshot End => After(Steps.Count);
}

/// <param name="After">The catalog after it.</param>
/// <param name="Unreplayed">Its statements that could not run there; the others did.</param>
/// <param name="Makes">What it makes where that is not there already.</param>
public sealed record HistoryStep(Step Step, CatalogSnapshot After, IReadOnlyList<Unreplayed> Unreplayed, Makes Makes)
{
    /// <summary>Null: all of it was replayed.</summary>
    public Text? Problem => Unreplayed switch
    {
        [] => null,
        [var only] => new Text($"could not be replayed: {only.Message.En} ({only.Where})", $"n'a pas pu être rejouée : {only.Message.Fr} ({only.Where})"),
        [var first, ..] => new Text(
            $"{Unreplayed.Count} statements could not be replayed, the first: {first.Message.En} ({first.Where})",
            $"{Unreplayed.Count} instructions n'ont pas pu être rejouées, la première : {first.Message.Fr} ({first.Where})"),
    };
}

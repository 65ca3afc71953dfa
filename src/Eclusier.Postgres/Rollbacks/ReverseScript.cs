using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>
/// SQL that undoes changes of the catalog, from what it was before: removes what was made, puts back what was removed, gives what was changed its former definition. What
/// depends on an object that has to go for a moment goes with it, and is made again as it was.
/// </summary>
/// <param name="Statements">In an order that the dependencies permit.</param>
/// <param name="Impossible">What cannot be put back, and why; when there is any, the statements are not to be run.</param>
internal sealed record ReverseScript(IReadOnlyList<string> Statements, IReadOnlyList<Text> Impossible)
{
    /// <summary>What the migration did not change, and has to be made again all the same.</summary>
    public IReadOnlyList<CatalogObject> MadeAgain { get; init; } = [];

    /// <param name="now">The catalog as it is.</param>
    public static ReverseScript Of(ChangedObjects changes, CatalogSnapshot now)
    {
        var undoing = new Undoing(changes, now);
        var script = new OrderedScript(undoing);
        return new ReverseScript(undoing.Impossible.Count > 0 ? [] : script.Statements(), undoing.Impossible) { MadeAgain = undoing.MadeAgain };
    }
}

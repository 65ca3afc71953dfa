using Eclusier.Catalog;

namespace Eclusier.Evidence;

/// <summary>What one migration changed in the catalog, as it is written down: what was there before in full, to put it back; what the migration made, by its hash.</summary>
public sealed record StepChanges(string Migration, IReadOnlyList<CatalogChange> Changes)
{
    public static StepChanges Of(string migration, IReadOnlyList<CatalogChange> changes) => new(migration, [.. changes.Select(change => change with { After = change.After?.Sealed() })]);
}

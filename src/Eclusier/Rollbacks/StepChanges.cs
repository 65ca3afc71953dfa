using Eclusier.Catalog;

namespace Eclusier.Rollbacks;

/// <summary>What one migration changed in the catalog.</summary>
public sealed record StepChanges(string Migration, IReadOnlyList<CatalogChange> Changes);

using Eclusier.Catalog;

namespace Eclusier.Evidence;

/// <summary>What of a folder of migrations could not be replayed, because the server lacks extensions.</summary>
/// <param name="On">Where it was replayed: <see cref="RehearsalPlace.ThisMachine"/>, or a server's address.</param>
/// <param name="MissingExtensions">With what the migrations would have made: nobody can compare it.</param>
public sealed record UnprovenReplay(string On, IReadOnlyList<StepResult> Steps, IReadOnlyList<MissingExtension> MissingExtensions)
{
    internal bool Holds(CatalogObject found) => MissingExtensions.Any(extension => extension.Unproven.Any(unproven => unproven.Is(found.Kind, found.Name)));
}

using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Snapshots;

/// <summary>Compares a database with the environment that it should equal after the migrations.</summary>
internal static class ReferenceCheck
{
    /// <param name="environment">That the database is, or is a copy of.</param>
    /// <returns>Null where <see cref="NameOf"/> names none. A reference that cannot be read is evidence with a problem, not an error: staging may be asleep.</returns>
    public static async Task<ReferenceEvidence?> CompareAsync(Runbook runbook, TargetEnvironment environment, SnapshotSource snapshots, Database database, CancellationToken cancellationToken)
    {
        if (NameOf(runbook, environment) is not { } name)
            return null;
        if (!runbook.Environments.TryGetValue(name, out var reference))
            return new ReferenceEvidence(name, Problem: Unset(name));
        if (database.MissingExtensions.Count > 0)
            return new ReferenceEvidence(name, Problem: Incomplete(database.MissingExtensions));
        DatabaseSnapshot there;
        try
        {
            there = await snapshots.CatalogOfAsync(reference, cancellationToken);
        }
        catch (EclusierException error)
        {
            return new ReferenceEvidence(name, Problem: new Text($"{error.Problem.En} ({error.Where})", $"{error.Problem.Fr} ({error.Where})"));
        }

        var here = await snapshots.CatalogOfAsync(database, environment, cancellationToken);
        return new ReferenceEvidence(name, DatabaseComparison.Of(Schema(here), Schema(there), runbook.Ignore).Sealed());
    }

    /// <summary>Settings and libraries of two servers differ for good reasons, and a copy has those of the sandbox.</summary>
    private static DatabaseSnapshot Schema(DatabaseSnapshot snapshot) => new(snapshot.Source, snapshot.ServerVersion, snapshot.TakenAt, snapshot.Catalog.WithoutSurroundings().Objects, snapshot.Applied);

    /// <summary>The reference of this environment; null where the runbook has none, or it is this one itself.</summary>
    public static string? NameOf(Runbook runbook, TargetEnvironment environment) =>
        runbook.HasMigrations && runbook.Migrations.Reference is { } name && name != environment.Name ? name : null;

    /// <summary>The reader leaves out an environment whose variables have no value.</summary>
    public static Text Unset(string name) => new($"the variables of {name} are not set here", $"les variables de {name} ne sont pas définies ici");

    /// <summary>A copy without them cannot equal anything; the target itself can, afterwards.</summary>
    private static Text Incomplete(IEnumerable<MissingExtension> missing)
    {
        var names = string.Join(", ", missing.Select(extension => extension.Name));
        return new Text($"the copy lacks what belongs to extension {names}", $"il manque à la copie ce qui dépend de l'extension {names}");
    }

    /// <summary>What a report must name: where the target differs, or why nobody knows. That this machine is not meant to know is no problem.</summary>
    public static IEnumerable<Text> Problems(ReferenceEvidence? evidence, Runbook runbook, TargetEnvironment environment)
    {
        if (evidence is { Differs: true })
        {
            yield return new Text(
                $"{environment.Name} does not equal {evidence.Environment}: {evidence.Differences.En}",
                $"{environment.Name} n'est pas identique à {evidence.Environment} : {evidence.Differences.Fr}");
        }
        else if (evidence?.Problem is { } problem && runbook.Environments.ContainsKey(evidence.Environment))
        {
            yield return new Text($"{evidence.Environment} could not be compared: {problem.En}", $"{evidence.Environment} n'a pas pu être comparé : {problem.Fr}");
        }
    }
}

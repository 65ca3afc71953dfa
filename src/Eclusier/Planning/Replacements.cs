namespace Eclusier.Planning;

/// <summary>
/// Migrations that were put together from others, and do what they do (<c>migrations.replaces</c>). A database needs the one or the others;
/// a new one gets the one.
/// </summary>
public sealed class Replacements
{
    private readonly IReadOnlySet<string> _applied;
    private readonly Dictionary<string, string[]> _replaced;

    /// <param name="replaces">As the runbook has it.</param>
    /// <param name="names">Every migration that is known.</param>
    /// <param name="applied">Versions that the tracking table has.</param>
    /// <exception cref="InvalidInputException">A replacing migration does not exist. Those replaced may be long gone.</exception>
    public Replacements(IReadOnlyDictionary<string, IReadOnlyList<string>> replaces, IReadOnlyList<MigrationName> names, IReadOnlySet<string> applied, string? where)
    {
        _applied = applied;
        _replaced = replaces.ToDictionary(
            entry => MigrationOrder.Find(entry.Key, names, "replaces", where).Version,
            entry => entry.Value.Select(name => names.FirstOrDefault(known => known.IsCalled(name))?.Version ?? name).ToArray(),
            StringComparer.Ordinal);
    }

    /// <summary>Replacing version -> the versions that it stands for.</summary>
    public IReadOnlyDictionary<string, string[]> Replaced => _replaced;

    /// <summary>What is not to run, because its changes are there or come with another.</summary>
    public IEnumerable<(string Version, Text Reason)> Skipped()
    {
        foreach (var (one, others) in _replaced)
        {
            if (!_applied.Contains(one) && others.All(_applied.Contains))
            {
                var list = string.Join(", ", others);
                yield return (one, new Text($"{list} do the same, and are applied", $"{list} font la même chose, et sont appliquées"));
            }
            else
            {
                foreach (var other in others.Where(other => !_applied.Contains(other)))
                    yield return (other, new Text($"replaced by {one}", $"remplacée par {one}"));
            }
        }
    }

    /// <summary>These, and what they stand for or have the others of.</summary>
    public HashSet<string> Met(IEnumerable<string> versions)
    {
        var met = versions.ToHashSet(StringComparer.Ordinal);
        foreach (var (one, others) in _replaced)
        {
            if (met.Contains(one))
                met.UnionWith(others);
            else if (others.All(met.Contains))
                met.Add(one);
        }

        return met;
    }

    /// <summary>Half of what a migration replaces is applied: to run it would do that half again, to leave it out would leave the rest undone.</summary>
    public IEnumerable<PlanProblem> Problems() =>
        from entry in _replaced
        where !_applied.Contains(entry.Key) && entry.Value.Any(_applied.Contains) && !entry.Value.All(_applied.Contains)
        let done = string.Join(", ", entry.Value.Where(_applied.Contains))
        let missing = string.Join(", ", entry.Value.Where(version => !_applied.Contains(version)))
        select new PlanProblem(
            "partly-replaced",
            entry.Key,
            new Text($"{entry.Key} replaces {done}, which is applied, and {missing}, which is not: run the rest, or take it out of \"replaces\"", $"{entry.Key} remplace {done}, déjà appliquée, et {missing}, qui ne l'est pas : appliquez le reste, ou retirez-la de « replaces »"),
            Blocks: true);
}

namespace Eclusier.Planning;

/// <summary>In which order migrations run.</summary>
public static class MigrationOrder
{
    /// <summary>
    /// File order; those that <paramref name="order"/> names come first, in its order; and none runs before what it depends on.
    /// A migration that must wait moves back, the others keep their places.
    /// </summary>
    /// <param name="files">In file order: that of their layout.</param>
    /// <param name="order">Versions or file names.</param>
    /// <param name="depends">Version or file name -> those that must run before it.</param>
    /// <param name="where">The runbook's file, for errors.</param>
    /// <exception cref="InvalidInputException">An unknown name, or a cycle.</exception>
    public static IReadOnlyList<MigrationName> Sort(
        IReadOnlyList<MigrationName> files,
        IReadOnlyList<string> order,
        IReadOnlyDictionary<string, IReadOnlyList<string>> depends,
        string? where = null)
    {
        var named = order.Select(name => Find(name, files, "order", where)).Distinct().ToArray();
        var wanted = named.Concat(files.Except(named)).ToArray();
        return SortByDependency(wanted, Dependencies(files, depends, where), where);
    }

    /// <summary>For each migration that depends on something, what it depends on.</summary>
    /// <exception cref="InvalidInputException">An unknown name.</exception>
    public static IReadOnlyDictionary<MigrationName, IReadOnlyList<MigrationName>> Dependencies(
        IReadOnlyList<MigrationName> files,
        IReadOnlyDictionary<string, IReadOnlyList<string>> depends,
        string? where = null)
    {
        var dependencies = new Dictionary<MigrationName, IReadOnlyList<MigrationName>>();
        foreach (var (name, needed) in depends)
        {
            var file = Find(name, files, "depends", where);
            var found = needed.Select(need => Find(need, files, "depends", where));
            dependencies[file] = [.. dependencies.GetValueOrDefault(file, []).Concat(found).Distinct()];
        }
        return dependencies;
    }

    /// <summary>The migration that a runbook's setting names.</summary>
    /// <param name="setting">The setting's key, for the error.</param>
    /// <exception cref="InvalidInputException">There is no such migration.</exception>
    public static MigrationName Find(string name, IReadOnlyList<MigrationName> files, string setting, string? where = null)
    {
        var found = files.FirstOrDefault(file => file.IsCalled(name));
        if (found is not null)
            return found;
        var nearest = NearestName.Of(name, files.Select(file => file.Version))
            ?? NearestName.Of(name, files.SelectMany(file => new[] { file.FileName, Path.GetFileNameWithoutExtension(file.FileName) }));
        throw new InvalidInputException(
            new Text($"\"{setting}\" names migration \"{name}\", which does not exist.", $"« {setting} » nomme la migration « {name} », qui n'existe pas."),
            where,
            nearest is null
                ? new Text("Use a version or a file name from the migrations' folder.", "Utilisez une version ou un nom de fichier du dossier des migrations.")
                : new Text($"Did you mean \"{nearest}\"?", $"Vouliez-vous dire « {nearest} » ?"));
    }

    /// <summary>Kahn's algorithm; among those that are ready, the earliest wanted goes first.</summary>
    private static List<MigrationName> SortByDependency(
        MigrationName[] wanted, IReadOnlyDictionary<MigrationName, IReadOnlyList<MigrationName>> dependencies, string? where)
    {
        if (dependencies.Count == 0)
            return [.. wanted];
        var place = wanted.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var waiting = wanted.ToDictionary(file => file, file => dependencies.GetValueOrDefault(file, []).Count);
        var dependents = dependencies
            .SelectMany(entry => entry.Value, (entry, needed) => (Needed: needed, Dependent: entry.Key))
            .ToLookup(edge => edge.Needed, edge => edge.Dependent);
        var ready = new PriorityQueue<MigrationName, int>(wanted.Where(file => waiting[file] == 0).Select(file => (file, place[file])));
        var sorted = new List<MigrationName>(wanted.Length);
        while (ready.TryDequeue(out var file, out _))
        {
            sorted.Add(file);
            foreach (var dependent in dependents[file])
            {
                if (--waiting[dependent] == 0)
                    ready.Enqueue(dependent, place[dependent]);
            }
        }
        return sorted.Count == wanted.Length ? sorted : throw Cycle(wanted.Except(sorted).ToHashSet(), dependencies, where);
    }

    private static EclusierException Cycle(
        HashSet<MigrationName> stuck, IReadOnlyDictionary<MigrationName, IReadOnlyList<MigrationName>> dependencies, string? where)
    {
        // Everything stuck waits for something stuck, so following that leads into a cycle.
        var path = new List<MigrationName> { stuck.OrderByDescending(file => file.Version, VersionOrder.Instance).First() };
        while (path.IndexOf(path[^1]) == path.Count - 1)
            path.Add(dependencies[path[^1]].First(stuck.Contains));
        var cycle = string.Join(" -> ", path.Skip(path.IndexOf(path[^1])).Select(file => file.Version));
        return new InvalidInputException(
            new Text($"Migrations depend on each other in a cycle: {cycle}.", $"Des migrations dépendent les unes des autres en cycle : {cycle}."),
            where,
            new Text("Remove one of these from \"depends\".", "Retirez l'une de ces dépendances de « depends »."));
    }
}

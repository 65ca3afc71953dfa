using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>Decides of each object what has to happen to it; <see cref="OrderedScript"/> says when.</summary>
internal sealed class Undoing
{
    /// <summary>Their definition alone is not enough: rows went with them.</summary>
    private static readonly HashSet<string> HoldRows = new(StringComparer.Ordinal) { "table", "column", "sequence", "attribute" };

    /// <summary>A column's type cannot be changed under them.</summary>
    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal) { "view", "materialized view", "rule", "policy", "trigger", "function", "procedure", "published table" };

    private readonly IReadOnlyList<CatalogChange> _changes;
    private readonly FormerNames _names;
    private readonly Dictionary<(string, string), (string, string)> _formerKeys;
    private readonly Queue<CatalogObject> _unsettled = new();

    public Undoing(ChangedObjects changes, CatalogSnapshot now)
    {
        _changes = [.. changes.Unchanged.Where(change => !FollowsPartition(change, changes.Unchanged))];
        _names = FormerNames.Of(changes.Unchanged);
        _formerKeys = changes.Unchanged.Where(change => change.Renamed).ToDictionary(change => change.After!.Key, change => change.Before!.Key);
        Now = new ObjectGraph(now);
        Target = new ObjectGraph(changes.Undone(now));
        foreach (var change in _changes)
            Undo(change);
        while (_unsettled.TryDequeue(out var moving))
            Settle(moving);
    }

    public ObjectGraph Now { get; }

    /// <summary>The catalog as it shall be.</summary>
    public ObjectGraph Target { get; }

    /// <summary>Of <see cref="Now"/>.</summary>
    public HashSet<CatalogObject> Removed { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Of <see cref="Target"/>.</summary>
    public HashSet<CatalogObject> Made { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Of <see cref="Now"/>: what it becomes, and the SQL that makes it so.</summary>
    public Dictionary<CatalogObject, (CatalogObject Target, string Sql)> Altered { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Of <see cref="Now"/>, with what each was called.</summary>
    public List<(CatalogObject Object, CatalogObject Former)> Renamed { get; } = [];

    /// <summary>What has to be said before anything gets its name back.</summary>
    public List<(CatalogObject Object, string Sql)> Prepared { get; } = [];

    public List<Text> Impossible { get; } = [];

    public IReadOnlyList<CatalogObject> MadeAgain => [.. Made.Where(made => !_changes.Any(change => change.Before?.Key == made.Key))];

    private void Undo(CatalogChange change)
    {
        if (change.Before is null)
            Remove(change.After!);
        else if (change.After is null)
            PutBack(change.Before);
        else
            Restore(change.Before, change.After);
    }

    private void Remove(CatalogObject made)
    {
        if (!Removed.Add(made))
            return;
        _unsettled.Enqueue(made);
        // Before it can belong to a column again, a sequence needs the owner of its table.
        if (made.Kind == "owner" && Target.Find($"sequence owner {made.Parent}") is not null && Target.Find($"sequence {made.Parent}") is { } sequence
            && Target.Above(sequence).LastOrDefault() is { } table && Target.Find($"owner table {table.Name}") is { } owner)
            Prepared.Add((made, $"alter sequence {made.Parent}{owner.Definition[owner.Definition.LastIndexOf(" owner to ", StringComparison.Ordinal)..]}"));
    }

    private void PutBack(CatalogObject gone)
    {
        // What held no rows of its own (a foreign table, a type) comes back with its parts.
        var withParent = Target.ParentOf(gone) is { } parent && parent.Kind is "foreign table" or "type" && _changes.Any(change => change.After is null && change.Before == parent);
        if (Alteration.DescribesOnly(gone) && gone.Removal.Length == 0)
            return; // The server gives it to its parent.
        if ((HoldRows.Contains(gone.Kind) && !withParent) || Alteration.DescribesOnly(gone))
            Impossible.Add(new Text($"{gone} was removed, and its content with it", $"{gone} a été supprimé, et son contenu avec lui"));
        else
            Made.Add(gone);
    }

    private void Restore(CatalogObject before, CatalogObject after)
    {
        if (before.Name != after.Name)
        {
            if (!FollowsAnother(before, after))
                Renamed.Add((after, before));
            if (_names.Definition(after) == before.Definition)
                return;
        }

        if (Alteration.Of(before, after) is { } sql)
        {
            Altered[after] = (before, sql);
            // With the owner, what was granted to the one changes into what is granted to the other.
            if (before.Kind == "owner" && Now.ParentOf(after) is { } owned)
            {
                var role = after.Definition[(after.Definition.LastIndexOf(" owner to ", StringComparison.Ordinal) + " owner to ".Length)..];
                foreach (var grant in Now.PartsOf(owned).Where(part => part.Kind == "grant" && part.Name.EndsWith($" to {role}", StringComparison.Ordinal)).ToList())
                    MakeAgain(grant);
            }

            // CREATE OR REPLACE VIEW takes the view's options away (PostgreSQL manual, CREATE VIEW).
            if (before.Kind == "view")
                Made.UnionWith(Target.PartsOf(before).Where(part => part.Kind == "storage parameter"));
            _unsettled.Enqueue(after);
        }
        else if (Alteration.CanBeMadeAgain(before))
        {
            MakeAgain(after);
        }
        else
        {
            Impossible.Add(new Text($"{before} was changed in a way that has no way back", $"{before} a été modifié sans retour possible"));
        }
    }

    /// <summary>It goes for a moment: what needs it goes with it, and comes back after it.</summary>
    private void MakeAgain(CatalogObject found)
    {
        if (TargetOf(found) is not { } target)
        {
            Remove(found);
            return;
        }

        Made.Add(target);
        Made.UnionWith(Target.PartsOf(target));
        Impossible.AddRange(Target.PartsOf(target).Where(part => Alteration.DescribesOnly(part) && part.Removal.Length > 0).Select(part => new Text($"{part} is written down nowhere", $"{part} n'est noté nulle part")));
        Renamed.RemoveAll(rename => rename.Object == found || Now.Above(rename.Object).Contains(found));
        Prepared.RemoveAll(prepared => prepared.Object == found || Now.Above(prepared.Object).Contains(found));
        foreach (var altered in Altered.Keys.Where(altered => altered == found || Now.Above(altered).Contains(found)).ToList())
            Altered.Remove(altered);
        Remove(found);
    }

    private void Settle(CatalogObject moving)
    {
        var altered = Altered.ContainsKey(moving);
        if (altered && moving.Kind is not ("column" or "attribute"))
            return;
        foreach (var dependent in Now.DependentsOf(moving))
        {
            if (Removed.Contains(dependent) || Now.Above(dependent).Any(Removed.Contains) || (altered && !Readers.Contains(dependent.Kind)))
                continue;
            if (TargetOf(dependent) is { } target && LacksIn(target) is { } lacking)
                Impossible.Add(new Text($"{dependent} needs {lacking}, and is not of these migrations", $"{dependent} a besoin de {lacking}, et ne vient pas de ces migrations"));
            else if (Alteration.CanBeMadeAgain(dependent))
                MakeAgain(dependent);
            else if (!Altered.ContainsKey(dependent))
                Impossible.Add(new Text($"{dependent} needs {moving}, and would lose its content", $"{dependent} a besoin de {moving}, et perdrait son contenu"));
        }
    }

    private CatalogObject? LacksIn(CatalogObject target) => target.Needs.Where(needed => Target.Find(needed) is null).Select(Now.Find).OfType<CatalogObject>().FirstOrDefault(Removed.Contains);

    private CatalogObject? TargetOf(CatalogObject found)
    {
        var (kind, name) = _formerKeys.TryGetValue(found.Key, out var former) ? former : _names.Object(found).Key;
        return Target.Find($"{kind} {name}");
    }

    /// <summary>Its schema was renamed, its table moved to another one, or its table's type has other names for its attributes.</summary>
    private bool FollowsAnother(CatalogObject before, CatalogObject after) => (after.Kind == "column" && Now.Find($"table type {after.Parent}") is not null) || (before.Local == after.Local && (
        _changes.Any(change => change is { Renamed: true, Object.Kind: "schema" } && Renaming.SchemaOf(after) == change.After!.Name && Renaming.SchemaOf(before) == change.Before!.Name)
        || (after.Kind == "sequence" && Now.Above(after).LastOrDefault() is { } table && _formerKeys.ContainsKey(table.Key))));

    /// <summary>Attached, a partition has its parent's columns and constraints; detached, they are its own. Nobody made or removed them.</summary>
    private static bool FollowsPartition(CatalogChange change, IReadOnlyList<CatalogChange> changes)
    {
        if (change.Before is not null && change.After is not null)
            return false;
        var tables = changes.Where(other => other.Object.Kind is "partition" or "inheritance" && (other.Before is null) != (other.After is null) && (change.Before is null) != (other.Before is null)).Select(other => other.Object.Parent);
        return tables.Any(table => change.Object.Parent is { } parent && change.Object.Kind is not ("partition" or "inheritance") && (parent == table || parent.StartsWith($"{table}.", StringComparison.Ordinal)));
    }
}

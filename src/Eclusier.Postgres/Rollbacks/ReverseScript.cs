using System.Globalization;
using System.Text.RegularExpressions;
using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>SQL that undoes changes of the catalog, from what it was before: removes what was made, puts back what was removed, gives what was changed its former definition.</summary>
/// <param name="Statements">In an order that the dependencies permit: what came last goes first.</param>
/// <param name="Impossible">What cannot be put back, and why; when there is any, the statements are not to be run.</param>
internal sealed partial record ReverseScript(IReadOnlyList<string> Statements, IReadOnlyList<Text> Impossible)
{
    /// <summary>Their definition alone is not enough: rows went with them.</summary>
    private static readonly HashSet<string> HoldRows = new(StringComparer.Ordinal) { "table", "column", "sequence", "foreign table" };

    /// <summary>Setting them again replaces what was set.</summary>
    private static readonly HashSet<string> SetAgain = new(StringComparer.Ordinal) { "default", "owner", "comment", "storage", "statistics target", "compression", "replica identity" };

    private static readonly HashSet<string> Routines = new(StringComparer.Ordinal) { "function", "procedure" };

    public static ReverseScript Of(IReadOnlyList<CatalogChange> changes)
    {
        var script = new Builder(changes);
        foreach (var change in changes.Where(change => !FollowsPartition(change, changes)))
            script.Undo(change);
        return new ReverseScript(script.Statements(), script.Impossible);
    }

    /// <summary>Attached, a partition has its parent's columns and constraints; detached, they are its own. Nobody made or removed them.</summary>
    private static bool FollowsPartition(CatalogChange change, IReadOnlyList<CatalogChange> changes)
    {
        if (change.Before is not null && change.After is not null)
            return false;
        var tables = changes.Where(other => other.Object.Kind is "partition" or "inheritance" && (other.Before is null) != (other.After is null) && (change.Before is null) != (other.Before is null)).Select(other => other.Object.Parent);
        return tables.Any(table => change.Object.Parent is { } parent && change.Object.Kind is not ("partition" or "inheritance") && (parent == table || parent.StartsWith($"{table}.", StringComparison.Ordinal)));
    }

    private sealed class Builder(IReadOnlyList<CatalogChange> changes)
    {
        private readonly List<(int Rank, long Age, string Sql)> _removals = [];
        private readonly List<(int Rank, string Sql)> _renames = [];
        private readonly List<(int Rank, long Age, string Sql)> _makings = [];
        private readonly HashSet<string> _made = changes.Where(change => change.Before is null && !change.After!.IsTrait).Select(change => change.After!.Name).ToHashSet(StringComparer.Ordinal);

        public List<Text> Impossible { get; } = [];

        public IReadOnlyList<string> Statements()
        {
            var removals = _removals.OrderBy(removal => removal.Rank).ThenByDescending(removal => removal.Age).Select(removal => removal.Sql);
            var renames = _renames.OrderBy(rename => rename.Rank).Select(rename => rename.Sql);
            var makings = _makings.OrderBy(making => making.Rank).ThenBy(making => making.Age).Select(making => making.Sql);
            return [.. removals.Concat(renames).Concat(makings).Distinct(StringComparer.Ordinal)];
        }

        public void Undo(CatalogChange change)
        {
            if (change.Before is null)
                Remove(change.After!);
            else if (change.After is null)
                PutBack(change.Before);
            else if (change.Renamed)
                Rename(change.Before, change.After);
            else
                Restore(change, change.Before, change.After);
        }

        private void Remove(CatalogObject made)
        {
            if (made.Removal.Length > 0 && !GoesWithAnother(made))
                _removals.Add((RemovalRank(made), Age(made), made.Removal));
        }

        /// <summary>With its parent, or (a serial's sequence) with the column that owns it.</summary>
        private bool GoesWithAnother(CatalogObject made)
        {
            if (made.Parent is { } parent && _made.Contains(parent))
                return true;
            var owner = made.Kind == "sequence" ? changes.FirstOrDefault(change => change.Before is null && change.After is { Kind: "sequence owner" } owned && owned.Name == made.Name)?.After : null;
            return owner is not null && _made.Contains(owner.Definition[(owner.Definition.LastIndexOf(" owned by ", StringComparison.Ordinal) + " owned by ".Length)..]);
        }

        private int RemovalRank(CatalogObject made) => made.Kind switch
        {
            "default" or "not null" or "statistics target" or "storage" or "compression" or "partition" or "inheritance" => 1,
            "column" => 2,
            // A routine that was made after a view may use it; one made before it may be used by it.
            "function" or "procedure" or "aggregate" => changes.Any(change => change.Before is null && change.After is { Kind: "view" or "materialized view" } view && Age(view) < Age(made)) ? 0 : 3,
            "table" or "foreign table" or "sequence" or "type" or "domain" or "schema" or "extension" => 3,
            _ => 0,
        };

        private void PutBack(CatalogObject gone)
        {
            if (HoldRows.Contains(gone.Kind) || gone.Definition.StartsWith("--", StringComparison.Ordinal))
                Impossible.Add(new Text($"{gone} was removed, and its content with it", $"{gone} a été supprimé, et son contenu avec lui"));
            else
                _makings.Add((MakingRank(gone), Age(gone), Making(gone)));
        }

        private void Rename(CatalogObject before, CatalogObject after)
        {
            if (before.Local == after.Local)
            {
                if (before.Parent is null && !FollowsSchema(before, after))
                    Impossible.Add(new Text($"{after} was moved from another schema", $"{after} vient d'un autre schéma"));
                return; // Its parent was renamed, and it followed.
            }

            string? sql = after.Kind switch
            {
                "column" => $"alter table {after.Parent} rename column {after.Local} to {before.Local}",
                "constraint" => $"alter table {after.Parent} rename constraint {after.Local} to {before.Local}",
                "trigger" or "policy" or "rule" => $"alter {after.Kind} {after.Local} on {after.Parent} rename to {before.Local}",
                "table" or "foreign table" or "view" or "materialized view" or "sequence" or "index" or "function" or "procedure" or "aggregate"
                    or "type" or "domain" or "schema" or "statistics" or "publication" or "event trigger" => $"alter {after.Kind} {after.Name} rename to {before.Local}",
                _ => null,
            };
            if (sql is not null)
                _renames.Add((after.Parent is null ? after.Kind == "schema" ? 2 : 1 : 0, sql));
        }

        private bool FollowsSchema(CatalogObject before, CatalogObject after) => changes.Any(change =>
            change is { Renamed: true, Object.Kind: "schema" } && after.Name == $"{change.After!.Name}{before.Name[change.Before!.Name.Length..]}");

        private void Restore(CatalogChange change, CatalogObject before, CatalogObject after)
        {
            if (SetAgain.Contains(before.Kind) || (Routines.Contains(before.Kind) && Returns(before) == Returns(after)) || (before.Kind == "view" && Columns(before) == Columns(after)))
                _makings.Add((MakingRank(before), Age(before), before.Definition));
            else if (before.Kind == "sequence")
                _makings.Add((MakingRank(before), Age(before), $"alter{before.Definition["create".Length..]}"));
            else if (before.Kind == "table" && before.Definition.Replace("create unlogged", "create", StringComparison.Ordinal) == after.Definition.Replace("create unlogged", "create", StringComparison.Ordinal))
                _makings.Add((0, 0, $"alter table {before.Name} set {(before.Definition.StartsWith("create unlogged", StringComparison.Ordinal) ? "unlogged" : "logged")}"));
            else if (before.Kind == "column" && ColumnType(before) is { } type && ColumnType(after) is not null)
                _makings.Add((0, 0, $"alter table {before.Parent} alter column {before.Local} type {type}"));
            else if (HoldRows.Contains(before.Kind) || before.Kind is "type" or "domain" or "extension" or "schema" || before.Definition.StartsWith("--", StringComparison.Ordinal))
                Impossible.Add(new Text($"{before} was changed in a way that has no way back", $"{before} a été modifié sans retour possible"));
            else
                MakeAgain(change, before, after);
        }

        private void MakeAgain(CatalogChange change, CatalogObject before, CatalogObject after)
        {
            _removals.Add((RemovalRank(after), Age(after), after.Removal));
            foreach (var made in change.Belongings.Prepend(before))
                _makings.Add((MakingRank(made), Age(made), Making(made)));
        }

        private static int MakingRank(CatalogObject made) => made.Kind switch
        {
            "schema" or "extension" => 0,
            "type" or "domain" => 1,
            "function" or "procedure" or "aggregate" or "view" or "materialized view" => 2,
            "index" or "default" or "not null" or "partition" or "inheritance" or "storage parameters" => 3,
            "constraint" => 4,
            "statistics" or "trigger" or "policy" or "rule" or "row security" or "forced row security" => 5,
            "owner" => 6,
            _ => 7,
        };
    }

    /// <summary>Without keeping writers out while an index is built. On a partitioned table there is no such way.</summary>
    private static string Making(CatalogObject made) =>
        made.Kind == "index" && !made.Definition.Contains(" ON ONLY ", StringComparison.Ordinal) ? IndexHead().Replace(made.Definition, "CREATE ${unique}INDEX CONCURRENTLY ", 1) : made.Definition;

    /// <summary>The first number of its id, which grows with time; columns have that of their table.</summary>
    private static long Age(CatalogObject found) => long.TryParse(Digits().Match(found.Id).Value, NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : 0;

    private static string Returns(CatalogObject routine) => ReturnsLine().Match(routine.Definition).Value;

    private static string Columns(CatalogObject view) => view.Definition[..view.Definition.IndexOf(')', StringComparison.Ordinal)];

    /// <summary>Null where more than the type makes the column what it is.</summary>
    private static string? ColumnType(CatalogObject column) =>
        column.Definition.Contains(" generated ", StringComparison.Ordinal) || column.Definition.Contains(" collate ", StringComparison.Ordinal)
            ? null
            : column.Definition[$"alter table {column.Parent} add column {column.Local} ".Length..];

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex("^ RETURNS .*$", RegexOptions.Multiline, 1000)]
    private static partial Regex ReturnsLine();

    [GeneratedRegex("^CREATE (?<unique>UNIQUE )?INDEX ", RegexOptions.None, 1000)]
    private static partial Regex IndexHead();
}

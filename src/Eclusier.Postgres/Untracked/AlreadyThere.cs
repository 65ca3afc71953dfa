using System.Text.RegularExpressions;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Untracked;

/// <summary>
/// What pending migrations create, and the database has already: they were applied without a record, or somebody made it by hand. Each would
/// fail on its first statement, after the backup, with a word of mending the migration.
/// </summary>
internal static partial class AlreadyThere
{
    /// <summary>More names than this say less than their number.</summary>
    private const int MostNames = 3;

    /// <param name="pending">In the order to run.</param>
    /// <param name="isHalfDone">A migration that is no single transaction was cut off: what it made until then is there, and its own progress knows.</param>
    /// <returns>Null when nothing is in the way.</returns>
    public static PlanProblem? Find(IEnumerable<(Step Step, MigrationScript Script)> pending, TakenNames taken, bool isHalfDone)
    {
        var found = new List<(Step Step, CreatedName Name)>();
        var unreadable = new List<string>();
        foreach (var (step, script) in pending)
        {
            IReadOnlyList<string>? path = taken.SearchPath;
            foreach (var node in script.Statements)
            {
                // What partitions a table looks up itself how far it has come.
                if (node.Statement.Partition is not null)
                    continue;
                if (node.Tree is not { } tree || tree.Type is "DoStmt" or "CallStmt" || (tree.Type == "SelectStmt" && !tree.Has("intoClause")))
                    unreadable.Add(node.Statement.Sql);
                if (node.Tree is not { } known)
                    continue;
                // One ALTER TABLE drops before it adds (PostgreSQL manual, ALTER TABLE).
                if (known.Type == "AlterTableStmt")
                    taken.Free(known, path);
                if (step.Transactional || !isHalfDone)
                    found.AddRange(CreatedName.Of(known).Where(name => taken.Has(name, path) && !unreadable.Any(text => MayDrop(text, name)))
                        .Select(name => (step, name)));
                taken.Free(known, path);
                path = After(known, node.Statement.Sql, path, taken.SearchPath);
            }
        }

        return found.Count == 0 ? null : Problem(found);
    }

    private static PlanProblem Problem(IReadOnlyList<(Step Step, CreatedName Name)> found)
    {
        var shown = found.Take(MostNames)
            .Select(entry => entry.Name.Describe() is var name ? new Text($"{name.En} ({entry.Step.Migration})", $"{name.Fr} ({entry.Step.Migration})")
                : Text.Same("")).ToArray();
        var (en, fr) = (string.Join(", ", shown.Select(name => name.En)), string.Join(", ", shown.Select(name => name.Fr)));
        var more = found.Count - shown.Length;
        var (moreEn, moreFr) = more > 0 ? ($", and {more} more", $", et {more} {(more == 1 ? "autre" : "autres")}") : ("", "");
        return new PlanProblem(
            "already-there",
            found[0].Step.Migration,
            new Text($"pending migrations create what is already there: {en}{moreEn}", $"des migrations à appliquer créent ce qui existe déjà : {fr}{moreFr}"),
            Blocks: true)
        {
            Remedy = new Text(
                "Run `eclusier baseline`: it finds out by proof which migrations this database has, and records them. What is there for another reason must go first, or its CREATE say IF NOT EXISTS.",
                "Lancez `eclusier baseline` : elle établit par la preuve quelles migrations cette base a déjà, et les enregistre. Ce qui existe pour une autre raison doit d'abord disparaître, ou son CREATE dire IF NOT EXISTS."),
        };
    }

    /// <summary>Code that drops something, or names this very thing, may have made room for it.</summary>
    private static bool MayDrop(string text, CreatedName name) =>
        Removes().IsMatch(text) || text.Contains(name.Name.Split('(')[0], StringComparison.OrdinalIgnoreCase);

    /// <summary>The search path after a statement; null when nobody can tell.</summary>
    private static IReadOnlyList<string>? After(TreeNode tree, string sql, IReadOnlyList<string>? path, IReadOnlyList<string> usual)
    {
        if (tree.Type == "VariableSetStmt" && tree.Text("name") == "search_path")
        {
            var values = tree.Items("args").Select(value => value.Field("sval")?.Text("sval") ?? value.Field("val")?.Child("String")?.Text("sval")).ToArray();
            return tree.Text("kind") == "VAR_SET_VALUE" ? values.Contains(null) ? null : [.. values.Select(value => value!)] : usual;
        }

        if (tree.Type == "VariableSetStmt" && tree.Text("kind") == "VAR_RESET_ALL")
            return usual;
        return tree.Type == "SelectStmt" && sql.Contains("search_path", StringComparison.OrdinalIgnoreCase) ? null : path;
    }

    [GeneratedRegex(@"\b(drop|rename)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Removes();
}

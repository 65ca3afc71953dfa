using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>Strong locks on several tables in one transaction: a long wait, and a deadlock with whoever takes them in another order.</summary>
internal static class ManyLocks
{
    public static HazardRule Rule { get; } = new("many-locks", Risk.Low, HazardEffect.Blocks, Check)
    {
        Statements = ["DropStmt", "RenameStmt", "AlterTableStmt"],
        Why = new(
            "Each table that a migration locks stays locked until its end. With three or more, the application waits longer than for each alone, and deadlocks with transactions that use the same tables in another order.",
            "Chaque table verrouillée par une migration le reste jusqu'à sa fin. À partir de trois, l'application attend plus longtemps que pour chacune, et risque l'interblocage avec les transactions qui prennent les mêmes tables dans un autre ordre."),
        Bad = "alter table orders add column a int;\nalter table customers add column a int;\nalter table accounts add column a int;",
        Good = "alter table orders add column a int;\n-- and each further table in a migration of its own",
    };

    private const int Many = 3;

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        var before = context.Migration.Locked;
        if (before.Count >= Many)
            yield break;
        var all = before.Union(Locked(node, context), StringComparer.Ordinal).ToArray();
        if (all.Length >= Many)
        {
            var names = string.Join(", ", all);
            yield return new HazardFinding(new Text(
                $"locks {English.Count(all.Length, "table")} until the migration ends ({names}): split it",
                $"verrouille {French.Count(all.Length, "table")} jusqu'à la fin de la migration ({names}) : découpez-la"));
        }
    }

    /// <summary>Tables that were there before and that nobody can read once this statement ran.</summary>
    internal static IEnumerable<string> Locked(StatementNode node, HazardContext context)
    {
        if (!context.Migration.Transactional)
            return [];
        var tables = node.Tree switch
        {
            { Type: "DropStmt" } => DroppedObjects.Find(node, "OBJECT_TABLE", name => new HazardFinding(Text.Same(""), name)).Select(finding => finding.Table!.Value),
            { Type: "RenameStmt" } rename when rename.Text("renameType") is "OBJECT_TABLE" or "OBJECT_COLUMN" && rename.Table() is { } table => [table],
            _ => node.TableChanges.Where(change => !change.Is("AT_ValidateConstraint")).Select(change => change.Table),
        };
        return tables.Where(table => !context.IsNew(table)).Select(table => table.ToString()).Distinct(StringComparer.Ordinal);
    }
}

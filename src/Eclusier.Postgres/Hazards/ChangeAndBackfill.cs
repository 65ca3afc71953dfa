using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A change of a table's shape and of its rows in one transaction: the lock is held while the rows are written.</summary>
internal static class ChangeAndBackfill
{
    public static HazardRule Rule { get; } = new("backfill-under-lock", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = DataChanges.Statements,
        Why = new(
            "ALTER TABLE's lock lasts until the migration ends. When the same migration then writes rows, everybody waits for these, too. Put the backfill into a migration of its own.",
            "Le verrou d'ALTER TABLE dure jusqu'à la fin de la migration. Si la même migration écrit ensuite des lignes, tout le monde attend aussi ces écritures. Mettez le remplissage dans une migration à part."),
        Bad = "alter table orders add column state text;\nupdate orders set state = status where total > 0;",
        Good = "alter table orders add column state text;\n-- and the UPDATE in a migration of its own, in batches",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in new[] { "UpdateStmt", "DeleteStmt", "InsertStmt" }.SelectMany(type => DataChanges.Find(node, type))
        where context.Migration.Transactional && (change.Type != "InsertStmt" || WritesManyRows(change))
        let table = change.Table() ?? default
        where context.Transaction.KeepsWritersOut(table)
        select new HazardFinding(
            new Text(
                $"writes rows of {context.Describe(table).En} while a statement before it keeps it locked",
                $"écrit des lignes de {context.Describe(table).Fr} pendant qu'une instruction précédente la garde verrouillée"),
            table);

    /// <summary>INSERT … SELECT from tables; a list of values is short.</summary>
    private static bool WritesManyRows(TreeNode insert) => insert.Child("selectStmt")?.Has("fromClause") == true;
}

using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>
/// The user's own statement, so changed that it does the same without the hazard. Words are put in by their place among the tokens, names come from the parse tree and are
/// quoted, and what the statement says besides is kept. Where there is no such SQL, the answer says in words what to do.
/// </summary>
internal static class Remedies
{
    public static string CreateIndex(StatementNode node, HazardContext context)
    {
        var tokens = new StatementTokens(node.Statement.Sql);
        var index = node.Tree!;
        if (index.Table() is { } table && context.IsPartitioned(table))
            return PartitionRemedies.CreateIndex(tokens, index, table, context);
        return new Rollout(tokens.InsertBehind(tokens.Find(0, "index"), "concurrently")).ToString();
    }

    /// <summary>One statement for each: CONCURRENTLY takes one index, and no CASCADE.</summary>
    public static string DropIndex(TreeNode drop, HazardContext context)
    {
        var names = DroppedObjects.Names(drop).ToArray();
        if (drop.Text("behavior") == "DROP_CASCADE")
            return "-- there is no DROP INDEX CONCURRENTLY … CASCADE: drop what depends on the index first, by name";
        if (names.Any(context.IsPartitioned))
            return "-- the index of a partitioned table cannot be dropped CONCURRENTLY: do it while few use the table, in a migration of its own";
        return new Rollout(names.Select(name => $"drop index concurrently {(drop.Flag("missing_ok") ? "if exists " : "")}{name.Sql}")).ToString();
    }

    public static string Reindex(StatementNode node)
    {
        if (node.Tree!.Text("kind") == "REINDEX_OBJECT_SYSTEM")
            return "-- the system's own catalogs cannot be reindexed CONCURRENTLY: do it while nobody works";
        var tokens = new StatementTokens(node.Statement.Sql);
        return new Rollout(tokens.InsertBehind(tokens.Find(1, "index", "table", "schema", "database"), "concurrently")).ToString();
    }

    public static string Refresh(TreeNode refresh, TableName view, HazardContext context)
    {
        if (refresh.Flag("skipData"))
            return "-- WITH NO DATA empties the view, and its readers fail until the next refresh: leave it out, and refresh CONCURRENTLY";
        var known = context.Catalog.MaterializedViews.GetValueOrDefault(context.KeyOf(view));
        return known is { HasUniqueIndex: false }
            ? $"-- CONCURRENTLY needs a unique index on columns of {view.Sql}, on all rows: create one first, then refresh CONCURRENTLY"
            : $"{new Rollout($"refresh materialized view concurrently {view.Sql}")}{(known is null ? "\n-- it needs a unique index on columns of the view, on all rows" : "")}";
    }

    public static string Detach(TreeNode alter, TableName partition, HazardContext context)
    {
        var table = alter.Table() ?? default;
        return context.DefaultPartition(table) is { } other
            ? $"-- CONCURRENTLY is refused as long as {table.Sql} has a default partition ({other.Sql}): detach while few use the table, in a migration of its own"
            : $"{new Rollout($"alter table {(alter.Flag("missing_ok") ? "if exists " : "")}{table.Sql} detach partition {partition.Sql} concurrently")}\n-- it leaves a CHECK of the bounds on {partition.Sql}, which may be dropped";
    }
}

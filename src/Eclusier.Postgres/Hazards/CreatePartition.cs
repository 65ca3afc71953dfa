using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CREATE TABLE … PARTITION OF locks the whole, and reads its default partition.</summary>
internal static class CreatePartition
{
    public static HazardRule Rule { get; } = new("create-partition", Risk.Low, HazardEffect.Blocks, Check)
    {
        Statements = ["CreateStmt"],
        Lock = LockMode.AccessExclusive,
        On = "events",
        Why = new(
            "CREATE TABLE … PARTITION OF takes an ACCESS EXCLUSIVE lock on the partitioned table, for a moment, and on its default partition, of which every row is read meanwhile. CREATE TABLE … LIKE, then ATTACH PARTITION, lets the partitioned table be used; a default partition is still read, unless a valid CHECK keeps the new rows out of it.",
            "CREATE TABLE … PARTITION OF prend un verrou ACCESS EXCLUSIVE sur la table partitionnée, un instant, et sur sa partition par défaut, dont chaque ligne est lue entre-temps. CREATE TABLE … LIKE puis ATTACH PARTITION laisse utiliser la table partitionnée ; une partition par défaut est tout de même lue, sauf si un CHECK valide en exclut les nouvelles lignes."),
        Bad = "create table events_2028 partition of events for values from ('2028-01-01') to ('2029-01-01');",
        Good = "create table events_2028 (like events including all);\nalter table events attach partition events_2028 for values from ('2028-01-01') to ('2029-01-01');",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "CreateStmt" } create || !create.Has("partbound") || create.Items("inhRelations").FirstOrDefault() is not { } inherited || context.IsNew(TableName.Of(inherited)))
            yield break;
        var parent = TableName.Of(inherited);
        if (context.DefaultPartition(parent) is { } other && !create.Field("partbound")!.Flag("is_default"))
        {
            yield return new HazardFinding(
                new Text(
                    $"reads the default partition {context.Describe(other, TableWork.Scan).En} to make sure that no row of it belongs to the new partition; nobody can use it, or {parent}, meanwhile",
                    $"lit la partition par défaut {context.Describe(other, TableWork.Scan).Fr} pour s'assurer qu'aucune de ses lignes n'appartient à la nouvelle ; personne ne peut l'utiliser, ni {parent}, entre-temps"),
                other,
                Risk.Medium,
                $"-- first a CHECK on {other.Sql} that excludes the rows of the new partition, as NOT VALID, then validated: with it, no row is read")
            {
                Work = TableWork.Scan,
            };
            yield break;
        }

        yield return new HazardFinding(
            new Text(
                $"locks {parent} with all its partitions for a moment, and reads its default partition, if it has one; CREATE TABLE … LIKE, then ATTACH PARTITION, does not lock it",
                $"verrouille un instant {parent} avec toutes ses partitions, et lit sa partition par défaut si elle en a une ; CREATE TABLE … LIKE puis ATTACH PARTITION ne la verrouille pas"),
            parent,
            Remedy: Attach(node, create, parent));
    }

    /// <summary>The same in two steps; null where the partition brings columns, storage or partitions of its own.</summary>
    private static string? Attach(StatementNode node, TreeNode create, TableName parent)
    {
        var tokens = new StatementTokens(node.Statement.Sql);
        var bound = new[] { tokens.Find(0, "values"), tokens.Find(0, "default") }.Where(index => index > 0).DefaultIfEmpty(-1).Min();
        if (bound < 0 || create.Has("tableElts") || create.Has("partspec") || create.Has("options") || create.Has("tablespacename") || create.Flag("if_not_exists") || create.Table() is not { } table)
            return null;
        var start = tokens.IsWord(bound - 1, "for") ? bound - 1 : bound;
        return new Rollout($"create table {table.Sql} (like {parent.Sql} including all)", $"alter table {parent.Sql} attach partition {table.Sql} {tokens.Range(start, tokens.Count)}").ToString();
    }
}

using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>The tables that a statement locks until its transaction ends, as far as they can be read in it, each with its strongest lock.</summary>
internal static class StatementLocks
{
    private static readonly HashSet<string> ShareUpdateExclusive = new(StringComparer.Ordinal)
    {
        "AT_ValidateConstraint", "AT_SetStatistics", "AT_ClusterOn", "AT_DropCluster", "AT_AttachPartition",
    };

    private static readonly HashSet<string> ShareRowExclusive = new(StringComparer.Ordinal)
    {
        "AT_EnableTrig", "AT_EnableAlwaysTrig", "AT_EnableReplicaTrig", "AT_EnableTrigAll", "AT_EnableTrigUser", "AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser",
    };

    public static IEnumerable<(TableName Table, LockMode Mode)> Of(StatementNode node) => node.Tree switch
    {
        { Type: "AlterTableStmt" } => node.TableChanges.SelectMany(Of),
        { Type: "IndexStmt" } index when !index.Flag("concurrent") => One(index.Table(), LockMode.Share),
        { Type: "CreateTrigStmt" } trigger => One(trigger.Table(), LockMode.ShareRowExclusive),
        { Type: "RenameStmt" } rename when rename.Text("renameType") is "OBJECT_TABLE" or "OBJECT_COLUMN" or "OBJECT_TABCONSTRAINT" => One(rename.Table(), LockMode.AccessExclusive),
        { Type: "AlterObjectSchemaStmt" or "AlterOwnerStmt" or "ClusterStmt" or "RuleStmt" } alter => One(alter.Table(), LockMode.AccessExclusive),
        { Type: "CreatePolicyStmt" or "AlterPolicyStmt" } policy => One(policy.Table("table"), LockMode.AccessExclusive),
        { Type: "TruncateStmt" } truncate => truncate.Items("relations").Select(table => (TableName.Of(table), LockMode.AccessExclusive)),
        { Type: "LockStmt" } table => table.Items("relations").Select(relation => (TableName.Of(relation), LockTable.Mode(table))),
        { Type: "DropStmt" } drop when drop.Text("removeType") == "OBJECT_TABLE" => DroppedObjects.Names(drop).Select(table => (table, LockMode.AccessExclusive)),
        { Type: "CreateStmt" } create => OfNewTable(create),
        _ => [],
    };

    private static IEnumerable<(TableName Table, LockMode Mode)> Of(TableChange change)
    {
        var foreign = change.Constraints().Where(constraint => constraint.Text("contype") == "CONSTR_FOREIGN").Select(constraint => constraint.Table("pktable")).OfType<TableName>().ToArray();
        var mode = ShareUpdateExclusive.Contains(change.Command.Text("subtype")) ? LockMode.ShareUpdateExclusive
            : ShareRowExclusive.Contains(change.Command.Text("subtype")) || (change.Constraint is not null && foreign.Length > 0) ? LockMode.ShareRowExclusive
            : LockMode.AccessExclusive;
        yield return (change.Table, mode);
        foreach (var referenced in foreign)
            yield return (referenced, LockMode.ShareRowExclusive);
        if (change.Is("AT_AttachPartition") && change.Command.Child("def")?.Table("name") is { } partition)
            yield return (partition, LockMode.AccessExclusive);
    }

    private static IEnumerable<(TableName Table, LockMode Mode)> OfNewTable(TreeNode create)
    {
        foreach (var constraint in create.Descendants("Constraint").Where(constraint => constraint.Text("contype") == "CONSTR_FOREIGN"))
        {
            if (constraint.Table("pktable") is { } referenced)
                yield return (referenced, LockMode.ShareRowExclusive);
        }

        if (create.Has("partbound") && create.Items("inhRelations").FirstOrDefault() is { } parent)
            yield return (TableName.Of(parent), LockMode.AccessExclusive);
    }

    private static IEnumerable<(TableName Table, LockMode Mode)> One(TableName? table, LockMode mode) => table is { } name ? [(name, mode)] : [];
}

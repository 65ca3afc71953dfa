namespace Eclusier.Postgres.Sql;

/// <summary>
/// Whether a statement may need a lock under which others cannot write to a table that was there before. While it queues for such a
/// lock, everybody behind it waits, too; so it must not queue for long. The others may wait as long as they like: nobody queues behind
/// them. See https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES.
/// </summary>
internal static class StatementLock
{
    /// <summary>They lock no table, or share it with readers and writers, or lock only what they create.</summary>
    private static readonly HashSet<string> WeakStatements = new(StringComparer.Ordinal)
    {
        "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "SelectStmt", "CopyStmt", "ExplainStmt", "CreateTableAsStmt",
        "CreateSchemaStmt", "CreateEnumStmt", "CompositeTypeStmt", "CreateRangeStmt", "CreateDomainStmt", "CreateSeqStmt", "CreateExtensionStmt",
        "CreateFunctionStmt", "DefineStmt", "AlterEnumStmt", "CreateRoleStmt", "AlterRoleStmt", "CreateStatsStmt",
        "CommentStmt", "GrantStmt", "GrantRoleStmt", "AlterDefaultPrivilegesStmt", "VariableSetStmt", "VariableShowStmt", "NotifyStmt",
        "CreatedbStmt", "CreateTableSpaceStmt", "AlterSystemStmt", "CheckPointStmt",
    };

    /// <summary>ALTER TABLE … that takes SHARE UPDATE EXCLUSIVE, by the notes in https://www.postgresql.org/docs/current/sql-altertable.html.</summary>
    private static readonly HashSet<string> WeakTableChanges = new(StringComparer.Ordinal)
    {
        "AT_ValidateConstraint", "AT_SetStatistics", "AT_ClusterOn", "AT_DropCluster",
    };

    /// <param name="tree">Null: not understood, so anything is possible.</param>
    public static bool MayBlockWrites(TreeNode? tree) => tree switch
    {
        null => true,
        { Type: "IndexStmt" or "DropStmt" } => !tree.Flag("concurrent"),
        { Type: "ReindexStmt" } => !tree.OptionIsOn("params", "concurrently"),
        { Type: "RefreshMatViewStmt" } => !tree.Flag("concurrent"),
        { Type: "VacuumStmt" } => tree.OptionIsOn("options", "full"),
        { Type: "ViewStmt" } => tree.Flag("replace"),
        { Type: "CreateStmt" } => tree.Has("inhRelations") || tree.Descendants("Constraint").Any(constraint => constraint.Text("contype") == "CONSTR_FOREIGN"),
        { Type: "AlterTableStmt" } => tree.Items("cmds").Any(command => !WeakTableChanges.Contains(command.Text("subtype")) && !DetachesConcurrently(command)),
        _ => !WeakStatements.Contains(tree.Type) || CallsUnknown(tree),
    };

    /// <summary>A function of one's own may take any lock.</summary>
    private static bool CallsUnknown(TreeNode tree) =>
        tree.Type is "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt" or "SelectStmt" or "CopyStmt" or "CreateTableAsStmt" or "ExplainStmt"
        && CalledFunctions.Of(tree).Any(call => !BuiltInFunctions.Contains(call));

    private static bool DetachesConcurrently(TreeNode command) =>
        command.Text("subtype") == "AT_DetachPartitionFinalize" || (command.Text("subtype") == "AT_DetachPartition" && command.Child("def")?.Flag("concurrent") == true);
}

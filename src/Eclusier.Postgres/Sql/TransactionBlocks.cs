namespace Eclusier.Postgres.Sql;

/// <summary>Which statements the server refuses inside a transaction block (<c>PreventInTransactionBlock</c> in its sources).</summary>
internal static class TransactionBlocks
{
    public static bool Refuses(StatementNode node) => node.Tree is { } tree && Refuse(tree);

    public static bool Refuse(TreeNode node) => node.Type switch
    {
        "IndexStmt" or "DropStmt" => node.Flag("concurrent"),
        "ReindexStmt" => node.OptionIsOn("params", "concurrently")
            || node.Text("kind") is "REINDEX_OBJECT_DATABASE" or "REINDEX_OBJECT_SYSTEM" or "REINDEX_OBJECT_SCHEMA",
        "VacuumStmt" => node.Flag("is_vacuumcmd"),
        "ClusterStmt" => !node.Has("relation"),
        "CreatedbStmt" or "DropdbStmt" or "CreateTableSpaceStmt" or "DropTableSpaceStmt" or "AlterSystemStmt" => true,
        "AlterDatabaseStmt" => node.Option("options", "tablespace") is not null,
        "AlterTableStmt" => node.Items("cmds").Any(command =>
            command.Text("subtype") == "AT_DetachPartition" && command.Child("def") is { } partition && partition.Flag("concurrent")),
        // create_slot follows connect when it is not given.
        "CreateSubscriptionStmt" => node.OptionIsOn("options", "create_slot", node.OptionIsOn("options", "connect", otherwise: true)),
        "AlterSubscriptionStmt" => node.Text("kind") switch
        {
            "ALTER_SUBSCRIPTION_REFRESH" => true,
            "ALTER_SUBSCRIPTION_SET_PUBLICATION" or "ALTER_SUBSCRIPTION_ADD_PUBLICATION" or "ALTER_SUBSCRIPTION_DROP_PUBLICATION" =>
                node.OptionIsOn("options", "refresh", otherwise: true),
            _ => false,
        },
        // Only one that has a replication slot, which cannot be seen from here.
        "DropSubscriptionStmt" => true,
        "DiscardStmt" => node.Text("target") == "DISCARD_ALL",
        _ => false,
    };
}

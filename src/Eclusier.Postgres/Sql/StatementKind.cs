using System.Text;

namespace Eclusier.Postgres.Sql;

/// <summary>Names what a statement is, in the words of the manual's list of SQL commands: <c>create-table</c>, <c>drop-index-concurrently</c>.</summary>
public static class StatementKind
{
    public const string Unclassified = "unclassified";

    /// <summary>Where PostgreSQL's name of the node is not the name of the command.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["CreateStmt"] = "create-table",
        ["CreateTrigStmt"] = "create-trigger",
        ["CreateEnumStmt"] = "create-type",
        ["CompositeTypeStmt"] = "create-type",
        ["CreateRangeStmt"] = "create-type",
        ["CreateSeqStmt"] = "create-sequence",
        ["AlterSeqStmt"] = "alter-sequence",
        ["CreatedbStmt"] = "create-database",
        ["DropdbStmt"] = "drop-database",
        ["AlterDatabaseSetStmt"] = "alter-database",
        ["AlterRoleSetStmt"] = "alter-role",
        ["CreateTableSpaceStmt"] = "create-tablespace",
        ["DropTableSpaceStmt"] = "drop-tablespace",
        ["CreateEventTrigStmt"] = "create-event-trigger",
        ["AlterEventTrigStmt"] = "alter-event-trigger",
        ["CreateFdwStmt"] = "create-foreign-data-wrapper",
        ["CreatePLangStmt"] = "create-language",
        ["CreateStatsStmt"] = "create-statistics",
        ["CreateAmStmt"] = "create-access-method",
        ["AlterExtensionContentsStmt"] = "alter-extension",
        ["RuleStmt"] = "create-rule",
        ["RefreshMatViewStmt"] = "refresh-materialized-view",
        ["VariableShowStmt"] = "show",
        ["ConstraintsSetStmt"] = "set-constraints",
        ["AlterDefaultPrivilegesStmt"] = "alter-default-privileges",
        ["AlterTableMoveAllStmt"] = "alter-table",
        ["ReassignOwnedStmt"] = "reassign-owned",
        ["SecLabelStmt"] = "security-label",
        ["CheckPointStmt"] = "checkpoint",
        ["MergeStmt"] = "merge",
    };

    /// <summary>Kinds that a policy may name: what migrations are made of.</summary>
    public static IReadOnlySet<string> Known { get; } = new HashSet<string>(
        [
            .. Names.Values, "create-index", "create-index-concurrently", "create-view", "create-or-replace-view", "create-materialized-view", "create-function", "create-procedure",
            "create-schema", "create-extension", "create-role", "create-policy", "create-domain", "create-publication", "create-subscription", "create-aggregate", "create-operator",
            "drop-table", "drop-index", "drop-index-concurrently", "drop-view", "drop-materialized-view", "drop-function", "drop-procedure", "drop-schema", "drop-type", "drop-domain",
            "drop-trigger", "drop-policy", "drop-sequence", "drop-extension", "drop-role", "drop-publication", "drop-subscription", "drop-owned", "drop-rule",
            "alter-table", "alter-table-add-column", "alter-index", "alter-view", "alter-materialized-view", "alter-function", "alter-type", "alter-type-add-value", "alter-type-rename-value", "alter-domain", "alter-policy",
            "alter-role", "alter-schema", "alter-sequence", "alter-database", "alter-system", "alter-extension",
            "rename-table", "rename-column", "rename-constraint", "rename-index", "rename-view", "rename-function", "rename-type", "rename-schema",
            "select", "insert", "update", "delete", "merge", "truncate", "copy", "call", "do", "comment", "grant", "revoke", "set", "reset", "lock", "vacuum", "analyze", "cluster",
            "reindex", "reindex-concurrently", "execute", "prepare", "notify", "load", "partition-prepare", "partition-copy", "partition-swap",
        ],
        StringComparer.Ordinal);

    internal static EclusierException Unknown(string kind, string? where) => new InvalidInputException(
        new Text($"Unknown kind of statement \"{kind}\".", $"Sorte d'instruction inconnue « {kind} »."),
        where,
        NearestName.Meant(kind, Known)
            ?? new Text($"Known: {string.Join(", ", Known.Order(StringComparer.Ordinal))}.", $"Connues : {string.Join(", ", Known.Order(StringComparer.Ordinal))}."));

    internal static string Of(TreeNode node) => node.Type switch
    {
        "IndexStmt" => node.Flag("concurrent") ? "create-index-concurrently" : "create-index",
        "DropStmt" => $"drop-{Object(node.Text("removeType"))}{(node.Flag("concurrent") ? "-concurrently" : "")}",
        "AlterTableStmt" => $"alter-{Object(node.Text("objtype"))}{(OnlyAddsColumns(node) ? "-add-column" : "")}",
        "RenameStmt" => $"rename-{Object(node.Text("renameType"))}",
        "AlterOwnerStmt" or "AlterObjectSchemaStmt" or "AlterObjectDependsStmt" => $"alter-{Object(node.Text("objectType"))}",
        "DefineStmt" => $"create-{Object(node.Text("kind"))}",
        "CreateTableAsStmt" => node.Text("objtype") == "OBJECT_MATVIEW" ? "create-materialized-view" : "create-table",
        "SelectStmt" => node.Has("intoClause") ? "create-table" : "select",
        "ViewStmt" => node.Flag("replace") ? "create-or-replace-view" : "create-view",
        "CreateFunctionStmt" => node.Flag("is_procedure") ? "create-procedure" : "create-function",
        "AlterEnumStmt" => node.Has("oldVal") ? "alter-type-rename-value" : "alter-type-add-value",
        "VacuumStmt" => node.Flag("is_vacuumcmd") ? "vacuum" : "analyze",
        "VariableSetStmt" => node.Text("kind").StartsWith("VAR_RESET", StringComparison.Ordinal) ? "reset" : "set",
        "GrantStmt" or "GrantRoleStmt" => node.Flag("is_grant") ? "grant" : "revoke",
        "ReindexStmt" => node.OptionIsOn("params", "concurrently") ? "reindex-concurrently" : "reindex",
        "TransactionStmt" => Transaction(node.Text("kind")),
        _ => Names.GetValueOrDefault(node.Type) ?? Kebab(node.Type.EndsWith("Stmt", StringComparison.Ordinal) ? node.Type[..^4] : node.Type),
    };

    private static bool OnlyAddsColumns(TreeNode alter) =>
        alter.Text("objtype") == "OBJECT_TABLE" && alter.Items("cmds").All(command => command.Text("subtype") == "AT_AddColumn");

    private static string Transaction(string kind) => kind switch
    {
        "TRANS_STMT_START" => "begin",
        "TRANS_STMT_ROLLBACK_TO" => "rollback-to",
        _ => kind["TRANS_STMT_".Length..].ToLowerInvariant().Replace('_', '-'),
    };

    private static string Object(string objectType) => objectType switch
    {
        "OBJECT_MATVIEW" => "materialized-view",
        "OBJECT_TABCONSTRAINT" or "OBJECT_DOMCONSTRAINT" => "constraint",
        "OBJECT_TSCONFIGURATION" => "text-search-configuration",
        "OBJECT_TSDICTIONARY" => "text-search-dictionary",
        "OBJECT_TSPARSER" => "text-search-parser",
        "OBJECT_TSTEMPLATE" => "text-search-template",
        "OBJECT_FDW" => "foreign-data-wrapper",
        "OBJECT_OPCLASS" => "operator-class",
        "OBJECT_OPFAMILY" => "operator-family",
        "OBJECT_STATISTIC_EXT" => "statistics",
        _ => objectType.Replace("OBJECT_", "", StringComparison.Ordinal).ToLowerInvariant().Replace('_', '-'),
    };

    private static string Kebab(string name)
    {
        var words = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && words.Length > 0)
                words.Append('-');
            words.Append(char.ToLowerInvariant(c));
        }
        return words.ToString();
    }
}

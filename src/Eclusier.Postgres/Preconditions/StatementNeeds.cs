using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>
/// The rights that the server asks of a statement, each as the source of PostgreSQL checks it. What is not here is not claimed: a statement of another
/// kind has no needs. See https://www.postgresql.org/docs/current/ddl-priv.html and the notes of each command.
/// </summary>
internal static class StatementNeeds
{
    public static IEnumerable<Need> Of(TreeNode tree, int major) => tree.Type switch
    {
        "CreateStmt" => Created(tree),
        "CreateForeignTableStmt" => tree.Field("base") is { } table ? Created(table) : [],
        "CreateTableAsStmt" => [.. tree.Field("into")?.Field("rel") is { } into ? In(into) : [], .. Read(tree)],
        "ViewStmt" => tree.Field("view") is { } view ? [.. In(view), .. tree.Flag("replace") ? [Need.Owner(TableName.Of(view))] : Array.Empty<Need>()] : [],
        "CreateSeqStmt" => tree.Field("sequence") is { } sequence ? In(sequence) : [],
        "CompositeTypeStmt" => tree.Field("typevar") is { } type ? In(type) : [],
        "IndexStmt" => OnTable(tree, table => [Need.Owner(table), Need.CreateBeside(table)]),
        "AlterTableStmt" => OnTable(tree, table => [Need.Owner(table), .. tree.Items("cmds").SelectMany(command => Changed(command, table))]),
        "RenameStmt" => Renamed(tree),
        "AlterObjectSchemaStmt" => OnTable(tree, table => [Need.Owner(table), Need.CreateIn(tree.Text("newschema"))]),
        "AlterOwnerStmt" => Role(tree.Field("newowner")) is { } owner ? [Need.Member(owner)] : [],
        "DropStmt" => Dropped(tree),
        "TruncateStmt" => tree.Items("relations").Select(range => Need.Privilege("TRUNCATE", TableName.Of(range))),
        "InsertStmt" => Written(tree, "INSERT"),
        "UpdateStmt" => Written(tree, "UPDATE"),
        "DeleteStmt" => Written(tree, "DELETE"),
        "SelectStmt" => Read(tree),
        "CopyStmt" => Copied(tree),
        "CreateTrigStmt" => OnTable(tree, table => [Need.Privilege("TRIGGER", table)]),
        "RuleStmt" => OnTable(tree, table => [Need.Owner(table)]),
        "CreatePolicyStmt" or "AlterPolicyStmt" => tree.Table("table") is { } table ? [Need.Owner(table)] : [],
        "RefreshMatViewStmt" or "ClusterStmt" when major < 17 => OnTable(tree, table => [Need.Owner(table)]),
        "CommentStmt" => Commented(tree),
        "CreateSchemaStmt" => [Need.OnDatabase("CREATE"), .. Role(tree.Field("authrole")) is { } role ? [Need.Member(role)] : Array.Empty<Need>()],
        "CreateFunctionStmt" => Function(tree),
        "CreateEnumStmt" or "CreateRangeStmt" => [Need.CreateIn(TableName.Of(tree.Items("typeName")).Schema)],
        "CreateDomainStmt" => [Need.CreateIn(TableName.Of(tree.Items("domainname")).Schema)],
        "DefineStmt" => [Need.CreateIn(TableName.Of(tree.Items("defnames")).Schema)],
        "CreateStatsStmt" => [.. tree.Items("relations").Where(item => item.Type == "RangeVar").Select(range => Need.Owner(TableName.Of(range)))],
        "AlterEnumStmt" or "AlterDomainStmt" => [Need.OwnerOfType(TableName.Of(tree.Items("typeName")), toDrop: false)],
        "AlterFunctionStmt" => tree.Field("func") is { } function ? [Need.OwnerOfFunction(TableName.Of(function.Items("objname")), types: null)] : [],
        _ => AdministrativeNeeds.Of(tree, major),
    };

    private static IEnumerable<Need> OnTable(TreeNode tree, Func<TableName, IEnumerable<Need>> needs) => tree.Table() is { } table ? needs(table) : [];

    /// <summary>A new relation: a temporary one lies in no schema of anybody's.</summary>
    private static IEnumerable<Need> In(TreeNode range) => range.Text("relpersistence") == "t" || range.Text("schemaname") == "pg_temp"
        ? [Need.OnDatabase("TEMP")]
        : [Need.CreateIn(TableName.Of(range).Schema)];

    private static IEnumerable<Need> Created(TreeNode table) =>
    [
        .. table.Field("relation") is { } name ? In(name) : [],
        .. table.Items("inhRelations").Select(parent => Need.Owner(TableName.Of(parent))),
        .. Referenced(table),
    ];

    private static IEnumerable<Need> Referenced(TreeNode tree) =>
        tree.Descendants("Constraint").Where(constraint => constraint.Text("contype") == "CONSTR_FOREIGN").Select(constraint => constraint.Table("pktable")).OfType<TableName>().Select(table => Need.Privilege("REFERENCES", table));

    private static IEnumerable<Need> Changed(TreeNode command, TableName table) => command.Text("subtype") switch
    {
        // Nothing is asked of who gives a table to whom it belongs already.
        "AT_ChangeOwner" when Role(command.Field("newowner")) is { } role => [Need.Member(role)],
        "AT_AttachPartition" => command.Child("def")?.Table("name") is { } partition ? [Need.Owner(partition)] : [],
        "AT_AddInherit" => command.Child("def") is { Type: "RangeVar" } parent ? [Need.Owner(TableName.Of(parent))] : [],
        _ => Referenced(command),
    };

    private static IEnumerable<Need> Renamed(TreeNode tree) => tree.Text("renameType") switch
    {
        "OBJECT_TABLE" or "OBJECT_VIEW" or "OBJECT_MATVIEW" or "OBJECT_INDEX" or "OBJECT_SEQUENCE" or "OBJECT_FOREIGN_TABLE" => OnTable(tree, table => [Need.Owner(table), Need.CreateBeside(table)]),
        "OBJECT_COLUMN" or "OBJECT_TABCONSTRAINT" or "OBJECT_TRIGGER" or "OBJECT_POLICY" or "OBJECT_RULE" => OnTable(tree, table => [Need.Owner(table)]),
        "OBJECT_SCHEMA" => [Need.OwnerOfSchema(tree.Text("subname")), Need.OnDatabase("CREATE")],
        _ => [],
    };

    private static IEnumerable<Need> Dropped(TreeNode tree) => tree.Items("objects").SelectMany<TreeNode, Need>(item => tree.Text("removeType") switch
    {
        "OBJECT_TABLE" or "OBJECT_VIEW" or "OBJECT_MATVIEW" or "OBJECT_INDEX" or "OBJECT_SEQUENCE" or "OBJECT_FOREIGN_TABLE" => [Need.OwnerToDrop(TableName.Of(item.Items("items")))],
        "OBJECT_SCHEMA" => [Need.OwnerOfSchema(item.Text("sval"))],
        "OBJECT_TYPE" or "OBJECT_DOMAIN" => [Need.OwnerOfType(TableName.Of(item.Items("names")), toDrop: true)],
        "OBJECT_TRIGGER" or "OBJECT_POLICY" or "OBJECT_RULE" => [Need.Owner(TableName.Of(item.Items("items").SkipLast(1)))],
        "OBJECT_FUNCTION" or "OBJECT_PROCEDURE" or "OBJECT_ROUTINE" => [Need.OwnerOfFunction(TableName.Of(item.Items("objname")), types: null)],
        _ => [],
    });

    private static IEnumerable<Need> Written(TreeNode tree, string privilege) => [.. OnTable(tree, table => [Need.Privilege(privilege, table)]), .. Read(tree)];

    /// <summary>What stands in FROM, but for what WITH calls so.</summary>
    private static IEnumerable<Need> Read(TreeNode tree)
    {
        var named = tree.Descendants("CommonTableExpr").Select(expression => expression.Text("ctename")).ToHashSet(StringComparer.Ordinal);
        return tree.Descendants("RangeVar").Select(TableName.Of).Where(table => table.Schema is not null || !named.Contains(table.Name)).Distinct().Select(table => Need.Privilege("SELECT", table));
    }

    private static IEnumerable<Need> Copied(TreeNode tree) =>
    [
        .. OnTable(tree, table => [Need.Privilege(tree.Flag("is_from") ? "INSERT" : "SELECT", table)]),
        .. (tree.Flag("is_program"), tree.Text("filename").Length > 0, tree.Flag("is_from")) switch
        {
            (true, _, _) => new[] { Need.Member("pg_execute_server_program") },
            (_, true, true) => [Need.Member("pg_read_server_files")],
            (_, true, false) => [Need.Member("pg_write_server_files")],
            _ => [],
        },
    ];

    private static IEnumerable<Need> Commented(TreeNode tree)
    {
        var names = tree.Child("object")?.Items("items").ToList() ?? [];
        return tree.Text("objtype") switch
        {
            "OBJECT_TABLE" or "OBJECT_VIEW" or "OBJECT_MATVIEW" or "OBJECT_INDEX" or "OBJECT_SEQUENCE" when names.Count > 0 => [Need.Owner(TableName.Of(names))],
            "OBJECT_COLUMN" when names.Count > 1 => [Need.Owner(TableName.Of(names.SkipLast(1)))],
            _ => [],
        };
    }

    private static IEnumerable<Need> Function(TreeNode tree)
    {
        var name = TableName.Of(tree.Items("funcname"));
        var language = tree.Items("options").FirstOrDefault(option => option.Text("defname") == "language")?.Child("arg")?.Text("sval") is { Length: > 0 } given ? given.ToLowerInvariant() : "sql";
        return
        [
            Need.CreateIn(name.Schema),
            new Need(
                $"(select case when l.lanpltrusted then has_language_privilege(l.oid, 'USAGE') else {Need.OfMe("r.rolsuper")} end from pg_language l where l.lanname = {Literal.Quote(language)})",
                new Text($"USAGE on language {language}", $"USAGE sur le langage {language}"), BySuperuser: true),
            .. tree.Flag("replace") ? [Need.OwnerOfFunction(name, Hazards.FunctionSignature.InputTypes(tree))] : Array.Empty<Need>(),
        ];
    }

    /// <summary>A role by its name; null for CURRENT_USER and the like.</summary>
    internal static string? Role(TreeNode? role) => role?.Text("roletype") == "ROLESPEC_CSTRING" ? role.Text("rolename") : null;
}

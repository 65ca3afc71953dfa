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
        "CreateForeignTableStmt" => tree.Field("base") is { } table ? [.. Created(table), Need.OnServer(tree.Text("servername"))] : [],
        "CreateTableAsStmt" => [.. tree.Field("into") is { } into ? Into(into) : [], .. tree.Child("query") is { } query ? QueryNeeds.Of(query, major) : []],
        "ViewStmt" => tree.Field("view") is { } view ? [.. In(view), .. tree.Flag("replace") ? [Need.Owner(TableName.Of(view))] : Array.Empty<Need>(), .. Schemas(tree)] : [],
        "CreateSeqStmt" => tree.Field("sequence") is { } sequence ? In(sequence) : [],
        "AlterSeqStmt" => tree.Table("sequence") is { } sequence ? [Need.Owner(sequence)] : [],
        "CompositeTypeStmt" => tree.Field("typevar") is { } type ? [.. In(type), .. Types(tree)] : [],
        "IndexStmt" => OnTable(tree, table => [Need.Owner(table), Need.CreateBeside(table), .. Tablespace(tree.Text("tableSpace"))]),
        "ReindexStmt" => Reindexed(tree, major),
        "AlterTableStmt" => OnTable(tree, table => [Need.Owner(table), .. tree.Items("cmds").SelectMany(command => Changed(command, table))]),
        "RenameStmt" => Renamed(tree),
        "AlterObjectSchemaStmt" => [.. OnTable(tree, table => [Need.Owner(table)]), .. ObjectNeeds.Owner(tree.Text("objectType"), tree.Child("object")), Need.CreateIn(tree.Text("newschema"))],
        "AlterObjectDependsStmt" => [.. OnTable(tree, table => [Need.Owner(table)]), .. ObjectNeeds.Owner(tree.Text("objectType"), tree.Child("object"))],
        "AlterOwnerStmt" => Given(tree),
        "DropStmt" => tree.Items("objects").SelectMany(item => ObjectNeeds.Owner(tree.Text("removeType"), item, toDrop: true)),
        "TruncateStmt" => tree.Items("relations").Select(range => tree.Flag("restart_seqs") ? Need.Owner(TableName.Of(range)) : Need.Privilege("TRUNCATE", TableName.Of(range))),
        "SelectStmt" or "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt" or "CallStmt" => QueryNeeds.Of(tree, major),
        "ExplainStmt" => tree.Child("query") is { } explained ? Of(explained, major) : [],
        "CopyStmt" => Copied(tree, major),
        "LockStmt" => tree.Items("relations").Select(range => Need.OnTable(TableName.Of(range), $"has_table_privilege(c.oid, '{Locking(tree, major)}')", new Text($"a right to lock {TableName.Of(range)} ({Locking(tree, major)})", $"un droit de verrouiller {TableName.Of(range)} ({Locking(tree, major)})"))),
        "CreateTrigStmt" => OnTable(tree, table => [Need.Privilege("TRIGGER", table), Need.Execute(TableName.Of(tree.Items("funcname")))]),
        "RuleStmt" => OnTable(tree, table => [Need.Owner(table)]),
        "CreatePolicyStmt" or "AlterPolicyStmt" => tree.Table("table") is { } table ? [Need.Owner(table)] : [],
        "RefreshMatViewStmt" or "ClusterStmt" => OnTable(tree, table => [Need.Maintain(table, major)]),
        "CommentStmt" => ObjectNeeds.Owner(tree.Text("objtype"), tree.Child("object")),
        "CreateSchemaStmt" => [Need.OnDatabase("CREATE"), .. Role(tree.Field("authrole")) is { } role ? [Need.Member(role)] : Array.Empty<Need>()],
        "CreateFunctionStmt" => Function(tree),
        "CreateEnumStmt" or "CreateRangeStmt" => [Need.CreateIn(TableName.Of(tree.Items("typeName")).Schema)],
        "CreateDomainStmt" => [Need.CreateIn(TableName.Of(tree.Items("domainname")).Schema), .. Type(tree.Field("typeName"))],
        "DefineStmt" => tree.Text("kind") switch
        {
            "OBJECT_TYPE" => [Need.Superuser(new Text("a base type", "un type de base"))],
            "OBJECT_TSPARSER" or "OBJECT_TSTEMPLATE" => [Need.Superuser(Text.Same("TEXT SEARCH PARSER, TEMPLATE"))],
            _ => [Need.CreateIn(TableName.Of(tree.Items("defnames")).Schema)],
        },
        "CreateConversionStmt" => [Need.CreateIn(TableName.Of(tree.Items("conversion_name")).Schema), Need.Execute(TableName.Of(tree.Items("func_name")))],
        "CreateStatsStmt" =>
        [
            .. tree.Items("relations").Where(item => item.Type == "RangeVar").Select(range => Need.Owner(TableName.Of(range))),
            .. tree.Items("defnames").Any() ? [Need.CreateIn(TableName.Of(tree.Items("defnames")).Schema)] : Array.Empty<Need>(),
        ],
        "AlterEnumStmt" or "AlterDomainStmt" or "AlterTypeStmt" => [Need.OwnerOfType(TableName.Of(tree.Items("typeName")), toDrop: false)],
        "AlterFunctionStmt" => tree.Field("func") is { } function
            ? [.. ObjectNeeds.Owner("OBJECT_FUNCTION", function), .. tree.OptionIsOn("actions", "leakproof") ? [Need.Superuser(Text.Same("LEAKPROOF"))] : Array.Empty<Need>()]
            : [],
        "AlterStatsStmt" => [ObjectNeeds.Owner("OBJECT_STATISTIC_EXT", tree.Items("defnames"))],
        "AlterTSDictionaryStmt" => [ObjectNeeds.Owner("OBJECT_TSDICTIONARY", tree.Items("dictname"))],
        "AlterTSConfigurationStmt" => [ObjectNeeds.Owner("OBJECT_TSCONFIGURATION", tree.Items("cfgname"))],
        "AlterOperatorStmt" => tree.Field("opername") is { } changed ? ObjectNeeds.Owner("OBJECT_OPERATOR", changed) : [],
        "CreateCastStmt" => Cast(tree),
        "CreateTransformStmt" => [Need.OwnerOfType(TableName.Of(tree.Field("type_name")?.Items("names") ?? []), toDrop: false)],
        "GrantStmt" => GrantNeeds.Of(tree, major),
        _ => AdministrativeNeeds.Of(tree, major),
    };

    private static IEnumerable<Need> OnTable(TreeNode tree, Func<TableName, IEnumerable<Need>> needs) => tree.Table() is { } table ? needs(table) : [];

    /// <summary>A new relation: a temporary one lies in no schema of anybody's.</summary>
    internal static IEnumerable<Need> In(TreeNode range) => range.Text("relpersistence") == "t" || range.Text("schemaname") == "pg_temp"
        ? [Need.OnDatabase("TEMP")]
        : [Need.CreateIn(TableName.Of(range).Schema)];

    private static IEnumerable<Need> Into(TreeNode into) => [.. into.Field("rel") is { } rel ? In(rel) : [], .. Tablespace(into.Text("tableSpaceName"))];

    private static IEnumerable<Need> Created(TreeNode table)
    {
        IEnumerable<Need> needs =
        [
            .. table.Items("inhRelations").Select(parent => Need.Owner(TableName.Of(parent))),
            .. table.Items("tableElts").Where(element => element.Type == "TableLikeClause").Select(like => like.Table()).OfType<TableName>().Select(Need.ReadWhole),
            .. Referenced(table),
            .. Types(table),
            .. Type(table.Field("ofTypename")),
            .. Tablespace(table.Text("tablespacename")),
            .. Generated(table),
        ];
        var name = table.Table();
        return [.. table.Field("relation") is { } range ? In(range) : [], .. name is { } there && table.Flag("if_not_exists") ? needs.Select(need => need.Unless(there)) : needs];
    }

    private static IEnumerable<Need> Generated(TreeNode tree) => tree.Descendants("Constraint").Where(constraint => constraint.Text("contype") == "CONSTR_GENERATED").SelectMany(QueryNeeds.Called);

    private static IEnumerable<Need> Referenced(TreeNode tree) =>
        tree.Descendants("Constraint").Where(constraint => constraint.Text("contype") == "CONSTR_FOREIGN").Select(constraint => constraint.Table("pktable")).OfType<TableName>().Select(table => Need.Privilege("REFERENCES", table));

    private static IEnumerable<Need> Types(TreeNode tree) => tree.Descendants("ColumnDef").SelectMany(column => Type(column.Field("typeName")));

    /// <summary>Types of the server itself are everybody's.</summary>
    private static IEnumerable<Need> Type(TreeNode? type) =>
        type is not null && TableName.Of(type.Items("names")) is { Name.Length: > 0, Schema: not "pg_catalog" } name && !type.Flag("pct_type") ? [Need.UsageOfType(name)] : [];

    private static IEnumerable<Need> Tablespace(string name) => name.Length == 0 ? [] : [Need.CreateInTablespace(name)];

    /// <summary>A view may be made on tables that its owner cannot read; but each must be found.</summary>
    private static IEnumerable<Need> Schemas(TreeNode tree) =>
        tree.Descendants("RangeVar").Select(TableName.Of).Select(table => table.Schema).OfType<string>().Distinct(StringComparer.Ordinal).Select(Need.UsageOfSchema);

    private static IEnumerable<Need> Changed(TreeNode command, TableName table) => command.Text("subtype") switch
    {
        // Nothing is asked of who gives a table to whom it belongs already.
        "AT_ChangeOwner" when Role(command.Field("newowner")) is { } role => [Need.Member(role), ObjectNeeds.NewOwnerOfTable(table, role)],
        "AT_AttachPartition" => command.Child("def")?.Table("name") is { } partition ? [Need.Owner(partition)] : [],
        "AT_AddInherit" => command.Child("def") is { Type: "RangeVar" } parent ? [Need.Owner(TableName.Of(parent))] : [],
        "AT_SetTableSpace" => Tablespace(command.Text("name")),
        "AT_EnableTrigAll" or "AT_DisableTrigAll" =>
        [
            Need.OnTable(table, $"{Need.OfMe("r.rolsuper")} or not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgisinternal)",
                new Text($"SUPERUSER for TRIGGER ALL of {table}, which has foreign keys (TRIGGER USER leaves those alone)", $"SUPERUSER pour TRIGGER ALL de {table}, qui a des clés étrangères (TRIGGER USER n'y touche pas)")),
        ],
        _ => [.. Referenced(command), .. Types(command), .. Generated(command)],
    };

    private static IEnumerable<Need> Reindexed(TreeNode tree, int major) => tree.Text("kind") switch
    {
        "REINDEX_OBJECT_SCHEMA" => [Need.MaintainAll(Need.OwnerOfSchema(tree.Text("name")), major)],
        "REINDEX_OBJECT_DATABASE" or "REINDEX_OBJECT_SYSTEM" => [Need.MaintainAll(ObjectNeeds.Owner("OBJECT_DATABASE", tree.Text("name")), major)],
        _ => OnTable(tree, table => [Need.Maintain(table, major)]),
    };

    private static IEnumerable<Need> Renamed(TreeNode tree) => tree.Text("renameType") switch
    {
        "OBJECT_TABLE" or "OBJECT_VIEW" or "OBJECT_MATVIEW" or "OBJECT_INDEX" or "OBJECT_SEQUENCE" or "OBJECT_FOREIGN_TABLE" => OnTable(tree, table => [Need.Owner(table), Need.CreateBeside(table)]),
        "OBJECT_COLUMN" or "OBJECT_ATTRIBUTE" or "OBJECT_TABCONSTRAINT" or "OBJECT_TRIGGER" or "OBJECT_POLICY" or "OBJECT_RULE" => OnTable(tree, table => [Need.Owner(table)]),
        "OBJECT_SCHEMA" => [Need.OwnerOfSchema(tree.Text("subname")), Need.OnDatabase("CREATE")],
        "OBJECT_DATABASE" => [ObjectNeeds.Owner("OBJECT_DATABASE", tree.Text("subname")), Need.Attribute("rolcreatedb", "CREATEDB")],
        "OBJECT_ROLE" => AdministrativeNeeds.OverRole(tree.Text("subname")),
        "OBJECT_TABLESPACE" => [ObjectNeeds.Owner("OBJECT_TABLESPACE", tree.Text("subname"))],
        var kind => ObjectNeeds.Renamed(kind, tree.Child("object")),
    };

    private static IEnumerable<Need> Given(TreeNode tree)
    {
        var (kind, item) = (tree.Text("objectType"), tree.Child("object"));
        var role = Role(tree.Field("newowner"));
        return [.. ObjectNeeds.Owner(kind, item), .. role is null ? [] : ObjectNeeds.NewOwner(kind, item, role).Prepend(Need.Member(role))];
    }

    /// <summary>LockTableAclCheck in lockcmds.c.</summary>
    private static string Locking(TreeNode tree, int major)
    {
        var mode = tree.Has("mode") ? tree.Fields.GetProperty("mode").GetInt32() : 8;
        var changing = $"UPDATE, DELETE, TRUNCATE{(mode <= 3 ? ", INSERT" : "")}";
        return mode == 1 ? major >= 16 ? $"SELECT, {changing}" : "SELECT" : changing;
    }

    private static IEnumerable<Need> Copied(TreeNode tree, int major) =>
    [
        .. OnTable(tree, table => [Need.Privilege(tree.Flag("is_from") ? "INSERT" : "SELECT", table)]),
        .. tree.Child("query") is { } query ? QueryNeeds.Of(query, major) : [],
        .. (tree.Flag("is_program"), tree.Text("filename").Length > 0, tree.Flag("is_from")) switch
        {
            (true, _, _) => new[] { Need.Member("pg_execute_server_program") },
            (_, true, true) => [Need.Member("pg_read_server_files")],
            (_, true, false) => [Need.Member("pg_write_server_files")],
            _ => [],
        },
    ];

    private static IEnumerable<Need> Cast(TreeNode tree)
    {
        TreeNode[] types = [.. new[] { tree.Field("sourcetype"), tree.Field("targettype") }.OfType<TreeNode>()];
        return
        [
            ObjectNeeds.OwnerOfEither([.. types.Select(ObjectNeeds.TypeName)]),
            .. types.SelectMany(Type),
            .. tree.Field("func") is { } function ? [Need.Execute(TableName.Of(function.Items("objname")))] : tree.Flag("inout") ? Array.Empty<Need>() : [Need.Superuser(Text.Same("CREATE CAST … WITHOUT FUNCTION"))],
        ];
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
            .. tree.Items("parameters").SelectMany(parameter => Type(parameter.Field("argType"))),
            .. Type(tree.Field("returnType")),
            .. tree.OptionIsOn("options", "leakproof") ? [Need.Superuser(Text.Same("LEAKPROOF"))] : Array.Empty<Need>(),
            .. tree.Flag("replace") ? [Need.OwnerOfFunction(name, Hazards.FunctionSignature.InputTypes(tree))] : Array.Empty<Need>(),
        ];
    }

    /// <summary>A role by its name; null for CURRENT_USER and the like.</summary>
    internal static string? Role(TreeNode? role) => role?.Text("roletype") == "ROLESPEC_CSTRING" ? role.Text("rolename") : null;
}

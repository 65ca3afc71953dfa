using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Untracked;

/// <summary>What a statement makes under a name that must be free: it fails where something has the name already.</summary>
/// <param name="Kind">What people call it: <c>table</c>, <c>index</c>, …</param>
/// <param name="Schema">Null: none was written, or the kind has none.</param>
/// <param name="Table">Of a column, a constraint, a trigger, …: the table, or the type of an enum's label.</param>
internal sealed record CreatedName(string Kind, Text KindName, string? Schema, string Name, TableName? Table = null)
{
    /// <summary>Of an index: what an interrupted build left under its name is removed first.</summary>
    public bool Concurrently { get; init; }

    /// <summary>Names of one sort exclude each other: a view cannot be called like a table.</summary>
    public string Sort => Kind switch
    {
        "table" or "view" or "materialized view" or "sequence" or "index" or "foreign table" => "relation",
        "type" or "domain" => "type",
        "function" or "procedure" => "function",
        _ => Kind,
    };

    public Text Describe()
    {
        var name = Table is { } table ? Name.Length > 0 ? $"{table}.{Name}" : $"{table}" : Schema is null or "public" ? Name : $"{Schema}.{Name}";
        return new Text($"{KindName.En} {name}", $"{KindName.Fr} {name}");
    }

    /// <summary>Nothing for what says IF NOT EXISTS or OR REPLACE, for temporary tables, and for what the server names itself.</summary>
    public static IEnumerable<CreatedName> Of(TreeNode tree) => tree.Type switch
    {
        "CreateStmt" => tree.Flag("if_not_exists") ? [] : Relation("table", new("table", "la table"), tree.Field("relation")),
        "CreateForeignTableStmt" => tree.Field("base")?.Flag("if_not_exists") == true ? []
            : Relation("foreign table", new("foreign table", "la table étrangère"), tree.Field("base")?.Field("relation")),
        "CreateTableAsStmt" when !tree.Flag("if_not_exists") => tree.Text("objtype") == "OBJECT_MATVIEW"
            ? Relation("materialized view", new("materialized view", "la vue matérialisée"), tree.Field("into")?.Field("rel"))
            : Relation("table", new("table", "la table"), tree.Field("into")?.Field("rel")),
        "SelectStmt" when tree.Field("intoClause") is { } into => Relation("table", new("table", "la table"), into.Field("rel")),
        "RenameStmt" when !tree.Flag("missing_ok") => Renamed(tree),
        "ViewStmt" when !tree.Flag("replace") => Relation("view", new("view", "la vue"), tree.Field("view")),
        "CreateSeqStmt" when !tree.Flag("if_not_exists") => Relation("sequence", new("sequence", "la séquence"), tree.Field("sequence")),
        "IndexStmt" when !tree.Flag("if_not_exists") && tree.Text("idxname").Length > 0 && tree.Table() is { } table =>
            [new("index", new("index", "l'index"), table.Schema, tree.Text("idxname")) { Concurrently = tree.Flag("concurrent") }],
        "CompositeTypeStmt" => tree.Table("typevar") is { } type ? [Type(type)] : [],
        "CreateEnumStmt" or "CreateRangeStmt" => [Type(TableName.Of(tree.Items("typeName")))],
        "CreateDomainStmt" => [Named("domain", new("domain", "le domaine"), TableName.Of(tree.Items("domainname")))],
        "CreateFunctionStmt" when !tree.Flag("replace") => [Function(tree)],
        "CreateSchemaStmt" when !tree.Flag("if_not_exists") && tree.Text("schemaname").Length > 0 =>
            [new("schema", new("schema", "le schéma"), null, tree.Text("schemaname"))],
        "CreateExtensionStmt" when !tree.Flag("if_not_exists") => [new("extension", new("extension", "l'extension"), null, tree.Text("extname"))],
        "CreatePublicationStmt" => [new("publication", new("publication", "la publication"), null, tree.Text("pubname"))],
        "CreateEventTrigStmt" => [new("event trigger", new("event trigger", "le déclencheur d'événement"), null, tree.Text("trigname"))],
        "CreateRoleStmt" => [new("role", new("role", "le rôle"), null, tree.Text("role"))],
        "CreateForeignServerStmt" when !tree.Flag("if_not_exists") => [new("server", new("server", "le serveur"), null, tree.Text("servername"))],
        "CreateStatsStmt" when !tree.Flag("if_not_exists") && tree.Items("defnames").Any() =>
            [Named("statistics", new("statistics", "les statistiques"), TableName.Of(tree.Items("defnames")))],
        "CreateTrigStmt" when !tree.Flag("replace") => OnTable("trigger", new("trigger", "le déclencheur"), tree.Text("trigname"), tree.Table()),
        "CreatePolicyStmt" => OnTable("policy", new("policy", "la politique"), tree.Text("policy_name"), tree.Table("table")),
        "RuleStmt" when !tree.Flag("replace") => OnTable("rule", new("rule", "la règle"), tree.Text("rulename"), tree.Table()),
        "AlterTableStmt" => TableChange.Of(tree).SelectMany(Added),
        "AlterEnumStmt" when tree.Has("newVal") && !tree.Has("oldVal") && !tree.Flag("skipIfNewValExists") =>
            [new("enum label", new("label", "l'étiquette"), null, tree.Text("newVal"), TableName.Of(tree.Items("typeName")))],
        _ => [],
    };

    /// <summary>The new name must be free as well.</summary>
    private static IEnumerable<CreatedName> Renamed(TreeNode rename) => (rename.Text("renameType"), rename.Table()) switch
    {
        ("OBJECT_TABLE", { } table) => [Named("table", new("table", "la table"), table with { Name = rename.Text("newname") })],
        ("OBJECT_VIEW" or "OBJECT_MATVIEW", { } view) => [Named("view", new("view", "la vue"), view with { Name = rename.Text("newname") })],
        ("OBJECT_INDEX", { } index) => [Named("index", new("index", "l'index"), index with { Name = rename.Text("newname") })],
        ("OBJECT_COLUMN", { } table) => [new("column", new("column", "la colonne"), null, rename.Text("newname"), table)],
        ("OBJECT_SCHEMA", _) => [new("schema", new("schema", "le schéma"), null, rename.Text("newname"))],
        _ => [],
    };

    private static IEnumerable<CreatedName> Relation(string kind, Text name, TreeNode? range) =>
        range is null || range.Text("relpersistence") == "t" ? [] : [Named(kind, name, TableName.Of(range))];

    private static CreatedName Named(string kind, Text name, TableName table) => new(kind, name, table.Schema, table.Name);

    private static CreatedName Type(TableName name) => Named("type", new("type", "le type"), name);

    private static CreatedName Function(TreeNode tree)
    {
        var (name, types) = (TableName.Of(tree.Items("funcname")), FunctionSignature.InputTypes(tree));
        return tree.Flag("is_procedure")
            ? new("procedure", new("procedure", "la procédure"), name.Schema, $"{name.Name}({types})")
            : new("function", new("function", "la fonction"), name.Schema, $"{name.Name}({types})");
    }

    private static IEnumerable<CreatedName> OnTable(string kind, Text kindName, string name, TableName? table) =>
        table is { } of && name.Length > 0 ? [new(kind, kindName, null, name, of)] : [];

    private static IEnumerable<CreatedName> Added(TableChange change)
    {
        if (change.Is("AT_AddColumn") && !change.Command.Flag("missing_ok") && change.Command.Child("def") is { } column)
            yield return new("column", new("column", "la colonne"), null, column.Text("colname"), change.Table);
        if (change.Constraint?.Text("conname") is { Length: > 0 } name)
            yield return new("constraint", new("constraint", "la contrainte"), null, name, change.Table);
        // A table has one, whatever it is called.
        else if (change.Constraint?.Text("contype") == "CONSTR_PRIMARY")
            yield return new("primary key", new("primary key of", "la clé primaire de"), null, "", change.Table);
    }
}

using System.Text.Json;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Extensions;

/// <summary>What statements would have made, by name, and which relations they are about: after them, nobody can prove anything of these.</summary>
internal static class MadeNames
{
    public static TreeNode? Tree(string sql) => StatementClassifier.Tree(LibPgQuery.Parse(sql));

    /// <summary>The extension of a CREATE EXTENSION, and the schema that it names; null for any other statement.</summary>
    public static (string Extension, string? Schema)? Extension(TreeNode? tree) =>
        tree is { Type: "CreateExtensionStmt" } create ? (create.Text("extname"), create.Option("options", "schema")) : null;

    /// <summary>Every relation that is named anywhere in a statement.</summary>
    public static IEnumerable<TableName> Relations(TreeNode tree)
    {
        var open = new Stack<JsonElement>([tree.Fields]);
        while (open.TryPop(out var element))
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("relname", out _))
                yield return TableName.Of(new TreeNode("", element));
            foreach (var child in Children(element))
                open.Push(child);
        }
    }

    private static IEnumerable<JsonElement> Children(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray(),
        JsonValueKind.Object => element.EnumerateObject().Select(property => property.Value),
        _ => [],
    };

    /// <summary>The names that a statement would bring.</summary>
    public static IEnumerable<CatalogName> Of(TreeNode tree) => tree.Type switch
    {
        "CreateStmt" => Relation("table", tree.Table()).Concat(tree.Items("tableElts").SelectMany(element => Sequence(tree.Table(), element))),
        "CreateForeignTableStmt" => Relation("foreign table", tree.Field("base")?.Table()),
        "CreateTableAsStmt" => Relation(tree.Text("objtype") == "OBJECT_MATVIEW" ? "materialized view" : "table", tree.Field("into")?.Table("rel")),
        "ViewStmt" => Relation("view", tree.Table("view")),
        "CreateSeqStmt" => Relation("sequence", tree.Table("sequence")),
        "IndexStmt" => Index(tree),
        "CompositeTypeStmt" => Relation("type", tree.Table("typevar")),
        "CreateEnumStmt" or "CreateRangeStmt" => Qualified("type", tree.Items("typeName")),
        "CreateDomainStmt" => Qualified("domain", tree.Items("domainname")),
        "CreateFunctionStmt" => Qualified(tree.Flag("is_procedure") ? "procedure" : "function", tree.Items("funcname")),
        "DefineStmt" => Qualified(Defined(tree.Text("kind")), tree.Items("defnames")),
        "CreateSchemaStmt" => [new CatalogName("schema", null, tree.Text("schemaname"))],
        "CreateOpClassStmt" => Qualified("operator class", tree.Items("opclassname")),
        "CreateAmStmt" => [new CatalogName("access method", null, tree.Text("amname"))],
        "CreatePLangStmt" => [new CatalogName("language", null, tree.Text("plname"))],
        "CreateForeignServerStmt" => [new CatalogName("server", null, tree.Text("servername"))],
        "CreatePublicationStmt" => [new CatalogName("publication", null, tree.Text("pubname"))],
        "CreateEventTrigStmt" => [new CatalogName("event trigger", null, tree.Text("trigname"))],
        "CreateStatsStmt" => Qualified("statistics", tree.Items("defnames")),
        "CreateTrigStmt" => OnTable("trigger", tree.Text("trigname"), tree.Table()),
        "CreatePolicyStmt" => OnTable("policy", tree.Text("policy_name"), tree.Table("table")),
        "RuleStmt" => OnTable("rule", tree.Text("rulename"), tree.Table()),
        "AlterTableStmt" => TableChange.Of(tree).SelectMany(Added),
        "RenameStmt" => Renamed(tree),
        _ => [],
    };

    private static IEnumerable<CatalogName> Relation(string kind, TableName? table) => table is { } name ? [new CatalogName(kind, name.Schema, name.Name)] : [];

    private static IEnumerable<CatalogName> Qualified(string kind, IEnumerable<TreeNode> parts) => Relation(kind, TableName.Of(parts));

    private static IEnumerable<CatalogName> OnTable(string kind, string name, TableName? table) =>
        table is { } of ? [new CatalogName(kind, null, name, CatalogName.Qualified(of.Schema, of.Name))] : [];

    private static string Defined(string kind) => kind switch
    {
        "OBJECT_AGGREGATE" => "aggregate",
        "OBJECT_OPERATOR" => "operator",
        "OBJECT_COLLATION" => "collation",
        _ => "type",
    };

    /// <summary>One without a name gets it from the server: the table's and the columns'.</summary>
    private static IEnumerable<CatalogName> Index(TreeNode index) => index.Table() is not { } table ? []
        : [new CatalogName("index", table.Schema, index.Text("idxname") is { Length: > 0 } name ? name : $"{table.Name}_{string.Join('_', index.Items("indexParams").Select(column => column.Text("name") is { Length: > 0 } plain ? plain : "expr"))}_idx")];

    /// <summary>The one of a serial column.</summary>
    private static IEnumerable<CatalogName> Sequence(TableName? table, TreeNode column) =>
        table is { } of && column.Type is "ColumnDef" or "" && TableName.Of(column.Field("typeName")?.Items("names") ?? []).Name is "serial" or "bigserial" or "smallserial" or "serial2" or "serial4" or "serial8"
            ? [new CatalogName("sequence", of.Schema, $"{of.Name}_{column.Text("colname")}_seq")]
            : [];

    private static IEnumerable<CatalogName> Added(TableChange change)
    {
        if (change.Is("AT_AddColumn") && change.Command.Child("def") is { } column)
        {
            yield return new CatalogName("column", null, column.Text("colname"), CatalogName.Qualified(change.Table.Schema, change.Table.Name));
            foreach (var sequence in Sequence(change.Table, column))
                yield return sequence;
        }

        foreach (var name in change.Constraints().Select(constraint => ConstraintName(change, constraint)).OfType<string>())
            yield return new CatalogName("constraint", null, name, CatalogName.Qualified(change.Table.Schema, change.Table.Name));
    }

    /// <summary>One without a name gets it from the server, as an index does.</summary>
    private static string? ConstraintName(TableChange change, TreeNode constraint)
    {
        string Of(string list, string suffix) =>
            string.Join('_', [change.Table.Name, .. change.Is("AT_AddColumn") ? [change.Command.Child("def")!.Text("colname")] : constraint.Items(list).Select(column => column.Text("sval")), suffix]);
        return (constraint.Text("conname"), constraint.Text("contype")) switch
        {
            ({ Length: > 0 } name, _) => name,
            (_, "CONSTR_FOREIGN") => Of("fk_attrs", "fkey"),
            (_, "CONSTR_UNIQUE") => Of("keys", "key"),
            (_, "CONSTR_PRIMARY") => $"{change.Table.Name}_pkey",
            (_, "CONSTR_CHECK") when change.Is("AT_AddColumn") => Of("", "check"),
            _ => null,
        };
    }

    private static IEnumerable<CatalogName> Renamed(TreeNode rename)
    {
        var (name, table) = (rename.Text("newname"), rename.Table());
        return rename.Text("renameType") switch
        {
            "OBJECT_COLUMN" => OnTable("column", name, table),
            "OBJECT_TABCONSTRAINT" => OnTable("constraint", name, table),
            "OBJECT_TRIGGER" => OnTable("trigger", name, table),
            "OBJECT_POLICY" => OnTable("policy", name, table),
            "OBJECT_SCHEMA" => [new CatalogName("schema", null, name)],
            "OBJECT_TABLE" => Relation("table", table is { } former ? former with { Name = name } : null),
            "OBJECT_INDEX" => Relation("index", table is { } former ? former with { Name = name } : null),
            "OBJECT_VIEW" => Relation("view", table is { } former ? former with { Name = name } : null),
            "OBJECT_SEQUENCE" => Relation("sequence", table is { } former ? former with { Name = name } : null),
            "OBJECT_FUNCTION" => [new CatalogName("function", null, name)],
            _ => [new CatalogName("type", null, name)],
        };
    }
}

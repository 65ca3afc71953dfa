using Eclusier.Evidence;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What the target is like at this point of the plan: as it was read, and as the statements before have changed it.</summary>
internal sealed class PlanFacts
{
    private readonly CatalogFacts _catalog;
    private readonly Dictionary<string, bool> _functions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _constrainedDomains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TableName> _filled = new(StringComparer.Ordinal);

    public PlanFacts(IReadOnlyDictionary<string, TableFacts> tables, CatalogFacts catalog)
    {
        _catalog = catalog;
        Names = new TableNames(tables, catalog);
        Proofs = new ColumnProofs(catalog, Names);
        Transaction = new TransactionFacts(Names);
    }

    public TableNames Names { get; }

    public ColumnProofs Proofs { get; }

    public TransactionFacts Transaction { get; private set; }

    /// <summary>Null: nobody here knows the function. With several of a name, one that is volatile is enough.</summary>
    public bool? IsVolatile(TableName function)
    {
        if (BuiltInFunctions.Contains(function))
            return BuiltInFunctions.IsVolatile(function);
        if (_functions.TryGetValue(function.Name, out var made))
            return made;
        var known = function.Schema is { } schema
            ? [.. _catalog.Functions[$"{schema}.{function.Name}"]]
            : _catalog.SearchPath.SelectMany(place => _catalog.Functions[$"{place}.{function.Name}"]).ToArray();
        return known.Length == 0 ? null : known.Any(candidate => candidate.Volatile);
    }

    /// <summary>A domain with a constraint, which each row of a new column would have to keep.</summary>
    public bool IsConstrainedDomain(TableName type) =>
        _constrainedDomains.Contains(type.Name) || (type.Schema is { } schema
            ? _catalog.ConstrainedDomains.Contains($"{schema}.{type.Name}")
            : _catalog.SearchPath.Any(place => _catalog.ConstrainedDomains.Contains($"{place}.{type.Name}")));

    public void Follow(StatementNode node)
    {
        if (node.Tree is not { } tree)
            return;
        Transaction.Follow(node);
        Proofs.Follow(node);
        FollowTables(tree);
        foreach (var change in node.TableChanges.Where(change => change.Is("AT_AttachPartition")))
        {
            // From now on, whoever reads the whole reads it, too.
            if (change.Command.Child("def")?.Table("name") is { } partition && !Names.IsCreated(change.Table))
                Names.Forget(partition);
        }

        if (tree.Type == "CreateFunctionStmt")
            _functions[TableName.Of(tree.Items("funcname")).Name] = IsVolatile(tree);
        else if (tree.Type == "CreateDomainStmt" && tree.Items("constraints").Any(constraint => constraint.Text("contype") is "CONSTR_CHECK" or "CONSTR_NOTNULL"))
            _constrainedDomains.Add(TableName.Of(tree.Items("domainname")).Name);
        Names.Follow(tree);
    }

    /// <summary>What was filled is seen by others from now on, and takes its time.</summary>
    public void EndTransaction()
    {
        foreach (var table in _filled.Values)
            Names.Forget(table);
        _filled.Clear();
        Transaction = new TransactionFacts(Names);
    }

    public void EndMigration()
    {
        EndTransaction();
        Names.EndMigration();
    }

    private void FollowTables(TreeNode tree)
    {
        switch (tree.Type)
        {
            case "CreateStmt" when tree.Table() is { } table:
                Names.Create(table, IsTemporary(tree.Field("relation")), tree.Flag("if_not_exists"));
                break;
            case "CreateTableAsStmt" when tree.Field("into") is { } into && into.Table("rel") is { } table:
                Names.Create(table, IsTemporary(into.Field("rel")), tree.Flag("if_not_exists"));
                if (!into.Flag("skipData") && tree.Text("objtype") != "OBJECT_MATVIEW")
                    Fill(table);
                break;
            case "SelectStmt" when tree.Field("intoClause")?.Table("rel") is { } table:
                Names.Create(table, IsTemporary(tree.Field("intoClause")?.Field("rel")), mayExist: false);
                Fill(table);
                break;
            case "InsertStmt" when tree.Child("selectStmt")?.Has("fromClause") == true && tree.Table() is { } table:
                Fill(table);
                break;
            case "CopyStmt" when tree.Flag("is_from") && tree.Table() is { } table:
                Fill(table);
                break;
            case "RenameStmt" when tree.Text("renameType") == "OBJECT_TABLE" && tree.Table() is { } table:
                Names.Rename(table, new TableName(table.Schema, tree.Text("newname")));
                break;
            case "AlterObjectSchemaStmt" when tree.Text("objectType") == "OBJECT_TABLE" && tree.Table() is { } table:
                Names.Rename(table, table with { Schema = tree.Text("newschema") });
                break;
            case "DropStmt" when tree.Text("removeType") is "OBJECT_TABLE" or "OBJECT_MATVIEW":
                foreach (var table in DroppedObjects.Names(tree))
                    Names.Forget(table);
                break;
        }
    }

    private void Fill(TableName table)
    {
        var key = Names.KeyOf(table);
        if (Names.IsCreated(table) && !key.StartsWith("pg_temp.", StringComparison.Ordinal))
            _filled[key] = table;
    }

    private static bool IsTemporary(TreeNode? relation) => relation?.Text("relpersistence") == "t";

    private static bool IsVolatile(TreeNode function) =>
        (function.Items("options").FirstOrDefault(option => option.Text("defname") == "volatility")?.Child("arg")?.Text("sval") ?? "volatile") == "volatile";
}

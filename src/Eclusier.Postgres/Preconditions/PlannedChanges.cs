using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>What the statements before change: of what they make, rename or give away, the server cannot be asked yet.</summary>
internal sealed class PlannedChanges
{
    /// <summary>Harmless to rights and names; whatever else is called may do anything.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "setval", "nextval", "currval", "count", "sum", "min", "max", "avg", "coalesce", "now", "lower", "upper", "length", "substring", "replace", "trim", "concat", "generate_series", "gen_random_uuid",
        "md5", "random", "round", "to_char", "date_trunc", "json_build_object", "jsonb_build_object", "jsonb_set", "array_agg", "string_agg", "row_number", "nullif", "greatest", "least", "format",
    };

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>A schema that the plan makes may be the one that a search path finds first by then.</summary>
    private bool _schemas;

    /// <summary>Of the file.</summary>
    private bool _path;

    /// <summary>Of the file: another role may grant what ours does not have.</summary>
    private bool _role;

    /// <summary>False after what may have changed any right.</summary>
    public bool IsCertain { get; private set; } = true;

    public void BecomeUncertain() => IsCertain = false;

    public void BeginFile() => (_path, _role) = (false, false);

    public bool Concerns(Need need) => need.Names.Any(_names.Contains) || (need.UsesPath && (_schemas || _path));

    /// <summary>The role or the search path: whoever asks must follow.</summary>
    public static bool IsFollowed(TreeNode tree) =>
        tree.Type == "VariableSetStmt" && tree.Text("kind") is "VAR_SET_VALUE" or "VAR_SET_DEFAULT" or "VAR_RESET" && tree.Text("name") is "role" or "search_path";

    public void Add(TreeNode tree)
    {
        switch (tree.Type)
        {
            case "CreateStmt" or "AlterOwnerStmt" or "AlterObjectSchemaStmt":
                Relation(tree.Field("relation"));
                Named(tree.Child("object"));
                break;
            case "AlterTableStmt" when tree.Items("cmds").Any(command => command.Text("subtype") == "AT_ChangeOwner"):
                Relation(tree.Field("relation"));
                break;
            case "CreateForeignTableStmt":
                Relation(tree.Field("base")?.Field("relation"));
                break;
            case "ViewStmt":
                Relation(tree.Field("view"));
                break;
            case "CreateTableAsStmt":
                Relation(tree.Field("into")?.Field("rel"));
                Called(tree);
                break;
            case "CreateSeqStmt":
                Relation(tree.Field("sequence"));
                break;
            case "CompositeTypeStmt":
                Relation(tree.Field("typevar"));
                break;
            case "IndexStmt":
                _names.Add(tree.Text("idxname"));
                break;
            case "CreateSchemaStmt":
                _schemas = true;
                _names.Add(tree.Text("schemaname"));
                foreach (var element in tree.Items("schemaElts"))
                    Add(element);
                break;
            case "CreateFunctionStmt" or "CreateEnumStmt" or "CreateRangeStmt" or "CreateDomainStmt" or "DefineStmt":
                _names.Add(TableName.Of(new[] { "funcname", "typeName", "domainname", "defnames" }.SelectMany(tree.Items)).Name);
                break;
            case "DropStmt":
                _schemas |= tree.Text("removeType") == "OBJECT_SCHEMA";
                foreach (var dropped in tree.Items("objects"))
                    Named(dropped);
                break;
            case "RenameStmt":
                _schemas |= tree.Text("renameType") == "OBJECT_SCHEMA";
                Relation(tree.Field("relation"));
                Named(tree.Child("object"));
                _names.UnionWith([tree.Text("subname"), tree.Text("newname")]);
                break;
            case "GrantStmt" or "AlterDefaultPrivilegesStmt":
                // Nobody can grant a right that he does not have.
                IsCertain &= !_role;
                break;
            case "VariableSetStmt":
                Set(tree);
                break;
            case "TransactionStmt":
                IsCertain &= !_role && !_path;
                break;
            case "SelectStmt" or "InsertStmt" or "UpdateStmt" or "DeleteStmt":
                Called(tree);
                break;
            case "GrantRoleStmt" or "AlterRoleStmt" or "AlterRoleSetStmt" or "CreateRoleStmt" or "AlterDatabaseSetStmt" or "ReassignOwnedStmt" or "DropOwnedStmt" or "DoStmt" or "CallStmt" or "ExecuteStmt" or "DiscardStmt" or "CreateEventTrigStmt":
                IsCertain = false;
                break;
        }
    }

    private void Set(TreeNode tree)
    {
        _role |= tree.Text("name") == "role";
        if (tree.Text("kind") == "VAR_RESET_ALL" || tree.Text("name") is "session_authorization")
            (_path, IsCertain) = (true, false);
    }

    private void Relation(TreeNode? range) => _names.Add(range?.Text("relname") ?? "");

    /// <summary>The last part of an object's name: a list of words, a type, or a routine with its parameters.</summary>
    private void Named(TreeNode? node)
    {
        if (node is null)
            return;
        foreach (var list in new[] { "items", "names", "objname" })
            _names.Add(TableName.Of(node.Items(list)).Name);
        _names.Add(node.Text("sval"));
    }

    /// <summary>A function may do anything, and set_config sets the search path of every dump.</summary>
    private void Called(TreeNode tree)
    {
        foreach (var called in tree.Descendants("FuncCall").Select(call => TableName.Of(call.Items("funcname")).Name).Where(name => !Harmless.Contains(name)))
        {
            _path |= called == "set_config";
            IsCertain &= called == "set_config";
        }
    }
}

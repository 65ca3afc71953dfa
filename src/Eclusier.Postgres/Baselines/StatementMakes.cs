using System.Text.RegularExpressions;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Extensions;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Baselines;

/// <summary>What the statements of a migration make, from their parse trees.</summary>
internal sealed partial class StatementMakes
{
    /// <summary>They move rows, remove things, or are about the session.</summary>
    private static readonly HashSet<string> Nothing = new(StringComparer.Ordinal)
    {
        "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "TruncateStmt", "DropStmt", "VariableSetStmt", "TransactionStmt", "LockStmt", "VacuumStmt", "ReindexStmt", "RefreshMatViewStmt",
    };

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _owners = new(StringComparer.Ordinal);
    private readonly HashSet<string> _traits = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private readonly List<string> _removals = [];

    public static Makes Of(Step step)
    {
        var makes = new StatementMakes();
        foreach (var sql in step.Statements.Select(statement => statement.Sql))
        {
            if (Removing().IsMatch(sql))
                makes._removals.Add(sql);
            if (!makes.Add(MadeNames.Tree(sql)))
                makes._texts.Add(sql);
        }

        return new Makes(makes._names, makes._owners, makes._traits, makes._texts, makes._removals);
    }

    /// <returns>False: its tree does not tell.</returns>
    private bool Add(TreeNode? tree)
    {
        if (tree is null)
            return false;
        if (Nothing.Contains(tree.Type))
            return true;
        var made = MadeNames.Of(tree).ToList();
        foreach (var name in made)
            Add(name.Name, name.Table is { } table ? table[(table.LastIndexOf('.') + 1)..].Trim('"') : null);
        switch (tree.Type)
        {
            case "CreateStmt":
                foreach (var element in tree.Items("tableElts"))
                    Add(element.Text("colname") is { Length: > 0 } column ? column : element.Text("conname"), tree.Table()?.Name);
                return true;
            case "CreateEnumStmt":
                foreach (var label in tree.Items("vals"))
                    Add(label.Text("sval"), TableName.Of(tree.Items("typeName")).Name);
                return true;
            case "AlterEnumStmt":
                Add(tree.Text("newVal"), TableName.Of(tree.Items("typeName")).Name);
                return true;
            case "IndexStmt":
                Add("", tree.Table()?.Name);
                return true;
            // What an enum is renamed to owns the labels that it was made with.
            case "RenameStmt":
                Add("", tree.Text("newname"));
                return made.Count > 0;
            case "AlterTableStmt":
                return Change(tree);
            default:
                return made.Count > 0;
        }
    }

    private bool Change(TreeNode alter)
    {
        if (alter.Table() is not { } table)
            return false;
        foreach (var command in alter.Items("cmds"))
        {
            var column = command.Text("name");
            if (command.Text("subtype") == "AT_AlterColumnType")
                Add(column, table.Name);
            else if (command.Text("subtype") is not ("AT_AddColumn" or "AT_AddConstraint"))
                _traits.Add(column.Length > 0 ? $"{table.Name}.{column}" : table.Name);
        }

        return true;
    }

    private void Add(string name, string? owner)
    {
        if (name.Length > 0)
            _names.Add(name);
        if (owner is not null)
            _owners.Add(owner);
    }

    [GeneratedRegex(@"\b(drop|rename|revoke|disable|reset|execute|set)\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex Removing();
}

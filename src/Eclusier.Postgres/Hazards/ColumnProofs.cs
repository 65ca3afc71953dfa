using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>
/// Which columns hold no null, by NOT NULL or by a valid CHECK, at this point of the plan: as the target has it, and as the migrations before have changed it.
/// With such a proof SET NOT NULL reads no row (see the notes in https://www.postgresql.org/docs/current/sql-altertable.html).
/// </summary>
internal sealed class ColumnProofs(CatalogFacts catalog, TableNames names)
{
    private readonly Dictionary<(string Table, string Constraint), Proof> _checks = [];
    private readonly Dictionary<string, bool> _notNull = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly HashSet<string> _validatedUnseen = new(StringComparer.Ordinal);

    private sealed record Proof(IReadOnlyList<string> Columns, bool Valid);

    public bool IsNeverNull(TableName table, string column)
    {
        var key = Read(table);
        var known = $"{key}.{column}";
        return (_notNull.TryGetValue(known, out var set) ? set : catalog.NotNull.Contains(known))
            || _checks.Any(check => check.Key.Table == key && check.Value.Valid && check.Value.Columns.Contains(column, StringComparer.Ordinal));
    }

    /// <summary>A constraint of the table was validated before, and nobody here knows what it says.</summary>
    public bool MayBeProved(TableName table) => _validatedUnseen.Contains(names.KeyOf(table));

    /// <summary>The constraint only says what NOT NULL says by now: the helper of a rollout, which has served.</summary>
    public bool HasServed(TableName table, string constraint)
    {
        var key = Read(table);
        return _checks.TryGetValue((key, constraint), out var proof)
            ? proof.Valid && proof.Columns.All(column => _notNull.GetValueOrDefault($"{key}.{column}"))
            : _validatedUnseen.Contains(key) && _notNull.Any(column => column.Value && column.Key.StartsWith($"{key}.", StringComparison.Ordinal));
    }

    public void Follow(StatementNode node)
    {
        if (node.Tree is { Type: "RenameStmt" } rename && rename.Text("renameType") is "OBJECT_COLUMN" or "OBJECT_TABLE" or "OBJECT_TABCONSTRAINT" && rename.Table() is { } renamed)
            Forget(Read(renamed));
        foreach (var change in node.TableChanges)
            Follow(change);
    }

    private void Follow(TableChange change)
    {
        var key = Read(change.Table);
        var name = change.Command.Text("name");
        if (change.Is("AT_SetNotNull"))
            _notNull[$"{key}.{name}"] = true;
        else if (change.Is("AT_DropNotNull") || change.Is("AT_DropColumn"))
            _notNull[$"{key}.{name}"] = false;
        else if (change.Is("AT_DropConstraint"))
            _checks.Remove((key, name));
        else if (change.Is("AT_ValidateConstraint"))
            Validate(key, name);
        foreach (var constraint in change.Constraints())
            Add(key, change, constraint);
    }

    private void Add(string key, TableChange change, TreeNode constraint)
    {
        var column = change.Command.Child("def")?.Text("colname") ?? "";
        switch (constraint.Text("contype"))
        {
            case "CONSTR_NOTNULL" when column.Length > 0:
                _notNull[$"{key}.{column}"] = true;
                break;
            case "CONSTR_PRIMARY":
                foreach (var primary in constraint.Items("keys").Select(part => part.Text("sval")).Append(column).Where(primary => primary.Length > 0))
                    _notNull[$"{key}.{primary}"] = true;
                break;
            case "CONSTR_CHECK" when constraint.Text("conname") is { Length: > 0 } name:
                _checks[(key, name)] = new Proof([.. NotNullColumns(constraint.Child("raw_expr"))], !constraint.Flag("skip_validation"));
                break;
        }
    }

    private void Validate(string key, string name)
    {
        if (_checks.TryGetValue((key, name), out var proof))
            _checks[(key, name)] = proof with { Valid = true };
        else if (!catalog.Constraints[key].Any(constraint => constraint.Name == name))
            _validatedUnseen.Add(key);
    }

    private void Forget(string key)
    {
        foreach (var check in _checks.Keys.Where(check => check.Table == key).ToArray())
            _checks.Remove(check);
    }

    /// <summary>The table's key; what the target knows of its CHECKs is read at the first question.</summary>
    private string Read(TableName table)
    {
        var key = names.KeyOf(table);
        if (!_read.Add(key))
            return key;
        foreach (var check in catalog.Constraints[key].Where(constraint => constraint.Expression?.Contains("IS NOT NULL", StringComparison.Ordinal) == true))
        {
            var expression = StatementClassifier.Tree(LibPgQuery.Parse($"select {check.Expression}"))?.Items("targetList").FirstOrDefault()?.Child("val");
            _checks.TryAdd((key, check.Name), new Proof([.. NotNullColumns(expression)], check.Valid));
        }

        return key;
    }

    /// <summary>Of a conjunction each part holds; of anything else, nothing is known.</summary>
    private static IEnumerable<string> NotNullColumns(TreeNode? expression) => expression switch
    {
        { Type: "BoolExpr" } all when all.Text("boolop") == "AND_EXPR" => all.Items("args").SelectMany(NotNullColumns),
        { Type: "NullTest" } test when test.Text("nulltesttype") == "IS_NOT_NULL" && test.Child("arg") is { Type: "ColumnRef" } column => [column.Items("fields").Last().Text("sval")],
        _ => [],
    };
}

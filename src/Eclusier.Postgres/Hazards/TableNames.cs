using Eclusier.Evidence;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>Which table a name means at this point of the plan: the search path, temporary tables, and what the plan has made, decide it as they do on the server.</summary>
internal sealed class TableNames(IReadOnlyDictionary<string, TableFacts> tables, CatalogFacts catalog)
{
    private const string Temporary = "pg_temp";

    private readonly HashSet<string> _created = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _path = catalog.SearchPath;
    private int _unknownPaths;

    /// <summary>True when the target was looked at, so that a table that is not known is not there.</summary>
    public bool KnowsTarget => catalog.ServerVersion > 0 || tables.Count > 0;

    /// <summary>The plan has made it, and nobody else knows it yet.</summary>
    public bool IsCreated(TableName name) => _created.Contains(KeyOf(name));

    public bool Exists(string key) => tables.ContainsKey(key);

    /// <summary>How the table is called in lists of facts: <c>schema.name</c>.</summary>
    public string KeyOf(TableName name)
    {
        if (name.Schema is { } schema)
            return $"{schema}.{name.Name}";
        var temporary = $"{Temporary}.{name.Name}";
        if (_created.Contains(temporary))
            return temporary;
        return _path.Select(in_ => $"{in_}.{name.Name}").FirstOrDefault(key => _created.Contains(key) || tables.ContainsKey(key)) ?? NewKeyOf(name);
    }

    /// <summary>Where a table of that name is made.</summary>
    private string NewKeyOf(TableName name) => $"{name.Schema ?? (_path.Count > 0 ? _path[0] : $"?{_unknownPaths}")}.{name.Name}";

    /// <param name="temporary">It is the session's own, and hides others of its name.</param>
    /// <param name="mayExist">IF NOT EXISTS: when a table of that name is there, or may be, nothing is made.</param>
    public void Create(TableName name, bool temporary, bool mayExist)
    {
        var key = temporary || name.Schema == Temporary ? $"{Temporary}.{name.Name}" : NewKeyOf(name);
        if (!mayExist || key.StartsWith($"{Temporary}.", StringComparison.Ordinal) || (KnowsTarget && !tables.ContainsKey(key)))
            _created.Add(key);
    }

    public void Forget(TableName name) => _created.Remove(KeyOf(name));

    public void Rename(TableName name, TableName to)
    {
        if (_created.Remove(KeyOf(name)))
            _created.Add(NewKeyOf(to with { Schema = to.Schema ?? name.Schema }));
    }

    /// <summary>SET search_path, and what is the same; a migration's setting ends with it.</summary>
    public void Follow(TreeNode tree)
    {
        if (tree.Type == "VariableSetStmt" && tree.Text("name") == "search_path")
        {
            var schemas = tree.Items("args").Select(Constant).ToArray();
            Use(tree.Text("kind") == "VAR_SET_VALUE" ? schemas : null);
        }
        else if (tree.Type == "VariableSetStmt" && tree.Text("kind") == "VAR_RESET_ALL")
        {
            Use(null);
        }
        else if (tree.Type == "SelectStmt" && tree.Descendants("FuncCall").FirstOrDefault(call => TableName.Of(call.Items("funcname")).Name == "set_config") is { } call
            && call.Items("args").Select(Constant).ToArray() is ["search_path", var value, ..])
        {
            Use(value is null ? [null] : [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Identifier.NameOf)]);
        }
    }

    public void EndMigration() => _path = catalog.SearchPath;

    /// <param name="schemas">Null: as at the start. One that is null is not known.</param>
    private void Use(IReadOnlyList<string?>? schemas)
    {
        _path = schemas is null ? catalog.SearchPath
            : schemas.Contains(null) ? []
            : [.. schemas.OfType<string>().Where(schema => schema is not ("$user" or Temporary or "pg_catalog" or ""))];
        if (_path.Count == 0)
            _unknownPaths++;
    }

    private static string? Constant(TreeNode node) => node.Type == "A_Const" && node.Field("sval") is { } text ? text.Text("sval") : null;
}

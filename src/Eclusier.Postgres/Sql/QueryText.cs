namespace Eclusier.Postgres.Sql;

/// <summary>
/// Whether a runbook's text is one query that only reads, by PostgreSQL's own parser: a read-only transaction does not keep COPY from running a program, nor
/// PREPARE TRANSACTION from leaving one behind. What functions do that a query calls, the read-only transaction decides.
/// </summary>
public static class QueryText
{
    private static readonly string[] Beginnings = ["select", "with", "values", "table", "("];

    /// <returns>Null when it is one.</returns>
    /// <exception cref="EclusierException">The parser's library is not installed.</exception>
    public static Text? Problem(string sql)
    {
        var outcome = LibPgQuery.Parse(sql);
        if (outcome.Json is not { } json)
            return Unparsed(sql, outcome.Error ?? "");
        var root = new TreeNode("", TreeJson.Read(json));
        var count = root.Has("stmts") ? root.Fields.GetProperty("stmts").GetArrayLength() : 0;
        return count switch
        {
            0 => new Text("is empty; write one SELECT", "est vide ; écrivez un SELECT"),
            1 => Problem(StatementClassifier.Tree(outcome)),
            _ => new Text($"holds {count} statements; write one SELECT", $"contient {count} instructions ; écrivez un seul SELECT"),
        };
    }

    private static Text? Problem(TreeNode? tree)
    {
        if (tree is { Type: "VariableShowStmt" })
            return null;
        if (tree is not { Type: "SelectStmt" })
            return NoQuery(tree is null ? "?" : StatementKind.Of(tree).Replace('-', ' ').ToUpperInvariant());
        if (tree.Descendants("intoClause").Any())
            return new Text("makes a table (SELECT … INTO); leave INTO out", "crée une table (SELECT … INTO) ; retirez INTO");
        if (tree.Descendants("LockingClause").Any())
            return new Text("locks rows (FOR UPDATE or FOR SHARE); leave that out", "verrouille des lignes (FOR UPDATE ou FOR SHARE) ; retirez-le");
        if (tree.Descendants("ParamRef").Any())
            return new Text("has a parameter ($1), and nobody gives it a value; write the value", "a un paramètre ($1), auquel personne ne donne de valeur ; écrivez la valeur");
        string[] changes = ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"];
        return changes.FirstOrDefault(type => tree.Descendants(type).Any()) is { } change ? NoQuery($"WITH … {change[..^4].ToUpperInvariant()}") : null;
    }

    private static Text NoQuery(string statement) => new(
        $"is no query, but {statement}; what is asked here must only read: write one SELECT", $"n'est pas une requête, mais {statement} ; ce qui est demandé ici ne fait que lire : écrivez un SELECT");

    /// <summary>A mistake; or a query in the words of a server that is newer than the parser: that one answers for itself.</summary>
    private static Text? Unparsed(string sql, string error)
    {
        try
        {
            if (ScriptSplitter.Split(sql) is [var only] && Array.Exists(Beginnings, word => only.Sql.StartsWith(word, StringComparison.OrdinalIgnoreCase)))
                return null;
        }
        catch (EclusierException)
        {
            // It does not even split: the parser's own words say why.
        }

        var reason = Secrets.Redact(error);
        return new Text($"cannot be read as SQL: {reason}", $"ne se lit pas comme du SQL : {reason}");
    }
}

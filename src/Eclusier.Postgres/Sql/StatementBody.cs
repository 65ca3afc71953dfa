namespace Eclusier.Postgres.Sql;

/// <summary>The statements inside a DO block or a function.</summary>
/// <param name="Name">The function's name; null for a DO block.</param>
/// <param name="Statements">Each with its line in the file.</param>
/// <param name="Complete">False when some of it is built as text at run time, or is in a language that is not read here.</param>
public sealed record StatementBody(string? Name, IReadOnlyList<StatementNode> Statements, bool Complete)
{
    /// <returns>Null when the statement has no body.</returns>
    public static StatementBody? Of(StatementNode node) => node.Tree switch
    {
        { Type: "DoStmt" } block => Read(node, name: null, block.Items("args"), otherwise: "plpgsql"),
        { Type: "CreateFunctionStmt" } function => Read(node, TableName.Of(function.Items("funcname")).ToString(), function.Items("options"), otherwise: "sql"),
        _ => null,
    };

    private static StatementBody Read(StatementNode node, string? name, IEnumerable<TreeNode> options, string otherwise)
    {
        var all = options.ToArray();
        var language = all.Where(option => option.Text("defname") == "language").Select(option => option.Child("arg")?.Text("sval")).FirstOrDefault() ?? otherwise;
        var body = all.Where(option => option.Text("defname") == "as").Select(Text).FirstOrDefault();
        return language.ToLowerInvariant() switch
        {
            "plpgsql" => Procedural(node, name, body),
            "sql" when body is not null => Plain(node, name, body),
            _ => new StatementBody(name, [], Complete: language is "sql"),
        };
    }

    /// <summary>DO writes its text as a string, a function as a list of one.</summary>
    private static string? Text(TreeNode option) => option.Child("arg") switch
    {
        { Type: "List" } list => list.Items("items").Select(item => item.Text("sval")).FirstOrDefault(),
        { } text => text.Text("sval"),
        null => null,
    };

    private static StatementBody Plain(StatementNode node, string? name, string body)
    {
        var first = FirstLine(node, body);
        try
        {
            var statements = ScriptSplitter.Split(body).Select(statement => statement with { Line = first + statement.Line - 1, Column = 1, IncludedFrom = node.Statement.IncludedFrom }).ToArray();
            return new StatementBody(name, StatementClassifier.Classify(statements), Complete: true);
        }
        catch (EclusierException)
        {
            return new StatementBody(name, [], Complete: false);
        }
    }

    private static StatementBody Procedural(StatementNode node, string? name, string? body)
    {
        if (LibPgQuery.ParseBody(node.Statement.Sql).Root() is not { } root)
            return new StatementBody(name, [], Complete: false);
        var first = FirstLine(node, body ?? "");
        var fixedTexts = root.Descendants("PLpgSQL_stmt_execsql").Select(found => (Node: found, Query: Query(found, "sqlstmt")));
        var built = root.Descendants("PLpgSQL_stmt_dynexecute").Select(found => (Node: found, Query: Constant(Query(found, "query")))).ToArray();
        // PERFORM is a SELECT that drops its rows.
        var performed = root.Descendants("PLpgSQL_stmt_perform").Select(found => (Node: found, Query: Query(found, "expr")?.Trim()));
        var statements = fixedTexts.Concat(built).Concat(performed)
            .Where(found => found.Query is not null)
            .Select(found => new ScriptStatement(found.Query!, first + Line(found.Node) - 1, 1, 0, IncludedFrom: node.Statement.IncludedFrom))
            .OrderBy(statement => statement.Line)
            .ToArray();
        return new StatementBody(name, StatementClassifier.Classify(statements), built.All(found => found.Query is not null));
    }

    private static string? Query(TreeNode statement, string field) => statement.Child(field)?.Text("query");

    private static int Line(TreeNode statement) => statement.Has("lineno") ? statement.Fields.GetProperty("lineno").GetInt32() : 1;

    /// <summary>EXECUTE 'a plain text' is as good as the statement itself; anything joined or formatted is not.</summary>
    private static string? Constant(string? expression)
    {
        if (expression is null || StatementClassifier.Tree(LibPgQuery.Parse($"select {expression}")) is not { } tree)
            return null;
        var values = tree.Descendants("ResTarget").Take(2).ToArray();
        return values is [var value] && value.Child("val") is { Type: "A_Const" } constant ? constant.Field("sval")?.Text("sval") : null;
    }

    /// <summary>The line of the file on which the body begins.</summary>
    private static int FirstLine(StatementNode node, string body)
    {
        var start = body.Length == 0 ? -1 : node.Statement.Sql.IndexOf(body, StringComparison.Ordinal);
        return node.Statement.Line + (start < 0 ? 0 : node.Statement.Sql.AsSpan(0, start).Count('\n'));
    }
}

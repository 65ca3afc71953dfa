using Eclusier.Planning;

namespace Eclusier.Postgres.Sql;

/// <summary>Finds the place in an UPDATE, DELETE or INSERT … SELECT where the range of a batch belongs, and refuses what would mean something else when cut into pieces.</summary>
internal static class BatchedStatement
{
    /// <summary>What can stand behind FROM and WHERE at the statement's own level; all of them are reserved words.</summary>
    private static readonly HashSet<string> EndOfCondition = new(StringComparer.OrdinalIgnoreCase)
    {
        "group", "having", "window", "order", "limit", "offset", "fetch", "for", "returning",
    };

    private static readonly HashSet<string> Aggregates = new(StringComparer.Ordinal)
    {
        "count", "sum", "avg", "min", "max", "array_agg", "string_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "bool_and", "bool_or", "every",
    };

    /// <returns>The statement with its batching; unchanged when it is none that can be cut (DDL, SET, a list of values).</returns>
    /// <exception cref="InvalidInputException">It cannot be cut by this table and key, and why.</exception>
    public static StatementNode Cut(StatementNode node, BatchDirective directive)
    {
        if (node.Tree is not { Type: "UpdateStmt" or "DeleteStmt" or "InsertStmt" } tree || (tree.Type == "InsertStmt" && tree.Child("selectStmt")?.Has("fromClause") != true))
            return node;
        var name = NameIn(tree, directive) ?? throw Refused(directive,
            new Text($"the statement at line {node.Statement.Line} does not read {directive.Table} exactly once, outside the optional side of a join", $"l'instruction de la ligne {node.Statement.Line} ne lit pas {directive.Table} exactement une fois, hors du côté facultatif d'une jointure"));
        if (Reason(tree, directive) is { } reason)
            throw Refused(directive, reason);
        var (head, tail) = Around(node.Statement.Sql);
        var batch = new Batching(directive.Table.Quoted, directive.Key, directive.Size)
        {
            QualifiedKey = $"{Identifier.Quote(name)}.{Identifier.Quote(directive.Key)}",
            Head = head,
            Tail = tail,
        };
        return node with { Statement = node.Statement with { Batch = batch, Transactional = false } };
    }

    /// <summary>The name or alias by which the statement calls the table; null when there is none, or more than one.</summary>
    private static string? NameIn(TreeNode tree, BatchDirective directive)
    {
        var sources = tree.Type switch
        {
            "InsertStmt" => tree.Child("selectStmt")!.Items("fromClause"),
            "DeleteStmt" => tree.Items("usingClause").Append(new TreeNode("RangeVar", tree.Field("relation")!.Fields)),
            _ => tree.Items("fromClause").Append(new TreeNode("RangeVar", tree.Field("relation")!.Fields)),
        };
        var found = sources.SelectMany(source => Required(source)).Where(range => TableName.Of(range).Matches(directive.Table)).ToList();
        return found is [var only] ? only.Field("alias")?.Text("aliasname") ?? only.Text("relname") : null;
    }

    /// <summary>The tables without a row of which the statement does nothing: not those on the optional side of an outer join.</summary>
    private static IEnumerable<TreeNode> Required(TreeNode source) => source switch
    {
        { Type: "RangeVar" } => [source],
        { Type: "JoinExpr" } => (source.Text("jointype") switch
        {
            "JOIN_INNER" => new[] { source.Child("larg"), source.Child("rarg") },
            "JOIN_LEFT" => [source.Child("larg")],
            "JOIN_RIGHT" => [source.Child("rarg")],
            _ => [],
        }).OfType<TreeNode>().SelectMany(Required),
        _ => [],
    };

    /// <summary>Why pieces of it would not be the whole; null when they are.</summary>
    private static Text? Reason(TreeNode tree, BatchDirective directive)
    {
        if (tree.Child("whereClause")?.Type == "CurrentOfExpr")
            return new Text("WHERE CURRENT OF names one row already", "WHERE CURRENT OF désigne déjà une ligne");
        if (tree.Type == "UpdateStmt" && (tree.Table() ?? default).Matches(directive.Table) && tree.Items("targetList").Any(target => target.Text("name") == directive.Key))
            return new Text($"the statement changes {directive.Key}, by which it is to be cut", $"l'instruction modifie {directive.Key}, par laquelle elle doit être découpée");
        if (tree.Type != "InsertStmt" || tree.Child("selectStmt") is not { } select)
            return null;
        if (select.Text("op") is not ("SETOP_NONE" or ""))
            return new Text("UNION, INTERSECT and EXCEPT look at all rows", "UNION, INTERSECT et EXCEPT regardent toutes les lignes");
        if (new[] { "groupClause", "distinctClause", "havingClause", "windowClause", "limitCount", "limitOffset" }.Any(select.Has) || Aggregate(select))
            return new Text("GROUP BY, DISTINCT, LIMIT, aggregates and windows look at all rows", "GROUP BY, DISTINCT, LIMIT, les agrégats et les fenêtres regardent toutes les lignes");
        return null;
    }

    private static bool Aggregate(TreeNode select)
    {
        var columns = select.Items("targetList").ToList();
        return !columns.Any(column => column.Descendants("SubLink").Any())
            && columns.SelectMany(column => column.Descendants("FuncCall")).Any(call =>
                call.Has("over") || call.Flag("agg_star") || call.Flag("agg_distinct") || call.Has("agg_filter") || call.Has("agg_order") || Aggregates.Contains(TableName.Of(call.Items("funcname")).Name));
    }

    /// <summary>The text before and after the range: <c>… where RANGE and (condition) …</c>.</summary>
    private static (string Head, string Tail) Around(string sql)
    {
        var lexer = new SqlLexer(sql, file: null);
        var (depth, before, where, end) = (0, "", -1, -1);
        var previous = default(Token);
        while (end < 0 && lexer.Next(out var token))
        {
            if (token.Kind == TokenKind.Comment)
                continue;
            var word = token.Kind == TokenKind.Word && depth == 0 ? lexer.Span(token).ToString() : "";
            if (token.Kind == TokenKind.Symbol)
                depth += lexer.Span(token) is "(" or "[" ? 1 : lexer.Span(token) is ")" or "]" ? -1 : 0;
            if (where < 0 && word.Equals("where", StringComparison.OrdinalIgnoreCase))
                where = token.End;
            else if (EndOfCondition.Contains(word) && !before.Equals("as", StringComparison.OrdinalIgnoreCase))
                end = token.Start;
            else if (word.Equals("conflict", StringComparison.OrdinalIgnoreCase) && before.Equals("on", StringComparison.OrdinalIgnoreCase))
                end = previous.Start;
            (before, previous) = (word, token);
        }

        end = end < 0 ? sql.Length : end;
        // The line break ends a comment behind the condition.
        return where < 0
            ? ($"{sql[..end]}\nwhere ", $" {sql[end..]}")
            : ($"{sql[..where]} ", $" and ({sql[where..end]}\n) {sql[end..]}");
    }

    private static EclusierException Refused(BatchDirective directive, Text reason) => new InvalidInputException(
        new Text($"The migration cannot run in batches of {directive.Table}: {reason.En}.", $"La migration ne peut pas s'exécuter par lots de {directive.Table} : {reason.Fr}."),
        directive.Where,
        new Text("Change the directive or the statement; each row must be written by itself, whatever the others are.", "Modifiez la directive ou l'instruction ; chaque ligne doit s'écrire seule, quelles que soient les autres."));
}

using Eclusier.Planning;

namespace Eclusier.Postgres.Sql;

/// <summary>A statement with its parse tree.</summary>
/// <param name="Tree">Null when the parser does not know the statement: newer syntax than its own, or a mistake.</param>
public sealed record StatementNode(Statement Statement, TreeNode? Tree)
{
    public string Kind => Statement.Kind;
}

/// <summary>Says what statements are, from PostgreSQL's own parse tree.</summary>
public static class StatementClassifier
{
    /// <exception cref="EclusierException">The parser's library is not installed.</exception>
    public static IReadOnlyList<StatementNode> Classify(IReadOnlyList<ScriptStatement> statements)
    {
        var outcomes = LibPgQuery.Parse([.. statements.Select(statement => statement.Sql)]);
        return [.. statements.Zip(outcomes, Classify)];
    }

    public static StatementNode Classify(ScriptStatement statement, ParseOutcome outcome)
    {
        var tree = Tree(outcome);
        return new StatementNode(
            new Statement
            {
                Sql = statement.Sql,
                Input = statement.Input,
                IncludedFrom = statement.IncludedFrom,
                Line = statement.Line,
                Column = statement.Column,
                Kind = tree is { } node ? StatementKind.Of(node) : StatementKind.Unclassified,
                Transactional = tree is not { } known || !TransactionBlocks.Refuse(known),
            },
            tree);
    }

    /// <summary>The tree of a text that is one statement; null when it is not, or the parser does not know it.</summary>
    internal static TreeNode? Tree(ParseOutcome outcome)
    {
        if (outcome.Json is not { } json)
            return null;
        var root = new TreeNode("", TreeJson.Read(json));
        if (!root.Has("stmts"))
            return null;
        var statements = root.Fields.GetProperty("stmts");
        return statements.GetArrayLength() == 1 ? new TreeNode("", statements[0]).Child("stmt") : null;
    }
}

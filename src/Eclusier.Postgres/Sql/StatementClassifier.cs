using Eclusier.Planning;

namespace Eclusier.Postgres.Sql;

/// <summary>A statement with its parse tree.</summary>
/// <param name="Tree">Null when the parser does not know the statement: newer syntax than its own, or a mistake.</param>
public sealed record StatementNode(Statement Statement, TreeNode? Tree)
{
    private IReadOnlyList<TableChange>? _tableChanges;

    /// <summary>The commands of an ALTER TABLE; empty for any other statement.</summary>
    public IReadOnlyList<TableChange> TableChanges => _tableChanges ??= TableChange.Of(Tree);

    public string Kind => Statement.Kind;
}

/// <summary>Says what statements are, from PostgreSQL's own parse tree.</summary>
public static class StatementClassifier
{
    /// <exception cref="EclusierException">The parser's library is not installed.</exception>
    public static IReadOnlyList<StatementNode> Classify(IReadOnlyList<ScriptStatement> statements)
    {
        // Reading the trees takes longer than parsing, so both go over all cores.
        var nodes = new StatementNode[statements.Count];
        LibPgQuery.ParseAll([.. statements.Select(statement => statement.Sql)], (index, outcome) => nodes[index] = Classify(statements[index], outcome));
        // Not on the parser's own threads: a body is parsed there, too.
        for (var index = 0; index < nodes.Length; index++)
        {
            if (nodes[index].Tree?.Type == "DoStmt" && RoutineBody.EndsTransactions(nodes[index].Statement.Sql))
                nodes[index] = nodes[index] with { Statement = nodes[index].Statement with { Transactional = false } };
        }

        return nodes;
    }

    public static StatementNode Classify(ScriptStatement statement, ParseOutcome outcome)
    {
        var tree = Tree(outcome);
        if (tree is not null)
            SqlSecrets.Remember(tree, statement.Sql);
        return new StatementNode(
            new Statement
            {
                Sql = statement.Sql,
                Input = statement.Input,
                IncludedFrom = statement.IncludedFrom,
                Line = statement.Line,
                Column = statement.Column,
                Kind = tree is { } node ? StatementKind.Of(node) : StatementKind.Unclassified,
                Transactional = tree is not { } known || (!TransactionBlocks.Refuse(known) && ScriptTransactions.ControlOf(known) is null or TransactionControl.Savepoint),
                MayBlockWrites = StatementLock.MayBlockWrites(tree),
                Control = ScriptTransactions.ControlOf(tree),
                Unsuitable = UnsuitableStatement.Why(tree),
            },
            tree);
    }

    /// <summary>The tree of a text that is one statement; null when it is not, or the parser does not know it.</summary>
    internal static TreeNode? Tree(ParseOutcome outcome)
    {
        if (outcome.Root() is not { } root || !root.Has("stmts"))
            return null;
        var statements = root.Fields.GetProperty("stmts");
        return statements.GetArrayLength() == 1 ? new TreeNode("", statements[0]).Child("stmt") : null;
    }
}

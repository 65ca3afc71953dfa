using Eclusier.Planning;

namespace Eclusier.Postgres.Sql;

/// <summary>
/// The transactions that a script opens and ends by itself. They run as they are written; what could mean several things, or could not
/// run, is refused with its place.
/// </summary>
internal static class ScriptTransactions
{
    /// <returns>Null for any other statement, and for what is refused anyway (PREPARE TRANSACTION).</returns>
    public static TransactionControl? ControlOf(TreeNode? tree) => tree is not { Type: "TransactionStmt" } ? null : tree.Text("kind") switch
    {
        "TRANS_STMT_BEGIN" or "TRANS_STMT_START" => TransactionControl.Begin,
        "TRANS_STMT_COMMIT" => tree.Flag("chain") ? TransactionControl.CommitAndChain : TransactionControl.Commit,
        "TRANS_STMT_ROLLBACK" => tree.Flag("chain") ? TransactionControl.RollbackAndChain : TransactionControl.Rollback,
        "TRANS_STMT_SAVEPOINT" or "TRANS_STMT_RELEASE" or "TRANS_STMT_ROLLBACK_TO" => TransactionControl.Savepoint,
        _ => null,
    };

    /// <summary>
    /// A script without the BEGIN and COMMIT that say what happens anyway: around the whole of it, or a COMMIT at its very end. What else
    /// controls transactions stays.
    /// </summary>
    public static IReadOnlyList<StatementNode> Unwrap(IReadOnlyList<StatementNode> statements)
    {
        var control = statements.Where(Ends).ToArray();
        return control switch
        {
            [var begin, var commit] when ReferenceEquals(begin, statements[0]) && IsPlainBegin(begin) && IsCommit(commit) && ReferenceEquals(commit, statements[^1]) => [.. statements.Skip(1).SkipLast(1)],
            [var commit] when IsCommit(commit) && ReferenceEquals(commit, statements[^1]) => [.. statements.SkipLast(1)],
            _ => statements,
        };
    }

    /// <param name="separate">Its statements commit one by one, apart from the transactions that it opens.</param>
    /// <returns>The statements, those marked of which nothing stays.</returns>
    /// <exception cref="InvalidInputException">A transaction that is not ended, or what cannot stand in or outside of one.</exception>
    public static IReadOnlyList<StatementNode> Check(IReadOnlyList<StatementNode> statements, string? file, bool separate)
    {
        // One that is refused anyway says so itself.
        if (!statements.Any(node => node.Statement.Control is not null) || statements.Any(node => node.Statement.Unsuitable is not null))
            return statements;
        separate |= statements.Any(node => !node.Statement.Transactional);
        var result = statements.ToArray();
        var savepoints = new Stack<(string Name, int Index)>();
        var begin = -1;
        for (var index = 0; index < result.Length; index++)
        {
            var statement = result[index].Statement;
            switch (statement.Control)
            {
                case TransactionControl.Begin:
                    begin = begin < 0 ? index : begin;
                    break;
                case TransactionControl.Rollback or TransactionControl.RollbackAndChain or TransactionControl.CommitAndChain when begin < 0:
                    throw Refused(statement, file, new Text("there is no transaction that it could end", "il n'y a pas de transaction à terminer"));
                case TransactionControl.Savepoint when begin < 0 && separate:
                    throw Refused(statement, file, new Text("there is no transaction that it could belong to", "il n'y a pas de transaction à laquelle elle pourrait appartenir"));
                case TransactionControl.Savepoint when statement.Kind == "savepoint":
                    savepoints.Push((result[index].Tree!.Text("savepoint_name"), index));
                    break;
                case TransactionControl.Savepoint when statement.Kind == "rollback-to":
                    MarkUndone(result, savepoints.FirstOrDefault(savepoint => savepoint.Name == result[index].Tree!.Text("savepoint_name"), (Name: "", Index: index)).Index, index);
                    break;
                case TransactionControl.Rollback or TransactionControl.RollbackAndChain:
                    MarkUndone(result, begin, index);
                    begin = statement.Control == TransactionControl.Rollback ? -1 : index;
                    break;
                case TransactionControl.Commit:
                    begin = -1;
                    break;
                case TransactionControl.CommitAndChain:
                    begin = index;
                    break;
                case null when begin >= 0 && !statement.Transactional:
                    throw Refused(statement, file, new Text("it cannot run between BEGIN and COMMIT", "elle ne peut pas s'exécuter entre BEGIN et COMMIT"));
            }
        }

        return begin < 0 ? result : throw Refused(result[begin].Statement, file, new Text("no COMMIT ends it", "aucun COMMIT ne la termine"));
    }

    /// <exception cref="InvalidInputException">It controls transactions where that is somebody else's business.</exception>
    public static void RefuseAny(MigrationScript script, string file)
    {
        if (script.Statements.FirstOrDefault(Ends) is { } found)
            throw Refused(found.Statement, file, new Text("a job has no transactions of its own", "une tâche ne gère pas ses transactions"));
    }

    private static void MarkUndone(StatementNode[] statements, int from, int until)
    {
        for (var index = from; index < until; index++)
            statements[index] = statements[index] with { Statement = statements[index].Statement with { RolledBack = true } };
    }

    private static bool Ends(StatementNode node) => node.Statement.Control is not (null or TransactionControl.Savepoint);

    private static bool IsPlainBegin(StatementNode node) => node.Statement.Control == TransactionControl.Begin && !node.Tree!.Has("options");

    private static bool IsCommit(StatementNode node) => node.Statement.Control == TransactionControl.Commit;

    private static EclusierException Refused(Statement statement, string? file, Text why)
    {
        var command = statement.Kind.Replace('-', ' ').ToUpperInvariant();
        return new InvalidInputException(
            new Text($"{command}: {why.En}.", $"{command} : {why.Fr}."),
            $"{statement.IncludedFrom ?? file}:{statement.Line}:{statement.Column}",
            new Text("Correct the file's BEGIN and COMMIT, or take them out: without them a migration is one transaction.", "Corrigez les BEGIN et COMMIT du fichier, ou retirez-les : sans eux, une migration est une seule transaction."));
    }
}

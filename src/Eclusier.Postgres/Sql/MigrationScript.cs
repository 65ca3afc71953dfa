using Eclusier.Planning;

namespace Eclusier.Postgres.Sql;

/// <summary>A migration's text as understood: its statements, without the transaction that wraps the whole, and its directives.</summary>
public sealed record MigrationScript(IReadOnlyList<StatementNode> Statements, Directives Directives)
{
    /// <summary>The file itself puts BEGIN and COMMIT around its statements.</summary>
    public bool Wrapped { get; init; }

    /// <summary>True when its statements can be one transaction, and should.</summary>
    public bool Transactional => !Directives.NoTransaction && Statements.All(node => node.Statement.Transactional);

    /// <param name="text">The file's text.</param>
    /// <param name="file">Its name in errors.</param>
    /// <exception cref="InvalidInputException">It does not split, opens a transaction and does not end it, or holds an unknown directive.</exception>
    public static MigrationScript Read(string text, string file) => Read(new ScriptSource(text, file));

    /// <exception cref="EclusierException">As above.</exception>
    /// <param name="noTransaction">The layout says so, if not the file.</param>
    public static MigrationScript Read(ScriptSource source, bool noTransaction = false)
    {
        var directives = Directives.Read(source.Text, source.File);
        if (noTransaction)
            directives = directives with { NoTransaction = true };
        foreach (var included in source.All().Skip(1))
            Directives.RefuseIn(included);
        var written = Written(source, directives);
        var statements = directives.NoTransaction ? written : ScriptTransactions.Unwrap(written);
        var script = RoutineBody.CallsApart(new MigrationScript(Cut(statements, directives), directives), []);
        return script with { Statements = ScriptTransactions.Check(script.Statements, source.File, directives.NoTransaction), Wrapped = statements.Count < written.Count };
    }

    /// <summary>The transactions that the script opens by itself, each as a script, and what stands between them. For who asks what one of them holds.</summary>
    internal IReadOnlyList<MigrationScript> Transactions()
    {
        if (!Statements.Any(node => node.Statement.Control is not (null or TransactionControl.Savepoint)))
            return [this];
        var (parts, open, inBlock) = (new List<MigrationScript>(), new List<StatementNode>(), false);
        foreach (var node in Statements)
        {
            if (node.Statement.Control is null)
                open.Add(node);
            if (node.Statement.Control is null or TransactionControl.Savepoint || (inBlock && node.Statement.Control == TransactionControl.Begin))
                continue;
            End();
            inBlock = node.Statement.Control is not (TransactionControl.Commit or TransactionControl.Rollback);
        }

        End();
        return parts;

        void End()
        {
            if (open.Count > 0)
                parts.Add(new MigrationScript([.. open], Directives with { NoTransaction = !inBlock }) { Wrapped = inBlock });
            open.Clear();
        }
    }

    private static IReadOnlyList<StatementNode> Written(ScriptSource source, Directives directives)
    {
        var forward = directives.RollbackOffset is { } end ? source with { Text = source.Text[..end] } : source;
        return PartitionedBlocks.Replace(StatementClassifier.Classify(ScriptSplitter.Split(forward)), directives.Partitions);
    }

    private static IReadOnlyList<StatementNode> Cut(IReadOnlyList<StatementNode> statements, Directives directives)
    {
        if (directives.Batches.Count == 0)
            return statements;
        var cut = statements.Select(node => directives.Batches.LastOrDefault(batch => batch.Line <= node.Statement.Line && node.Statement.IncludedFrom is null) is { } batch ? BatchedStatement.Cut(node, batch) : node).ToArray();
        foreach (var (batch, next) in directives.Batches.Zip(directives.Batches.Skip(1).Select(next => next.Line).Append(int.MaxValue)))
        {
            if (!cut.Any(node => node.Statement.Batch is not null && node.Statement.Line >= batch.Line && node.Statement.Line < next))
            {
                throw new InvalidInputException(
                    new Text("A batch directive stands above no UPDATE, DELETE or INSERT … SELECT.", "Une directive batch ne précède aucun UPDATE, DELETE ou INSERT … SELECT."),
                    batch.Where,
                    new Text("Put it above the statement that is to run in batches.", "Placez-la au-dessus de l'instruction à exécuter par lots."));
            }
        }

        return cut;
    }
}

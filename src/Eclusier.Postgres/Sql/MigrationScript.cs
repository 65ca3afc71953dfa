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
    /// <exception cref="EclusierException">It does not split, controls transactions itself, or holds an unknown directive (<see cref="ExitCode.Usage"/>).</exception>
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
        var statements = directives.NoTransaction ? written : Unwrap(written);
        var control = statements.FirstOrDefault(IsTransactionControl);
        if (control is not null)
            throw TransactionControl(control, source.File);
        return new MigrationScript(Cut(statements, directives), directives) { Wrapped = statements.Count < written.Count };
    }

    /// <summary>As psql would run it: each BEGIN … COMMIT is a transaction of its own, and so is each statement outside. For those who only look.</summary>
    /// <returns>The parts in their order, and the statement for which <see cref="Read(ScriptSource, bool)"/> refuses the file; null when it does not.</returns>
    /// <exception cref="EclusierException">As above, but for what controls transactions.</exception>
    public static (IReadOnlyList<MigrationScript> Parts, StatementNode? Control) ReadTransactions(ScriptSource source)
    {
        var directives = Directives.Read(source.Text, source.File);
        var written = Written(source, directives);
        if (!(directives.NoTransaction ? written : Unwrap(written)).Any(IsTransactionControl))
            return ([Read(source)], null);
        foreach (var included in source.All().Skip(1))
            Directives.RefuseIn(included);
        var (parts, open, inBlock) = (new List<MigrationScript>(), new List<StatementNode>(), false);
        foreach (var node in Cut(written, directives))
        {
            if (!IsTransactionControl(node) || node.Kind is "savepoint" or "release" or "rollback-to")
            {
                open.Add(node);
                continue;
            }

            End();
            inBlock = node.Kind == "begin" || node.Tree!.Flag("chain");
        }

        End();
        return (parts, written.First(IsTransactionControl));

        void End()
        {
            if (open.Count > 0)
                parts.Add(new MigrationScript([.. open.Where(node => !IsTransactionControl(node))], directives with { NoTransaction = !inBlock }) { Wrapped = inBlock });
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
                throw new EclusierException(
                    new Text("A batch directive stands above no UPDATE, DELETE or INSERT … SELECT.", "Une directive batch ne précède aucun UPDATE, DELETE ou INSERT … SELECT."),
                    batch.Where,
                    new Text("Put it above the statement that is to run in batches.", "Placez-la au-dessus de l'instruction à exécuter par lots."),
                    ExitCode.Usage);
            }
        }

        return cut;
    }

    /// <summary>BEGIN; … COMMIT; around the whole file says what happens anyway: the migration is one transaction.</summary>
    private static IReadOnlyList<StatementNode> Unwrap(IReadOnlyList<StatementNode> statements) =>
        statements.Count >= 2 && IsPlain(statements[0], "begin") && IsPlain(statements[^1], "commit")
            ? [.. statements.Skip(1).SkipLast(1)]
            : statements;

    private static bool IsPlain(StatementNode node, string kind) =>
        IsTransactionControl(node) && node.Kind == kind && !node.Tree!.Has("options") && !node.Tree.Has("chain");

    private static bool IsTransactionControl(StatementNode node) => node.Tree?.Type == "TransactionStmt";

    private static EclusierException TransactionControl(StatementNode node, string? file)
    {
        var command = node.Kind.Replace('-', ' ').ToUpperInvariant();
        return new EclusierException(
            new Text(
                $"{command}: transaction control inside a migration; the tool commits each migration with its tracking row.",
                $"{command} : une migration ne gère pas ses transactions ; l'outil valide chaque migration avec sa ligne de suivi."),
            $"{node.Statement.IncludedFrom ?? file}:{node.Statement.Line}:{node.Statement.Column}",
            new Text(
                "Remove it, split the file, or wrap the whole file in one plain BEGIN; … COMMIT;.",
                "Retirez-la, découpez le fichier, ou entourez le fichier entier d'un simple BEGIN; … COMMIT;."),
            ExitCode.Usage);
    }
}

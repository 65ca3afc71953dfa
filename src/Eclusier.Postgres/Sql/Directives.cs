using System.Text.RegularExpressions;

namespace Eclusier.Postgres.Sql;

/// <summary>What a file's comments tell Eclusier: <c>-- eclusier: …</c>.</summary>
public sealed partial record Directives
{
    public static Directives None { get; } = new();

    /// <summary><c>no-transaction</c>: each statement commits by itself.</summary>
    public bool NoTransaction { get; init; }

    /// <summary><c>allow RULE -- reason</c>: rule -> reason.</summary>
    public IReadOnlyDictionary<string, string> Allow { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The place (line, column) of each rule's <c>allow</c>.</summary>
    public IReadOnlyDictionary<string, (int Line, int Column)> AllowedAt { get; init; } = new Dictionary<string, (int, int)>(StringComparer.Ordinal);

    /// <summary><c>batch table=… key=… size=…</c>, in the order of the file; each holds for the statements below it, up to the next one.</summary>
    public IReadOnlyList<BatchDirective> Batches { get; init; } = [];

    /// <summary><c>partition TABLE</c> and <c>unpartition TABLE</c>, with the lines that they replace.</summary>
    public IReadOnlyList<PartitionDirective> Partitions { get; init; } = [];

    /// <summary><c>rollback</c>: where the part that undoes the file begins (offset in characters); null when there is none.</summary>
    public int? RollbackOffset { get; init; }

    /// <exception cref="InvalidInputException">An unknown directive, or a rule allowed without a reason.</exception>
    public static Directives Read(string script, string? file = null)
    {
        if (!script.Contains("eclusier:", StringComparison.Ordinal))
            return None;
        var directives = None;
        var allow = new Dictionary<string, string>(StringComparer.Ordinal);
        var places = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        var lexer = new SqlLexer(script, file);
        while (directives.RollbackOffset is null && lexer.Next(out var token))
        {
            var directive = token.Kind == TokenKind.Comment ? Directive().Match(lexer.Span(token).ToString()) : Match.Empty;
            if (!directive.Success)
                continue;
            var text = directive.Groups["text"].Value;
            var line = lexer.Locate(token.Start).Line;
            if (text == "no-transaction")
                directives = directives with { NoTransaction = true };
            else if (text == "rollback")
                directives = directives with { RollbackOffset = token.Start };
            else if (BatchDirective.Read(text, line, lexer.Where(token.Start)) is { } batch)
                directives = directives with { Batches = [.. directives.Batches, batch] };
            else if (PartitionDirective.Begin(text, line, lexer.Where(token.Start)) is { } partition)
                directives = directives with { Partitions = [.. directives.Partitions, partition] };
            else if (PartitionDirective.IsEnd(text))
                directives = directives with { Partitions = Ended(directives.Partitions, line, lexer.Where(token.Start)) };
            else
                places[ReadAllow(text, allow, lexer, token)] = (line, lexer.Locate(token.Start).Column);
        }

        if (directives.Partitions.FirstOrDefault(partition => partition.Until == int.MaxValue) is { } open)
            throw PartitionDirective.NotClosed(open.Where);
        return directives with { Allow = allow, AllowedAt = places };
    }

    /// <summary>What a directive says, it says of a whole migration: it would be missed, or misunderstood, in a file that one includes.</summary>
    /// <exception cref="InvalidInputException">The included file has one.</exception>
    internal static void RefuseIn(ScriptSource included)
    {
        if (!included.Text.Contains("eclusier:", StringComparison.Ordinal))
            return;
        var lexer = new SqlLexer(included.Text, included.File);
        while (lexer.Next(out var token))
        {
            if (token.Kind == TokenKind.Comment && Directive().IsMatch(lexer.Span(token)))
            {
                throw new InvalidInputException(
                    new Text("A directive stands in an included file.", "Une directive se trouve dans un fichier inclus."),
                    lexer.Where(token.Start),
                    new Text("Move it to the migration that includes the file.", "Déplacez-la dans la migration qui inclut le fichier."));
            }
        }
    }

    private static IReadOnlyList<PartitionDirective> Ended(IReadOnlyList<PartitionDirective> partitions, int line, string where) =>
        partitions is [.., { Until: int.MaxValue } open] && partitions.Count(partition => partition.Until == int.MaxValue) == 1
            ? [.. partitions.SkipLast(1), open with { Until = line }]
            : throw PartitionDirective.NotClosed(where);

    /// <returns>The rule.</returns>
    private static string ReadAllow(string text, Dictionary<string, string> allow, SqlLexer lexer, Token token)
    {
        var words = AllowDirective().Match(text);
        if (!words.Success)
        {
            throw new InvalidInputException(
                text.StartsWith("allow", StringComparison.Ordinal)
                    ? new Text($"A hazard is allowed without a reason: \"{text}\".", $"Un danger est autorisé sans raison : « {text} ».")
                    : new Text($"Unknown directive \"{text}\".", $"Directive inconnue « {text} »."),
                lexer.Where(token.Start),
                new Text("Known: \"no-transaction\", \"allow RULE -- reason\", \"batch table=… key=… size=…\", \"partition TABLE\", \"rollback\".", "Connues : « no-transaction », « allow RÈGLE -- raison », « batch table=… key=… size=… », « partition TABLE », « rollback »."));
        }
        var rule = words.Groups["rule"].Value;
        allow[rule] = words.Groups["reason"].Value;
        return rule;
    }

    [GeneratedRegex(@"^--\s*eclusier:\s*(?<text>.*?)\s*$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Directive();

    [GeneratedRegex(@"^allow\s+(?<rule>[a-z-]*[a-z])\s+--\s*(?<reason>\S.*)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex AllowDirective();
}

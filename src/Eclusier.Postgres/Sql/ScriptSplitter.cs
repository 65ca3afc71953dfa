namespace Eclusier.Postgres.Sql;

/// <summary>One statement of a script.</summary>
/// <param name="Sql">From its first token to its last: without the final semicolon and the comments around it.</param>
/// <param name="Line">1-based line of its first token.</param>
/// <param name="Column">1-based column of its first token.</param>
/// <param name="Offset">Offset of its first token in its file, in characters.</param>
/// <param name="Input">What COPY … FROM stdin reads: the lines after it, up to <c>\.</c>; null for any other statement.</param>
/// <param name="IncludedFrom">The file that it stands in, when <c>\i</c> or <c>\ir</c> put it here; null when that is the script itself.</param>
public sealed record ScriptStatement(string Sql, int Line, int Column, int Offset, string? Input = null, string? IncludedFrom = null);

/// <summary>Splits a script into statements, as psql does (see <c>psqlscan.l</c>).</summary>
public static class ScriptSplitter
{
    /// <param name="script">The script's text.</param>
    /// <param name="file">Its name in errors.</param>
    /// <exception cref="InvalidInputException">Something never ends, or the script needs psql itself.</exception>
    public static IReadOnlyList<ScriptStatement> Split(string script, string? file = null) => Split(new ScriptSource(script, file));

    /// <exception cref="EclusierException">As above, or a file is included that was not read.</exception>
    public static IReadOnlyList<ScriptStatement> Split(ScriptSource script)
    {
        var statements = new List<ScriptStatement>();
        Read(script, statements.Add, command =>
        {
            if (command.Includes)
                statements.AddRange(Split(script.Included[command.Offset]).Select(statement => statement with { IncludedFrom = statement.IncludedFrom ?? script.Included[command.Offset].File }));
        });
        return statements;
    }

    /// <summary>All of a script's text between the semicolons that end statements, with its comments; nothing where there is only white space.</summary>
    public static IReadOnlyList<string> Pieces(string script)
    {
        var pieces = new List<string>();
        var (lexer, open, start) = (new SqlLexer(script, file: null), new OpenStatement(), 0);
        while (lexer.Next(out var token))
        {
            if (token.Kind == TokenKind.Comment)
                continue;
            if (token.Kind != TokenKind.Symbol || script[token.Start] != ';' || !open.CanEnd)
            {
                open.Add(token, lexer);
                continue;
            }

            pieces.Add(script[start..token.Start].Trim());
            (open, start) = (new OpenStatement(), token.End);
        }

        return [.. pieces.Append(script[start..].Trim()).Where(piece => piece.Length > 0)];
    }

    /// <summary>The <c>\i</c> and <c>\ir</c> of one file.</summary>
    internal static IReadOnlyList<PsqlCommand> Includes(string script, string? file)
    {
        var includes = new List<PsqlCommand>();
        Read(new ScriptSource(script, file), _ => { }, command =>
        {
            if (command.Includes)
                includes.Add(command);
        });
        return includes;
    }

    private static void Read(ScriptSource source, Action<ScriptStatement> onStatement, Action<PsqlCommand> onCommand)
    {
        var script = source.ForSplitting;
        var lexer = new SqlLexer(script, source.File);
        var open = new OpenStatement();
        while (lexer.Next(out var token))
        {
            if (token.Kind == TokenKind.Comment)
                continue;
            if (token.Kind == TokenKind.Symbol && script[token.Start] == '\\')
            {
                var command = PsqlCommand.Read(lexer.TakeLine(token), token.Start, lexer.Where(token.Start));
                onCommand(open.IsEmpty ? command : throw command.InsideStatement());
                continue;
            }
            if (token.Kind == TokenKind.Symbol && script[token.Start] == ';' && open.CanEnd)
            {
                Close(open.ReadsStandardInput ? lexer.TakeCopyData() ?? throw CopyWithoutData(open, source) : null);
                continue;
            }
            open.Add(token, lexer);
        }
        if (open.ReadsStandardInput)
            throw CopyWithoutData(open, source);
        Close(input: null);

        void Close(string? input)
        {
            if (!open.IsEmpty)
            {
                var start = open.Start;
                onStatement(new ScriptStatement(script[start.Offset..open.End], start.Line, start.Column, start.Offset, input));
            }
            open = new OpenStatement();
        }
    }

    private static EclusierException CopyWithoutData(OpenStatement open, ScriptSource source) => new InvalidInputException(
        new Text("COPY … FROM stdin finds no data, or no end of it.", "COPY … FROM stdin ne trouve pas de données, ou pas leur fin."),
        source.Where(open.Start),
        new Text("End it with a semicolon, put the data on the lines below, and a line with \\. alone behind them.", "Terminez-la par un point-virgule, placez les données sur les lignes suivantes, puis une ligne \\. seule."));

    /// <summary>The statement being read: psql's paren_depth, begin_depth and identifiers.</summary>
    private sealed class OpenStatement
    {
        private readonly List<string> _firstWords = new(4);
        private int _parentheses;
        private int _blocks;
        private string _before = "";
        private string _first = "";

        public bool IsEmpty => End == 0;

        public SourcePosition Start { get; private set; }

        public int End { get; private set; }

        /// <summary>Inside parentheses (CREATE RULE … DO (a; b)) and BEGIN ATOMIC … END, a semicolon ends nothing.</summary>
        public bool CanEnd => _parentheses == 0 && _blocks == 0;

        public bool ReadsStandardInput { get; private set; }

        public void Add(Token token, SqlLexer lexer)
        {
            if (IsEmpty)
                Start = lexer.Locate(token.Start);
            End = token.End;
            var span = lexer.Span(token);
            if (token.Kind == TokenKind.Symbol)
                _parentheses = Math.Max(0, _parentheses + (span[0] == '(' ? 1 : span[0] == ')' ? -1 : 0));
            _before = token.Kind == TokenKind.Word ? AddWord(Keyword(span)) : "";
        }

        private string AddWord(string word)
        {
            if (_firstWords.Count < 4)
                _firstWords.Add(word);
            if (_firstWords.Count == 1)
                _first = word;
            if (_parentheses > 0)
                return word;
            ReadsStandardInput |= _first == "copy" && _before == "from" && word == "stdin";
            if (!DefinesRoutine())
                return word;
            // psql counts every BEGIN; the grammar knows only BEGIN ATOMIC, and a function may well be called begin.
            if (word == "atomic" && _before == "begin")
                _blocks++;
            else if (word == "case" && _blocks > 0)
                _blocks++;
            else if (word == "end" && _blocks > 0)
                _blocks--;
            return word;
        }

        private bool DefinesRoutine() =>
            _firstWords is ["create", "function" or "procedure", ..] or ["create", "or", "replace", "function" or "procedure"];

        /// <summary>The words that matter here, without a string for each of the others.</summary>
        private static string Keyword(ReadOnlySpan<char> word)
        {
            if (word.Length is < 2 or > 9)
                return "?";
            foreach (var keyword in Keywords)
            {
                if (word.Equals(keyword, StringComparison.OrdinalIgnoreCase))
                    return keyword;
            }
            return "?";
        }

        private static readonly string[] Keywords =
            ["create", "or", "replace", "function", "procedure", "begin", "atomic", "case", "end", "copy", "from", "stdin"];
    }
}

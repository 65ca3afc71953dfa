namespace Eclusier.Postgres.Sql;

/// <summary>
/// The tokens of one statement, comments left out: words are put into a statement, and parts taken from it, by their place, never by a search in its text, where a
/// string, a comment or a name may look alike.
/// </summary>
internal sealed class StatementTokens
{
    private readonly List<Token> _tokens = [];
    private readonly List<int> _depths = [];

    public StatementTokens(string sql)
    {
        Sql = sql;
        var (lexer, depth) = (new SqlLexer(sql, file: null), 0);
        while (lexer.Next(out var token))
        {
            if (token.Kind == TokenKind.Comment)
                continue;
            var symbol = token.Kind == TokenKind.Symbol ? sql[token.Start] : ' ';
            if (symbol is ')' or ']')
                depth--;
            _tokens.Add(token);
            _depths.Add(depth);
            if (symbol is '(' or '[')
                depth++;
        }
    }

    public string Sql { get; }

    public int Count => _tokens.Count;

    public Token this[int index] => _tokens[index];

    /// <summary>A keyword, in whatever letters it is written.</summary>
    public bool IsWord(int index, string word) =>
        index >= 0 && index < Count && _tokens[index].Kind == TokenKind.Word && Text(index).Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(int index, char symbol) => index >= 0 && index < Count && _tokens[index].Kind == TokenKind.Symbol && Sql[_tokens[index].Start] == symbol;

    public ReadOnlySpan<char> Text(int index) => Sql.AsSpan(_tokens[index].Start, _tokens[index].End - _tokens[index].Start);

    /// <summary>The first such keyword outside parentheses; -1 when there is none.</summary>
    public int Find(int from, params ReadOnlySpan<string> words)
    {
        for (var index = from; index < Count; index++)
        {
            foreach (var word in words)
            {
                if (_depths[index] == 0 && IsWord(index, word))
                    return index;
            }
        }

        return -1;
    }

    /// <summary>The first token that begins at this place or behind it.</summary>
    /// <param name="offset">In UTF-8 bytes, as the parser counts.</param>
    public int At(int offset)
    {
        var place = Characters(offset);
        var index = _tokens.FindIndex(token => token.Start >= place);
        return index < 0 ? Count : index;
    }

    /// <summary>Behind a name that may have a schema: <c>shop."Orders"</c>.</summary>
    public int BehindName(int first)
    {
        var index = first + 1;
        while (IsSymbol(index, '.'))
            index += 2;
        return index;
    }

    /// <summary>The statement with a word behind a token.</summary>
    public string InsertBehind(int index, string word) => $"{Sql[.._tokens[index].End]} {word}{Sql[_tokens[index].End..]}";

    /// <summary>The text from one token up to another, which is left out.</summary>
    public string Range(int from, int to) => from >= to ? "" : Sql[_tokens[from].Start.._tokens[to - 1].End];

    /// <summary>What stands between commas outside parentheses, from a token on.</summary>
    public IReadOnlyList<(int From, int To)> Parts(int from)
    {
        var (parts, start) = (new List<(int, int)>(), from);
        for (var index = from; index < Count; index++)
        {
            if (_depths[index] != 0 || !IsSymbol(index, ','))
                continue;
            parts.Add((start, index));
            start = index + 1;
        }

        return [.. parts, (start, Count)];
    }

    private int Characters(int bytes)
    {
        var (seen, place) = (0, 0);
        foreach (var rune in Sql.EnumerateRunes())
        {
            if (seen >= bytes)
                break;
            seen += rune.Utf8SequenceLength;
            place += rune.Utf16SequenceLength;
        }

        return place;
    }
}

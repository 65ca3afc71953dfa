using System.Buffers;
using System.Runtime.InteropServices;

namespace Eclusier.Postgres.Sql;

internal enum TokenKind
{
    /// <summary>A keyword or an unquoted identifier.</summary>
    Word,
    /// <summary>A string, a quoted identifier, a number or a parameter: nothing in it ends a statement.</summary>
    Literal,
    Comment,
    /// <summary>Any other character.</summary>
    Symbol,
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(TokenKind Kind, int Start, int End);

/// <summary>
/// Cuts a script into tokens by the rules of PostgreSQL's own lexer (<c>src/backend/parser/scan.l</c>), as far as they decide
/// where a statement ends. Runs once over the text, in linear time. <c>standard_conforming_strings</c> is taken to be on.
/// </summary>
internal sealed class SqlLexer(string text, string? file)
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create('\n', '\r');
    private static readonly SearchValues<char> QuoteOrBackslash = SearchValues.Create('\'', '\\');
    private static readonly SearchValues<char> CommentMarks = SearchValues.Create('*', '/');

    private int _position = text.StartsWith('\uFEFF') ? 1 : 0;
    private SourcePosition _located = new(text.StartsWith('\uFEFF') ? 1 : 0, 1, 1);

    /// <summary>False at the end of the script.</summary>
    /// <exception cref="EclusierException">A string, an identifier or a comment that never ends.</exception>
    public bool Next(out Token token)
    {
        while (_position < text.Length && IsSpace(text[_position]))
            _position++;
        if (_position == text.Length)
        {
            token = default;
            return false;
        }
        var start = _position;
        var kind = Read();
        token = new Token(kind, start, _position);
        return true;
    }

    /// <summary>The lines after this one, up to a line with <c>\.</c> alone, which is passed over. Null when the line goes on, or the end is missing.</summary>
    public string? TakeCopyData()
    {
        var newLine = text.IndexOf('\n', _position);
        if (newLine < 0 || !IsBlank(text.AsSpan(_position, newLine - _position)))
            return null;
        for (var start = newLine + 1; start < text.Length;)
        {
            var next = text.IndexOf('\n', start);
            var end = next < 0 ? text.Length : next;
            if (text.AsSpan(start, end - start).TrimEnd('\r') is "\\.")
            {
                _position = end;
                return text[(newLine + 1)..start];
            }

            start = end + 1;
        }

        return null;
    }

    /// <summary>White space and comments that end on the line, as psql lets them stand behind a semicolon.</summary>
    private static bool IsBlank(ReadOnlySpan<char> rest)
    {
        while (true)
        {
            rest = rest.TrimStart();
            if (rest.IsEmpty || rest.StartsWith("--", StringComparison.Ordinal))
                return true;
            if (!rest.StartsWith("/*", StringComparison.Ordinal))
                return false;
            var end = rest[2..].IndexOf("*/", StringComparison.Ordinal);
            if (end < 0)
                return false;
            rest = rest[(end + 4)..];
        }
    }

    /// <summary>The rest of the line that a token begins, which is passed over.</summary>
    public string TakeLine(Token token)
    {
        var length = text.AsSpan(token.Start).IndexOfAny(LineEnds);
        _position = length < 0 ? text.Length : token.Start + length;
        return text[token.Start.._position];
    }

    public ReadOnlySpan<char> Span(Token token) => text.AsSpan(token.Start, token.End - token.Start);

    /// <summary>1-based line and column of an offset. Offsets must not go backwards, so that all calls together cost one pass.</summary>
    public SourcePosition Locate(int offset)
    {
        var passed = text.AsSpan(_located.Offset, offset - _located.Offset);
        var lines = passed.Count('\n');
        var column = lines == 0 ? _located.Column + passed.Length : passed.Length - passed.LastIndexOf('\n');
        _located = new SourcePosition(offset, _located.Line + lines, column);
        return _located;
    }

    public string Where(int offset)
    {
        var position = Locate(offset);
        return file is null ? $"{position.Line}:{position.Column}" : $"{file}:{position.Line}:{position.Column}";
    }

    private TokenKind Read()
    {
        var c = text[_position];
        if (IsWordStart(c))
            return ReadWord();
        if (char.IsAsciiDigit(c))
            return SkipWordCharacters();
        switch (c)
        {
            case '\'':
                SkipString(_position, escapes: false);
                return TokenKind.Literal;
            case '"':
                SkipQuoted('"', _position, new Text("quoted identifier", "identifiant entre guillemets"));
                return TokenKind.Literal;
            case '$':
                return ReadDollar();
            case '-' when At(1) == '-':
                var end = text.AsSpan(_position).IndexOfAny(LineEnds);
                _position = end < 0 ? text.Length : _position + end;
                return TokenKind.Comment;
            case '/' when At(1) == '*':
                SkipBlockComment();
                return TokenKind.Comment;
            default:
                _position++;
                return TokenKind.Symbol;
        }
    }

    private TokenKind ReadWord()
    {
        var start = _position;
        SkipWordCharacters();
        if (At(0) == '\'' && _position - start == 1)
        {
            // E'', B'', X'' and N''; a longer word before a quote is a word, and the string after it an ordinary one.
            if (text[start] is 'e' or 'E')
                SkipString(start, escapes: true);
            else if (text[start] is 'b' or 'B' or 'x' or 'X' or 'n' or 'N')
                SkipString(start, escapes: false);
            else
                return TokenKind.Word;
            return TokenKind.Literal;
        }
        // U&'' and U&"": a backslash there does not keep a quote from ending it, so they need no care of their own.
        return TokenKind.Word;
    }

    private TokenKind SkipWordCharacters()
    {
        // A dollar sign may stand inside an identifier (a$b$c), but a number ends before it.
        var number = char.IsAsciiDigit(text[_position]);
        while (_position < text.Length && IsWordPart(text[_position], !number))
            _position++;
        return number ? TokenKind.Literal : TokenKind.Word;
    }

    private void SkipString(int start, bool escapes)
    {
        var what = new Text("string", "chaîne de caractères");
        if (!escapes)
        {
            SkipQuoted('\'', start, what);
            return;
        }
        do
        {
            _position++;
            while (true)
            {
                var next = text.AsSpan(_position).IndexOfAny(QuoteOrBackslash);
                if (next < 0 || (text[_position + next] == '\\' && _position + next + 1 >= text.Length))
                    throw Unterminated(what, start);
                _position += next;
                if (text[_position] == '\'' && At(1) != '\'')
                    break;
                _position += 2;
            }
            _position++;
        }
        // 'a' <newline> 'b' is one string, and what is an escape in its first part is one in all.
        while (SkipToContinuation());
    }

    /// <summary>Moves to the quote that continues a string on a later line, if there is one (scan.l: quotecontinue).</summary>
    private bool SkipToContinuation()
    {
        var position = _position;
        var newline = false;
        while (position < text.Length)
        {
            if (IsSpace(text[position]))
            {
                newline |= text[position] is '\n' or '\r';
                position++;
            }
            else if (text.AsSpan(position).StartsWith("--"))
            {
                var end = text.AsSpan(position).IndexOfAny(LineEnds);
                position = end < 0 ? text.Length : position + end;
            }
            else
            {
                break;
            }
        }
        if (!newline || position >= text.Length || text[position] != '\'')
            return false;
        _position = position;
        return true;
    }

    private void SkipQuoted(char quote, int start, Text what)
    {
        _position++;
        while (true)
        {
            var next = text.AsSpan(_position).IndexOf(quote);
            if (next < 0)
                throw Unterminated(what, start);
            _position += next + 1;
            if (At(0) != quote)
                return;
            _position++;
        }
    }

    private TokenKind ReadDollar()
    {
        var start = _position;
        if (char.IsAsciiDigit(At(1)))
        {
            _position++;
            while (char.IsAsciiDigit(At(0)))
                _position++;
            return TokenKind.Literal;
        }
        var tagEnd = _position + 1;
        if (IsWordStart(At(1)))
        {
            while (tagEnd < text.Length && IsWordPart(text[tagEnd], dollar: false))
                tagEnd++;
        }
        if (tagEnd >= text.Length || text[tagEnd] != '$')
        {
            _position++;
            return TokenKind.Symbol;
        }
        var tag = text.AsSpan(start, tagEnd + 1 - start);
        var end = text.AsSpan(tagEnd + 1).IndexOf(tag);
        if (end < 0)
            throw Unterminated(new Text("dollar-quoted string", "chaîne entre dollars"), start);
        _position = tagEnd + 1 + end + tag.Length;
        return TokenKind.Literal;
    }

    private void SkipBlockComment()
    {
        var start = _position;
        var depth = 1;
        _position += 2;
        while (depth > 0)
        {
            var next = text.AsSpan(_position).IndexOfAny(CommentMarks);
            if (next < 0)
                throw Unterminated(new Text("comment", "commentaire"), start);
            _position += next;
            var (first, second) = (text[_position], At(1));
            var mark = (first, second) is ('*', '/') or ('/', '*');
            if (mark)
                depth += first == '/' ? 1 : -1;
            _position += mark ? 2 : 1;
        }
    }

    private EclusierException Unterminated(Text what, int start) => new InvalidInputException(
        new Text($"This {what.En} never ends.", $"Fin introuvable : {what.Fr} sans fermeture."),
        Where(start),
        new Text("Close it where it should end.", "Fermez-le là où il doit finir."));

    private char At(int ahead) => _position + ahead < text.Length ? text[_position + ahead] : '\0';

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= '\u0080';

    private static bool IsWordPart(char c, bool dollar) => IsWordStart(c) || char.IsAsciiDigit(c) || (dollar && c == '$');
}

/// <param name="Offset">In characters (UTF-16 code units).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SourcePosition(int Offset, int Line, int Column);

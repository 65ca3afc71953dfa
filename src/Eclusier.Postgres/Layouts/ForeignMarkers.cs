using System.Text.RegularExpressions;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>
/// The comments by which other tools tell a file's way up from its way down. Read as plain SQL, such a file runs both: what it makes, and
/// then what drops it again.
/// </summary>
internal static partial class ForeignMarkers
{
    private static readonly Marker[] Known =
    [
        new("goose", Goose()),
        new("sql-migrate", SqlMigrate()),
        new("dbmate", Dbmate()) { Layout = "dbmate" },
        new("Liquibase", Liquibase()),
        new("MyBatis Migrations", MyBatis()),
        new("tern", Tern()),
        new("rambler", Rambler()),
        new("Play evolutions", Play()),
        new("Sqitch", Sqitch()),
        new("", PlusUpOrDown()),
        // Words that people write, too: they mean something only where statements follow.
        new("node-pg-migrate", NodePgMigrate()) { OnlyAboveStatements = true },
        new("", UpOrDownAlone()) { OnlyAboveStatements = true },
    ];

    /// <param name="layout">The layout that reads the file: its own markers are no other tool's. Null: none has markers of its own.</param>
    /// <exception cref="InvalidInputException">The file is in the language of another tool.</exception>
    public static void Refuse(string text, string shown, string? layout = null)
    {
        if (Find(text, layout) is { } found)
            throw Foreign(found.Marker, found.Text, $"{shown}:{text.AsSpan(0, found.Offset).Count('\n') + 1}:1");
    }

    /// <summary>The tool whose markers a text has, the layouts' own among them; null when it has none.</summary>
    public static string? Tool(string text) => Find(text, layout: null)?.Marker.Tool;

    private static (Marker Marker, string Text, int Offset)? Find(string text, string? layout)
    {
        if (!Hint().IsMatch(text))
            return null;
        foreach (var (comment, offset, above) in Comments(text))
        {
            var marker = Array.Find(Known, marker => marker.Form.IsMatch(comment) && (!marker.OnlyAboveStatements || (above && IsDown(comment))));
            if (marker is not null && (layout is null || marker.Layout != layout))
                return (marker, comment, offset);
        }

        return null;
    }

    /// <summary>
    /// The comments up to where the file itself says that its way back begins, and whether a statement follows. A file whose way back is
    /// told from its way up runs as it should, whatever other tools read in it.
    /// </summary>
    private static List<(string Text, int Offset, bool AboveStatements)> Comments(string text)
    {
        var comments = new List<(string Text, int Offset)>();
        var lastStatement = -1;
        var lexer = new SqlLexer(text, file: null);
        try
        {
            while (lexer.Next(out var token))
            {
                if (token.Kind != TokenKind.Comment)
                {
                    lastStatement = text[token.Start] == ';' ? lastStatement : token.Start;
                    continue;
                }

                var comment = lexer.Span(token).TrimEnd().ToString();
                if (Rollback().IsMatch(comment))
                    return IsTold(comments) ? [] : [.. comments.Select(found => (found.Text, found.Offset, found.Offset < lastStatement))];
                comments.Add((comment, token.Start));
            }
        }
        catch (EclusierException)
        {
            // COPY's lines, or a mistake that is told elsewhere: below it every line that looks like a comment may be one.
            var from = comments.Count > 0 ? comments[^1].Offset + comments[^1].Text.Length : 0;
            comments.AddRange(Line().Matches(text[from..]).Select(line => (line.Value.Trim(), from + line.Index)));
            lastStatement = text.Length;
        }

        return [.. comments.Select(found => (found.Text, found.Offset, found.Offset < lastStatement))];
    }

    /// <summary>The way down does not begin before the file says so.</summary>
    private static bool IsTold(List<(string Text, int Offset)> comments) => !comments.Any(comment => IsDown(comment.Text));

    private static bool IsDown(string comment) => Down().IsMatch(comment);

    private static EclusierException Foreign(Marker marker, string comment, string where)
    {
        var (en, fr) = marker.Tool.Length > 0 ? (marker.Tool, marker.Tool) : ("another tool", "un autre outil");
        var line = comment.Length > 60 ? $"{comment[..60]}…" : comment;
        return new InvalidInputException(
            new Text(
                $"\"{line}\" belongs to {en}: read as plain SQL, the way down would run behind the way up.",
                $"« {line} » appartient à {fr} : lu comme du SQL simple, le retour s'exécuterait à la suite de l'aller."),
            where,
            marker.Layout is { } layout
                ? new Text(
                    $"Name the layout of these files: \"layout: {layout}\" under migrations, or --layout {layout}.",
                    $"Nommez la disposition de ces fichiers : « layout: {layout} » sous migrations, ou --layout {layout}.")
                : new Text(
                    "Put -- eclusier: rollback in the place of the line below which the way down begins (what follows it undoes the file), or take the way down out.",
                    "Placez -- eclusier: rollback à l'endroit où commence le retour (ce qui suit annule le fichier), ou retirez le retour."));
    }

    /// <param name="Tool">Empty where several tools write it.</param>
    private sealed record Marker(string Tool, Regex Form)
    {
        /// <summary>The layout that reads the tool's files; null when none does.</summary>
        public string? Layout { get; init; }

        public bool OnlyAboveStatements { get; init; }
    }

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Nearly no file has one: the others need no second look.</summary>
    [GeneratedRegex(@"--[^\r\n]*\b(ups?|downs?|goose|migrate|liquibase|changeset|undo|below|rambler|deploy|revert|verify)\b", Options, 60_000)]
    private static partial Regex Hint();

    [GeneratedRegex(@"^--\s*\+goose\b", Options, 60_000)]
    private static partial Regex Goose();

    [GeneratedRegex(@"^--\s*\+migrate\b", Options, 60_000)]
    private static partial Regex SqlMigrate();

    [GeneratedRegex(@"^--\s*migrate:(up|down)\b", Options, 60_000)]
    private static partial Regex Dbmate();

    [GeneratedRegex(@"^--\s*(liquibase\s+formatted\s+sql|changeset\s+\S+:\S+)", Options, 60_000)]
    private static partial Regex Liquibase();

    [GeneratedRegex(@"^--\s*(//)?\s*@UNDO\b", Options, 60_000)]
    private static partial Regex MyBatis();

    [GeneratedRegex(@"^--+\s*create above\s*/\s*drop below\b", Options, 60_000)]
    private static partial Regex Tern();

    [GeneratedRegex(@"^--\s*rambler\s+(up|down)\b", Options, 60_000)]
    private static partial Regex Rambler();

    [GeneratedRegex(@"^--+\s*!(ups|downs)\b", Options, 60_000)]
    private static partial Regex Play();

    [GeneratedRegex(@"^--\s*(deploy|revert|verify)\s+\S+\s+(to|from|on)\s+pg\b", Options, 60_000)]
    private static partial Regex Sqitch();

    [GeneratedRegex(@"^--\s*\+\w+\s+(up|down)\b", Options, 60_000)]
    private static partial Regex PlusUpOrDown();

    /// <summary>As its <c>createMigrationCommentRegex</c> has it.</summary>
    [GeneratedRegex(@"^--[\s-]*(up|down)\s+migration", Options, 60_000)]
    private static partial Regex NodePgMigrate();

    [GeneratedRegex(@"^--+\s*[@#!:\[<{(]*\s*((migrate|migration)[:\s_-]*)?(up|down)s?\s*[\]>})]*\s*:?\s*-*$", Options, 60_000)]
    private static partial Regex UpOrDownAlone();

    [GeneratedRegex(@"\bdowns?\b|@UNDO\b|drop below", Options, 60_000)]
    private static partial Regex Down();

    [GeneratedRegex(@"^--\s*eclusier:\s*rollback$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Rollback();

    [GeneratedRegex(@"^[ \t]*--[^\r\n]*", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Line();
}

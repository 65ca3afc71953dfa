using System.Text;
using System.Text.Json;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Sql;

/// <summary>Statements of every command in PostgreSQL's manual, in many dresses: they split where PostgreSQL's own parser says that they end.</summary>
[Trait("Needs", "no server")]
public sealed class SplitterCorpusTests
{
    /// <summary>What may stand around a statement, and inside it after its first word, without changing what it is.</summary>
    private static readonly Func<string, string>[] Dresses =
    [
        sql => $"{sql};",
        sql => $"-- what; this is\n{sql}; -- and; more\n",
        sql => $"/* a; /* nested; */ $$ ' \" */ {sql} /* tail; */;",
        sql => $"\r\n\t{sql}\r\n;\r\n",
        sql => $";; {sql} ;;",
        sql => $"{AfterFirstWord(sql, "/* ; */")};",
        sql => $"{AfterFirstWord(sql, "-- ; '\n")};",
        sql => $"{AfterFirstWord(sql, "\n\n")}\n-- ;\n;",
    ];

    internal static readonly string[] Statements = Read();

    [Fact]
    public void The_corpus_is_large_and_the_parser_knows_nearly_all_of_it()
    {
        var known = Statements.Select(LibPgQuery.Parse).Count(outcome => outcome.Json is not null);

        Assert.True(Statements.Length * Dresses.Length >= 1500, $"{Statements.Length * Dresses.Length} statements");
        Assert.True(known >= Statements.Length * 95 / 100, $"{known} of {Statements.Length} parse");
    }

    [Fact]
    public void Every_statement_in_every_dress_is_one_statement_and_unchanged()
    {
        foreach (var (sql, dress) in Statements.SelectMany(sql => Dresses.Select(dress => (sql, dress(sql)))))
        {
            var found = ScriptSplitter.Split(dress).ToArray();
            Assert.True(found.Length == 1, $"{found.Length} statements in:\n{dress}");
            Assert.StartsWith(sql.Split(' ', '\n')[0], found[0].Sql, StringComparison.Ordinal);
            Assert.EndsWith(sql[^1..], found[0].Sql, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_of_them_in_one_script_split_where_the_parser_splits_them()
    {
        var parsed = Statements.Select(LibPgQuery.Parse).ToArray();
        var script = string.Concat(Statements.Where((_, index) => parsed[index].Json is not null).SelectMany(sql => Dresses.Select(dress => dress(sql))));
        var json = LibPgQuery.Parse(script);
        Assert.Null(json.Error);
        using var tree = JsonDocument.Parse(json.Json!);
        var utf8 = Encoding.UTF8.GetBytes(script);

        var theirs = tree.RootElement.GetProperty("stmts").EnumerateArray().Select(statement =>
        {
            var start = statement.TryGetProperty("stmt_location", out var location) ? location.GetInt32() : 0;
            var end = statement.TryGetProperty("stmt_len", out var length) ? start + length.GetInt32() : utf8.Length;
            return end;
        }).ToArray();
        var ours = ScriptSplitter.Split(script);

        Assert.Equal(theirs.Length, ours.Count);
        // The parser counts trailing space and comments to the statement, up to its semicolon; nothing else may lie between the two ends.
        foreach (var (statement, end) in ours.Zip(theirs))
        {
            var between = script[(statement.Offset + statement.Sql.Length)..Encoding.UTF8.GetCharCount(utf8, 0, end)];
            Assert.Empty(ScriptSplitter.Split(between));
        }
    }

    private static string AfterFirstWord(string sql, string gap)
    {
        var space = sql.IndexOfAny([' ', '\n']);
        return space < 0 ? $"{sql} {gap}" : $"{sql[..space]} {gap} {sql[(space + 1)..]}";
    }

    private static string[] Read()
    {
        using var reader = new StreamReader(typeof(SplitterCorpusTests).Assembly.GetManifestResourceStream("statements.sql")!);
        return [.. reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n%%\n").Select(sql => sql.Trim('\n'))];
    }
}

using System.Text;
using System.Text.Json;
using Eclusier.Postgres.Sql;
using FsCheck;
using FsCheck.Fluent;

namespace Eclusier.Postgres.Tests.Sql;

[Trait("Needs", "no server")]
public sealed class ScriptSplitterTests
{
    /// <summary>Script, then the statements it holds.</summary>
    public static TheoryData<string, string[]> Scripts => new()
    {
        { "", [] },
        { "   \n\t ", [] },
        { ";;; ;", [] },
        { "-- nothing", [] },
        { "/* nothing */ -- at all", [] },
        { "-- nothing\n;", [] },
        { "select 1", ["select 1"] },
        { "select 1;", ["select 1"] },
        { "select 1;select 2", ["select 1", "select 2"] },
        { "select 1;;select 2;", ["select 1", "select 2"] },
        { " select 1 ; select 2 ", ["select 1", "select 2"] },
        { "select 1; -- tail", ["select 1"] },
        { "select 1 -- tail; more\n;", ["select 1"] },
        { "select 1 -- tail; more\n, 2;", ["select 1 -- tail; more\n, 2"] },
        { "-- head; here\nselect 1;", ["select 1"] },
        { "/* head; */ select 1;", ["select 1"] },
        { "/* a /* b; */ c; */ select 1;", ["select 1"] },
        { "/* a /* b /* c */ */ ; */ select 1", ["select 1"] },
        { "/*/ ; */ select 1;", ["select 1"] },
        { "/**/select 1;/***/select 2;", ["select 1", "select 2"] },
        { "/* -- */ select 1;", ["select 1"] },
        { "-- /*\nselect 1; -- */", ["select 1"] },
        { "select '/*'; select '*/';", ["select '/*'", "select '*/'"] },
        { "select '--'; select 2", ["select '--'", "select 2"] },
        { "select 'a;b';", ["select 'a;b'"] },
        { "select 'it''s; fine'; select 2;", ["select 'it''s; fine'", "select 2"] },
        { "select ''; select '''';", ["select ''", "select ''''"] },
        { @"select '\'; select 2;", [@"select '\'", "select 2"] },
        { @"select E'\';'; select 2;", [@"select E'\';'", "select 2"] },
        { @"select e'\\'; select 2;", [@"select e'\\'", "select 2"] },
        { @"select E'it''s;'; select 2;", [@"select E'it''s;'", "select 2"] },
        { @"select E'\\\';'; select 2;", [@"select E'\\\';'", "select 2"] },
        { "select E'a'\n'\\';b'; select 2;", ["select E'a'\n'\\';b'", "select 2"] },
        { "select E'a' -- on\n '\\';b'; select 2;", ["select E'a' -- on\n '\\';b'", "select 2"] },
        { @"select typee'\'; select 2;", [@"select typee'\'", "select 2"] },
        { @"select U&'\0061;'; select 2;", [@"select U&'\0061;'", "select 2"] },
        { @"select U&""\0061;""; select 2;", [@"select U&""\0061;""", "select 2"] },
        { "select B'01;', X'ff;'; select 2;", ["select B'01;', X'ff;'", "select 2"] },
        { "select N'a;b'; select 2", ["select N'a;b'", "select 2"] },
        { "select \"a;b\" from t; select 2;", ["select \"a;b\" from t", "select 2"] },
        { "select \"a\"\";b\" from t; select 2;", ["select \"a\"\";b\" from t", "select 2"] },
        { "select \"a'b\"; select 'c\"d';", ["select \"a'b\"", "select 'c\"d'"] },
        { "select $$a;b$$; select 2;", ["select $$a;b$$", "select 2"] },
        { "select $x$a;$$;b$x$; select 2;", ["select $x$a;$$;b$x$", "select 2"] },
        { "select $a$ $b$ ; $a$; select 2", ["select $a$ $b$ ; $a$", "select 2"] },
        { "select $a$ $A$; $a$; select 2", ["select $a$ $A$; $a$", "select 2"] },
        { "select $a1_$;$a1_$; select 2", ["select $a1_$;$a1_$", "select 2"] },
        { "select $é$;$é$; select 2", ["select $é$;$é$", "select 2"] },
        { "select $_$;$_$; select 2", ["select $_$;$_$", "select 2"] },
        { "select $$ ' $$; select ' $$ ';", ["select $$ ' $$", "select ' $$ '"] },
        { "select $$ -- ; $$; select 2", ["select $$ -- ; $$", "select 2"] },
        { "select $$$$; select 2", ["select $$$$", "select 2"] },
        { "prepare p as select $1; select $2;", ["prepare p as select $1", "select $2"] },
        { "prepare p as select $1+$2; select '$1;'", ["prepare p as select $1+$2", "select '$1;'"] },
        { "select a$b$c; select d$b$e;", ["select a$b$c", "select d$b$e"] },
        { "select é$b$; select é$b$;", ["select é$b$", "select é$b$"] },
        { "select 1$$;$$; select 2", ["select 1$$;$$", "select 2"] },
        { "select 1--;\n; select 2", ["select 1", "select 2"] },
        { "select 1+/*;*/2; select 3", ["select 1+/*;*/2", "select 3"] },
        { "select 1 - -1; select 2", ["select 1 - -1", "select 2"] },
        { "select a->>'b;c' from t; select 2", ["select a->>'b;c' from t", "select 2"] },
        { "select a[1:2]; select 2", ["select a[1:2]", "select 2"] },
        { "create rule r as on insert to t do (delete from a; delete from b); select 2;", ["create rule r as on insert to t do (delete from a; delete from b)", "select 2"] },
        { "select ')'; select (1); select 2", ["select ')'", "select (1)", "select 2"] },
        { "select 1); select 2", ["select 1)", "select 2"] },
        { "create function f() returns int begin atomic select 1; select 2; end; select 3;", ["create function f() returns int begin atomic select 1; select 2; end", "select 3"] },
        { "create or replace function f() returns int begin atomic select case when true then 1 else 2 end; end; select 3;", ["create or replace function f() returns int begin atomic select case when true then 1 else 2 end; end", "select 3"] },
        { "CREATE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN true THEN CASE WHEN true THEN 1 END END; END; SELECT 3;", ["CREATE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN true THEN CASE WHEN true THEN 1 END END; END", "SELECT 3"] },
        { "create or replace procedure p() begin /* ; */ atomic insert into t values (1); end; select 3;", ["create or replace procedure p() begin /* ; */ atomic insert into t values (1); end", "select 3"] },
        { "create function f() returns int language sql as 'begin atomic'; select 3;", ["create function f() returns int language sql as 'begin atomic'", "select 3"] },
        { "create function begin() returns int language sql as 'select 1'; select 3;", ["create function begin() returns int language sql as 'select 1'", "select 3"] },
        { "create function f() returns int language plpgsql as $$ begin return 1; end; $$; select 3;", ["create function f() returns int language plpgsql as $$ begin return 1; end; $$", "select 3"] },
        { "do $$ begin perform 1; end $$; select 3;", ["do $$ begin perform 1; end $$", "select 3"] },
        { "begin; select 1; end; select 2", ["begin", "select 1", "end", "select 2"] },
        { "select case when a then 1 end; select 2", ["select case when a then 1 end", "select 2"] },
        { "copy t to stdout; select 2", ["copy t to stdout", "select 2"] },
        { "select 'copy t from stdin'; select 2", ["select 'copy t from stdin'", "select 2"] },
        { "\uFEFFselect 1; select 2", ["select 1", "select 2"] },
        { "select 1;\r\nselect 2;\r\n", ["select 1", "select 2"] },
        { "-- a\r\nselect 1;\r\n-- b\r\n", ["select 1"] },
        { "select '\r\n;'; select 2", ["select '\r\n;'", "select 2"] },
        { "-- a\rselect 1; select 2", ["select 1", "select 2"] },
        { "select '日本;語'; select 2", ["select '日本;語'", "select 2"] },
        { "select\f1;\vselect 2", ["select\f1", "select 2"] },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Scripts_split_as_psql_splits_them(string script, string[] statements) =>
        Assert.Equal(statements, ScriptSplitter.Split(script).Select(statement => statement.Sql));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void PostgreSQLs_own_parser_splits_a_script_that_it_can_parse_at_the_same_places(string script, string[] statements)
    {
        // The parser knows no byte order mark, and PostgreSQL 15 no vertical tab.
        if (script.Contains('\uFEFF') || script.Contains('\v') || LibPgQuery.Parse(script).Json is not { } json)
            return;
        using var tree = JsonDocument.Parse(json);
        var utf8 = Encoding.UTF8.GetBytes(script);

        var parsed = tree.RootElement.GetProperty("stmts").EnumerateArray().Select(statement =>
        {
            var start = statement.TryGetProperty("stmt_location", out var location) ? location.GetInt32() : 0;
            var length = statement.TryGetProperty("stmt_len", out var len) ? len.GetInt32() : utf8.Length - start;
            return Assert.Single(ScriptSplitter.Split(Encoding.UTF8.GetString(utf8, start, length))).Sql;
        });

        Assert.Equal(statements, parsed);
    }

    [Fact]
    public void Most_of_the_scripts_are_compared_with_the_parser() =>
        Assert.True(Scripts.Count(row => LibPgQuery.Parse(row.Data.Item1).Json is not null) > 60);

    [Theory]
    [InlineData("copy t (a, b) from stdin;\n1\t;'\n2\t$$\n\\.\nselect 2;", "1\t;'\n2\t$$\n")]
    [InlineData("copy t from stdin with (format csv); \r\na;b\r\n\\.\r\nselect 2", "a;b\r\n")]
    [InlineData("copy t from stdin;\n\\.\nselect 2;", "")]
    [InlineData("copy t from stdin; -- a remark\n1\n\\.\nselect 2;", "1\n")]
    public void The_data_of_a_copy_goes_with_it(string script, string data)
    {
        var statements = ScriptSplitter.Split(script);

        Assert.Equal(["copy", "select"], statements.Select(statement => statement.Sql.Split(' ')[0]));
        Assert.Equal([data, null], statements.Select(statement => statement.Input));
    }

    [Theory]
    [InlineData("\\restrict aBc")]
    [InlineData("\\unrestrict aBc")]
    [InlineData("\\echo it's 'done; ")]
    [InlineData("\\timing on")]
    [InlineData("\\set ON_ERROR_STOP on")]
    [InlineData("\\set QUIET 1")]
    [InlineData("\\encoding 'UTF-8'")]
    [InlineData("\\pset null '(null)'")]
    public void What_only_psql_shows_is_passed_over(string command) =>
        Assert.Equal(["select 1", "select 2"], ScriptSplitter.Split($"select 1;\r\n  {command}\r\nselect 2;").Select(statement => statement.Sql));

    [Fact]
    public void A_statement_knows_where_it_begins()
    {
        const string script = "\uFEFF-- head\r\n  select 1; select 'a\r\nb';\n\n/* c\n */ select 3";

        Assert.Equal(
            [(2, 3), (2, 13), (6, 5)],
            ScriptSplitter.Split(script).Select(statement => (statement.Line, statement.Column)));
        Assert.All(ScriptSplitter.Split(script), statement => Assert.StartsWith(statement.Sql, script[statement.Offset..], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("select 1;\n  select 'abc; ", "m.sql:2:10", "string")]
    [InlineData("select 1;\nselect E'abc\\'", "m.sql:2:8", "string")]
    [InlineData("select E'abc\\", "m.sql:1:8", "string")]
    [InlineData("select \"abc", "m.sql:1:8", "identifier")]
    [InlineData("\n\n /* a /* b */", "m.sql:3:2", "comment")]
    [InlineData("do $x$ begin\nend $y$;", "m.sql:1:4", "dollar")]
    [InlineData("\\set x 1", "m.sql:1:1", "\\set")]
    [InlineData("\\set ON_ERROR_STOP off", "m.sql:1:1", "\\set")]
    [InlineData("select 1 \\gset", "m.sql:1:10", "\\gset")]
    [InlineData("select 1\n\\echo half\n, 2;", "m.sql:2:1", "\\echo")]
    [InlineData("select 1\n\\i other.sql\n", "m.sql:2:1", "\\i")]
    [InlineData("\\echo one \\\\ drop table t;", "m.sql:1:1", "\\echo one")]
    [InlineData("\\encoding latin1", "m.sql:1:1", "\\encoding")]
    [InlineData("\\connect other", "m.sql:1:1", "\\connect")]
    [InlineData("\\copy t from 'file'", "m.sql:1:1", "\\copy")]
    [InlineData("\\! rm -r /", "m.sql:1:1", "\\!")]
    [InlineData("\\if true\nselect 1;\n\\endif", "m.sql:1:1", "\\if")]
    [InlineData("select 1;\n copy t (a, b) from stdin;\n1\t2\n", "m.sql:2:2", "COPY")]
    [InlineData("COPY t FROM STDIN WITH (FORMAT csv);", "m.sql:1:1", "COPY")]
    [InlineData("copy t from stdin; select 1;\n1\n\\.\n", "m.sql:1:1", "COPY")]
    [InlineData("copy t from stdin", "m.sql:1:1", "COPY")]
    public void What_cannot_be_split_is_an_error_that_says_where(string script, string where, string what)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => ScriptSplitter.Split(script, "m.sql"));

        Assert.Equal((where, typeof(InvalidInputException)), (error.Where, error.GetType()));
        Assert.Contains(what, error.Problem.En);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void Statements_joined_with_comments_and_space_split_back_into_themselves()
    {
        var pieces = Scripts.SelectMany(row => row.Data.Item2).Where(sql => !sql.Contains(" 1)") && !sql.StartsWith('\uFEFF')).Distinct().ToArray();
        string[] gaps = ["", " ", "\n", "\r\n", "\t", "-- c; '\n", "/* ; /* $$ */ ' */", "\n-- \"\n", ";", " ; "];
        var scripts =
            from statements in Gen.ListOf(Gen.Elements(pieces))
            from between in Gen.ListOf(Gen.Elements(gaps), statements.Count + 1)
            select (Statements: statements, Script: between[0] + string.Concat(statements.Select((sql, i) => $"{sql};{between[i + 1]}")));

        Prop.ForAll(scripts.ToArbitrary(), example =>
            Assert.Equal(example.Statements, ScriptSplitter.Split(example.Script).Select(statement => statement.Sql))).QuickCheckThrowOnFailure();
    }
}

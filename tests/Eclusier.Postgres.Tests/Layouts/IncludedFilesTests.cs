using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Layouts;

/// <summary>psql's <c>\i</c> and <c>\ir</c>.</summary>
public sealed class IncludedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Statements_come_where_they_are_included_and_know_their_file()
    {
        Write("1_a.sql", "select 1;\n\\i sub/b.sql\nselect 4;");
        Write("sub/b.sql", "\uFEFFselect 2;\r\n\\ir 'it''s c.sql'\r\n");
        Write("sub/it's c.sql", "\n  select 3");

        var statements = ScriptSplitter.Split(Read().Script);

        Assert.Equal(
            [("select 1", null, 1, 1), ("select 2", "sub/b.sql", 1, 1), ("select 3", "sub/it's c.sql", 2, 3), ("select 4", null, 3, 1)],
            statements.Select(statement => (statement.Sql, statement.IncludedFrom, statement.Line, statement.Column)));
    }

    [Fact]
    public void The_checksum_covers_what_is_included()
    {
        Write("1_a.sql", "\\i sub/b.sql\n");
        Write("sub/b.sql", "select 1;\n");
        var first = Read().Checksum;
        Write("sub/b.sql", "select 1;\r\n");
        var otherLineEnds = Read().Checksum;
        Write("sub/b.sql", "select 2;\n");

        Assert.Equal(first, otherLineEnds);
        Assert.NotEqual(first, Read().Checksum);
    }

    [Theory]
    [InlineData("\\i", "1_a.sql:1:1", "\\i finds no file")]
    [InlineData("select 1;\n\\ir nowhere.sql", "1_a.sql:2:1", "nowhere.sql")]
    [InlineData("\\i sub/b.sql", "sub/b.sql:1:1", "in itself")]
    [InlineData("\\i 1_a.sql", "1_a.sql:1:1", "in itself")]
    public void What_cannot_be_included_is_an_error_that_says_where(string script, string where, string problem)
    {
        Write("1_a.sql", script);
        Write("sub/b.sql", "\\ir ../1_a.sql\n");

        var error = Assert.Throws<EclusierException>(() => Read());

        Assert.Equal((where, ExitCode.Usage), (error.Where, error.ExitCode));
        Assert.Contains(problem, error.Problem.En);
    }

    [Fact]
    public void A_directive_in_an_included_file_is_an_error()
    {
        Write("1_a.sql", "\\i sub/b.sql");
        Write("sub/b.sql", "select 1;\n-- eclusier: rollback\ndrop table t;");

        var error = Assert.Throws<EclusierException>(() => MigrationScript.Read(Read().Script));

        Assert.Equal("sub/b.sql:2:1", error.Where);
    }

    private MigrationFile Read() => Assert.Single(new NumberedLayout().Read(_folder.Path, _folder.Path), file => file.Version == "1");

    /// <summary>What is not a migration by its name lies in a folder that the layout does not look into.</summary>
    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Dispose() => _folder.Dispose();
}

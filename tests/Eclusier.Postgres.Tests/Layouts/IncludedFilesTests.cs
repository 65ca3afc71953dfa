using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Layouts;

/// <summary>psql's <c>\i</c> and <c>\ir</c>.</summary>
[Trait("Needs", "no server")]
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

        var error = Assert.ThrowsAny<EclusierException>(() => Read());

        Assert.Equal((where, typeof(InvalidInputException)), (error.Where, error.GetType()));
        Assert.Contains(problem, error.Problem.En);
    }

    [Fact]
    public void Files_that_include_others_twice_do_not_multiply_without_end()
    {
        foreach (var level in Enumerable.Range(1, 24))
            Write($"{level}.inc", $"\\ir {level + 1}.inc\n\\ir {level + 1}.inc\n");
        Write("25.inc", "select 1;");
        Write("1_a.sql", "\\ir 1.inc");

        var error = Assert.ThrowsAny<EclusierException>(() => Read());

        Assert.Contains("more than 1000 files", error.Problem.En);
        Assert.IsType<InvalidInputException>(error);
    }

    [Theory]
    [InlineData("\\i ../outside.inc")]
    [InlineData("\\ir linked.inc")]
    [InlineData("\\ir linked/outside.inc")]
    [InlineData("\\i /etc/passwd")]
    public void What_lies_outside_the_project_is_not_read_through_a_link_either(string script)
    {
        using var other = new TemporaryFolder();
        System.IO.File.WriteAllText(Path.Combine(other.Path, "outside.inc"), "select 'theirs';");
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder.Path, "linked.inc"), Path.Combine(other.Path, "outside.inc"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "linked"), other.Path);
        Write("1_a.sql", script.Replace("../", $"../{Path.GetFileName(other.Path)}/", StringComparison.Ordinal));

        var error = Assert.ThrowsAny<EclusierException>(() => Read());

        Assert.Contains("outside the project", error.Problem.En);
        Assert.Equal(("1_a.sql:1:1", typeof(InvalidInputException)), (error.Where, error.GetType()));
    }

    [Fact]
    public void A_directive_in_an_included_file_is_an_error()
    {
        Write("1_a.sql", "\\i sub/b.sql");
        Write("sub/b.sql", "select 1;\n-- eclusier: rollback\ndrop table t;");

        var error = Assert.ThrowsAny<EclusierException>(() => MigrationScript.Read(Read().Script));

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

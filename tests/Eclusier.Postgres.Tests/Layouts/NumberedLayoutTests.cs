using System.Text;
using Eclusier.Postgres.Layouts;

namespace Eclusier.Postgres.Tests.Layouts;

[Trait("Needs", "no server")]
public sealed class NumberedLayoutTests
{
    [Fact]
    public void Files_come_in_the_order_of_their_numbers_with_their_rollbacks()
    {
        using var folder = new MigrationFolder()
            .With("10_c.sql", "select 10").With("2_b_and_c.sql", "select 2").With("1_a.sql", "select 1").With("1_a_rollback.sql", "select -1").With("notes.txt", "");

        var files = Read(folder);

        Assert.Equal([("1", "a"), ("2", "b_and_c"), ("10", "c")], files.Select(file => (file.Version, file.Name)));
        Assert.Equal(["1_a_rollback.sql", null, null], files.Select(file => Path.GetFileName(file.RollbackFile)));
        Assert.Equal(["1_a.sql", "2_b_and_c.sql", "10_c.sql"], files.Select(file => file.RelativePath));
    }

    [Fact]
    public void The_checksum_is_the_same_for_every_line_end_and_mark()
    {
        using var folder = new MigrationFolder().With("1_a.sql", "select 1;\nselect 'é';\n").With("2_a.sql", "\uFEFFselect 1;\r\nselect 'é';\r\n").With("3_a.sql", "select 1;\nselect 'e';\n");

        var files = Read(folder);

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes("select 1;\nselect 'é';\n"))), files[0].Checksum);
        Assert.Equal(files[0].Checksum, files[1].Checksum);
        Assert.NotEqual(files[0].Checksum, files[2].Checksum);
        Assert.StartsWith("select", files[1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seed.sql", "select 1", "seed.sql", "layout")]
    [InlineData("1a.sql", "select 1", "1a.sql", "layout")]
    [InlineData("1_a_rollback.sql", "select 1", "1_a_rollback.sql", "undoes a migration that is not there")]
    [InlineData("1_a.sql", "select 1\0", "1_a.sql:1", "UTF-8")]
    public void A_file_that_is_no_migration_is_an_error_that_names_it(string name, string text, string where, string problem)
    {
        using var folder = new MigrationFolder().With("9_fine.sql", "select 1").With(name, text);

        AssertError(folder, where, problem);
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_an_error_with_line_and_byte()
    {
        using var folder = new MigrationFolder().With("1_a.sql", [.. "select 1;\nselect '"u8, 0xE9, .. "';"u8]);

        AssertError(folder, "1_a.sql:2", "byte 18");
    }

    [Fact]
    public void Two_files_with_one_number_are_an_error_that_names_both()
    {
        using var folder = new MigrationFolder().With("001_a.sql", "select 1").With("1_b.sql", "select 1");

        AssertError(folder, "001_a.sql", "001_a.sql and 1_b.sql");
    }

    [Fact]
    public void A_folder_without_migrations_is_an_error_that_shows_a_name()
    {
        using var folder = new MigrationFolder().With("readme.md", "");

        Assert.Contains("001_create_users.sql", AssertError(folder, folder.Path, "no migrations").Remedy!.En);
    }

    [Fact]
    public void A_missing_folder_is_an_error()
    {
        var error = Assert.ThrowsAny<EclusierException>(() => new NumberedLayout().Read("/nowhere/migrations", "/nowhere"));

        Assert.Contains("does not exist", error.Problem.En);
    }

    [Fact]
    public void An_unknown_layout_is_an_error_that_lists_the_known_ones() =>
        Assert.Contains("numbered", Assert.ThrowsAny<EclusierException>(() => MigrationLayouts.Find("liquibase")).Remedy!.En);

    private static IReadOnlyList<MigrationFile> Read(MigrationFolder folder) => MigrationLayouts.Find("numbered").Read(folder.Path, folder.Path);

    private static EclusierException AssertError(MigrationFolder folder, string where, string problem)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Read(folder));
        Assert.Equal((where, typeof(InvalidInputException)), (error.Where, error.GetType()));
        Assert.Contains(problem, error.Problem.En);
        return error;
    }
}

using Eclusier.Planning;
using Eclusier.Postgres.Linting;

namespace Eclusier.Postgres.Tests.Sql;

/// <summary>A file with several transactions is read as psql runs it: each by itself, with all its hazards.</summary>
[Trait("Needs", "no server")]
public sealed class LintTransactionTests
{
    [Fact]
    public void To_allow_what_is_no_hazard_is_told_with_its_line()
    {
        var found = Assert.Single(Lint("select 1;\n-- eclusier: allow drop-tables -- because\nselect 2;"));

        Assert.Equal((2, 1), (found.Line, found.Column));
        Assert.Contains("drop-tables", found.Message.En, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_transaction_of_a_file_is_read_by_itself()
    {
        var hazards = Lint("begin;\nalter table orders add constraint c check (a is not null) not valid;\ncommit;\nbegin;\nalter table orders validate constraint c;\ncommit;\ndrop table users;\n");

        Assert.DoesNotContain(hazards, hazard => hazard.Line < 7 && hazard.Severity > Risk.Low);
        Assert.Equal(("drop-table", Risk.High, 7), hazards.Where(hazard => hazard.Line == 7).Select(hazard => (hazard.Rule, hazard.Severity, hazard.Line)).Single());
    }

    [Fact]
    public void What_one_transaction_locks_is_free_in_the_next()
    {
        var hazards = Lint("begin;\nalter table orders add column a int;\ncommit;\nbegin;\nalter table orders add column b int;\nalter table orders validate constraint c;\ncommit;\nalter table orders validate constraint c;\n");

        Assert.Equal([6], hazards.Where(hazard => hazard.Rule == "validate-in-same-transaction").Select(hazard => hazard.Line));
    }

    [Fact]
    public void A_comment_may_stand_behind_copy()
    {
        Assert.Equal([("drop-table", 4)], Lint("copy t from stdin; -- fail /* here */\n1\n\\.\ndrop table x;\n").Select(hazard => (hazard.Rule, hazard.Line)));
        Assert.Equal([("drop-table", 4)], Lint("copy t from stdin; /* a */ -- b\n1\n\\.\ndrop table x;\n").Select(hazard => (hazard.Rule, hazard.Line)));
        Assert.Equal(["invalid"], Lint("copy t from stdin;\n1\nselect 2;\n").Select(hazard => hazard.Rule));
    }

    private static IReadOnlyList<Hazard> Lint(string sql)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "001.sql");
        File.WriteAllText(file, sql);
        return Assert.Single(Linter.Lint(file, folder.Path)).Hazards;
    }
}

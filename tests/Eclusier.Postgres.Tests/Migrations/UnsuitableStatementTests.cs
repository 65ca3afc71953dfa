using Eclusier.Evidence;
using Eclusier.Postgres.Tests.Layouts;

namespace Eclusier.Postgres.Tests.Migrations;

/// <summary>What can stand in no migration is known from the plan: nothing of it runs, and no backup is taken for it.</summary>
public sealed class UnsuitableStatementTests(PostgresServer server)
{
    [Theory]
    [InlineData("discard all")]
    [InlineData("listen news")]
    [InlineData("begin; insert into public.a values (1); prepare transaction 'x'")]
    public async Task It_is_a_no_go_with_its_place(string sql)
    {
        using var project = new LayoutProject(await server.NewDatabaseAsync(), "numbered").With("migrations/001_a.sql", "create table a (id int);")
            .With("migrations/002_b.sql", $"select 1;\n{sql};\n");

        var record = await project.MigrateAsync();

        Assert.Equal(RunOutcome.NoGo, record.Outcome);
        var problem = Assert.Single(record.Plan!.Problems);
        Assert.Equal(("unsuitable-statement", "002", true), (problem.Kind, problem.Migration, problem.Blocks));
        Assert.Contains("migrations/002_b.sql:2:", problem.Message.En, StringComparison.Ordinal);
        Assert.True(await project.ScalarAsync<bool>("select to_regclass('a') is null"));
    }
}

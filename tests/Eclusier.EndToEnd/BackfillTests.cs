using System.Diagnostics;
using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>Backfills in ranges of a key: short transactions, each with its position; cut off anywhere, they go on behind it.</summary>
public sealed class BackfillTests(PostgresServer server)
{
    private const string Directive = "-- eclusier: batch table=orders key=id size=100\n";

    [Fact]
    public async Task An_update_runs_in_many_short_transactions_and_reaches_every_row()
    {
        await using var project = await OrdersAsync();
        project.Runbook("rehearsal: { on: sandbox }").Migration("002_fill.sql", $"{Directive}update orders o set done = done + 1 -- every second\nwhere o.id % 2 = 0 or o.note = 'as where returning';");

        var result = await project.RunAsync("migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("1000|1000", await project.ScalarAsync("select count(*) filter (where done = 1) || '|' || count(*) filter (where done = 0) from orders"));
        Assert.True(int.Parse((await project.ScalarAsync("select count(distinct xmin::text) from orders where done = 1"))!) > 4);
        Assert.Null(await project.ScalarAsync("select to_regclass('eclusier_progress')::text"));
        using var record = JsonDocument.Parse(result.Output);
        var statement = record.RootElement.GetProperty("rehearsal").GetProperty("steps")[0].GetProperty("statements")[0];
        Assert.Equal(1000, statement.GetProperty("rows").GetInt64());
        Assert.Equal(1000, statement.GetProperty("trace").GetProperty("rows")[0].GetProperty("updated").GetInt64());
    }

    [Theory]
    [InlineData("delete from orders where done = 0 returning id", "select count(*) from orders", "0")]
    [InlineData("insert into kept (id) select id from orders where id > 500 order by id on conflict (id) do update set n = kept.n + 1 where kept.n >= 0", "select count(*) || '|' || sum(n) from kept", "1500|1500")]
    [InlineData("insert into kept (id) select o.id from orders as o join kept_names k on k.id = o.id", "select count(*) from kept", "10")]
    [InlineData("update kept_names set name = o.note from orders o where o.id = kept_names.id", "select count(*) from kept_names where name = 'where returning'", "10")]
    [InlineData("with x as (select 1 as one where true) update orders set done = one from x", "select sum(done) from orders", "2000")]
    public async Task Deletes_inserts_and_joins_do_what_they_would_as_a_whole(string statement, string query, string expected)
    {
        await using var project = await OrdersAsync();
        project.Migration("002_tables.sql", "create table kept (id int primary key, n int default 1);\ninsert into kept values (501, 0);\ncreate table kept_names (id int primary key, name text);\ninsert into kept_names select n, 'x' from generate_series(1, 10) n;");
        if (!statement.Contains("conflict", StringComparison.Ordinal))
            project.Migration("003_empty.sql", "delete from kept;");
        project.Migration("004_fill.sql", $"{Directive}{statement};");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(expected, await project.ScalarAsync(query));
    }

    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_behind_the_last_batch()
    {
        await using var project = await OrdersAsync();
        project.Migration("002_fill.sql", $"{Directive}update orders set done = done + 1 where pg_sleep(0.001) is not null;");
        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        await project.UntilAsync("select exists (select from orders where done = 1)");
        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        var next = await project.RunAsync("migrate", "--yes");

        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal("2000|1|1", await project.ScalarAsync("select count(*) || '|' || min(done) || '|' || max(done) from orders"));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_between_two_batches()
    {
        await using var project = await OrdersAsync();
        project.Migration("002_fill.sql", $"{Directive}update orders set done = done + 1 where pg_sleep(0.002) is not null;");
        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        var output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await project.UntilAsync("select exists (select from orders where done = 1)");
        using (var kill = Process.Start("kill", ["-INT", $"{run.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 130, await output);
        Assert.Equal("001", await project.AppliedAsync());
        Assert.Equal("t", await project.ScalarAsync("select count(*) filter (where done = 1) < 2000 from orders"));
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        Assert.Equal("1|1", await project.ScalarAsync("select min(done) || '|' || max(done) from orders"));
    }

    [Fact]
    public async Task A_batch_that_meets_a_lock_steps_back_and_the_rest_is_not_repeated()
    {
        await using var project = await OrdersAsync();
        project.Runbook("policy: { lock_timeout: 100ms, retry_for: 30s }").Migration("002_fill.sql", $"{Directive}update orders set done = done + 1;");
        await using var application = await project.OpenAsync();
        await using var transaction = await application.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var held = new Npgsql.NpgsqlCommand("update orders set note = 'mine' where id = 1500", application, transaction))
            await held.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        await project.UntilAsync("select count(*) > 1000 from orders where done = 1");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("1|1", await project.ScalarAsync("select min(done) || '|' || max(done) from orders"));
    }

    [Fact]
    public async Task It_waits_while_the_runbooks_query_says_so()
    {
        await using var project = await OrdersAsync();
        await PostgresServer.ExecuteAsync(project.Url, "create table queue (waiting int); insert into queue values (7);");
        project.Runbook("policy: { pause_while: \"select waiting > 5 from queue\" }").Migration("002_fill.sql", $"{Directive}update orders set done = 1;");

        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        await project.UntilJournalSaysAsync("pause_while says so");
        Assert.Equal("0", await project.ScalarAsync("select sum(done) from orders"));
        await PostgresServer.ExecuteAsync(project.Url, "update queue set waiting = 0;");
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("2000", await project.ScalarAsync("select sum(done) from orders"));
    }

    [Theory]
    [InlineData("update orders set done = 1;", "table=orders key=note size=10", 4, "must be NOT NULL and the first column of an index")]
    [InlineData("update orders set done = 1;", "table=orders key=nothing size=10", 4, "no column nothing")]
    [InlineData("update orders set id = id + 1;", "table=orders key=id size=10", 2, "changes id")]
    [InlineData("update orders set done = 1;", "table=others key=id size=10", 2, "does not read others")]
    [InlineData("update orders set done = 1;", "table=orders size=10", 2, "not complete")]
    [InlineData("create table x (id int);", "table=orders key=id size=10", 2, "stands above no UPDATE")]
    [InlineData("insert into totals select count(*) from orders;", "table=orders key=id size=10", 2, "look at all rows")]
    [InlineData("insert into totals select done from orders group by done;", "table=orders key=id size=10", 2, "look at all rows")]
    [InlineData("insert into totals select o.done from customers c left join orders o on o.id = c.id;", "table=orders key=id size=10", 2, "does not read orders")]
    public async Task What_cannot_be_cut_into_pieces_is_refused_with_the_reason(string sql, string directive, int exitCode, string reason)
    {
        await using var project = await OrdersAsync();
        project.Migration("002_fill.sql", $"-- eclusier: batch {directive}\n{sql}");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(reason, result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal("0", await project.ScalarAsync("select sum(done) from orders"));
    }

    private async Task<Project> OrdersAsync()
    {
        var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_orders.sql", "create table orders (id int primary key, done int not null default 0, note text default 'where returning');\ninsert into orders (id) select generate_series(1, 2000);");
        var result = await project.RunAsync("migrate", "--yes");
        Assert.True(result.ExitCode == 0, result.ToString());
        return project;
    }
}

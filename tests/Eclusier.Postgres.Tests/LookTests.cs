using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Tests.Layouts;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Tests;

/// <summary>Looking waits for nobody, and sees the same whatever a database's settings are.</summary>
public sealed class LookTests(PostgresServer server)
{
    private static readonly string[] Unusual =
    [
        "quote_all_identifiers = on", "standard_conforming_strings = off", "datestyle = 'German, DMY'", "intervalstyle = 'iso_8601'", "timezone = 'Asia/Tokyo'", "extra_float_digits = -3", "bytea_output = 'escape'",
        "check_function_bodies = off", "default_transaction_isolation = 'serializable'", "client_min_messages = 'debug1'", "row_security = off", "synchronous_commit = off", "lock_timeout = '1ms'",
        "statement_timeout = '20s'", "idle_session_timeout = '20s'", "idle_in_transaction_session_timeout = '20s'",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_without_end_is_cut_off_with_what_to_do()
    {
        await using var database = await PostgresDatabase.OpenAsync(await server.NewDatabaseAsync(), "test", Cancel);

        var refused = await Assert.ThrowsAnyAsync<EclusierException>(() => database.QueryAsync("select generate_series(1, 1000000000)", Cancel));

        Assert.IsType<CheckFailedException>(refused);
        Assert.Contains("LIMIT", refused.Remedy!.En, StringComparison.Ordinal);
        Assert.Equal("1", (await database.QueryAsync("select 1", Cancel)).Rows[0][0]);
    }

    [Fact]
    public async Task Behind_a_locked_table_inspection_and_plan_end_and_what_cannot_be_read_names_who_holds_it()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table people (id int, note text); insert into people select n, 'x' from generate_series(1, 1000) n; analyze people");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);
        var sizes = (await database.InspectAsync(Of(), Cancel)).Tables.Single();
        await using var holder = await PostgresServer.ConnectAsync(url);
        await ExecuteAsync(holder, "begin", "lock table people in access exclusive mode");

        var locked = (await database.InspectAsync(Of(), Cancel)).Tables.Single();
        await database.PlanAsync(Of(), Production(url), Cancel);
        Assert.Equal((sizes.EstimatedRows, sizes.IndexBytes), (locked.EstimatedRows, locked.IndexBytes));
        Assert.InRange(locked.TableBytes, 1, sizes.TableBytes);

        await ExecuteAsync(holder, "create view grown_ups as select id from people", "commit", "begin", "lock table people in access exclusive mode");
        foreach (var look in (Func<Task>[])[() => database.SnapshotAsync(Cancel), () => database.PlanAsync(Of(), Production(url), Cancel), () => database.CountRowsAsync(Cancel)])
        {
            var refusal = await Assert.ThrowsAnyAsync<EclusierException>(look);
            Assert.IsType<UnavailableException>(refusal);
            Assert.Contains($"people is locked (ACCESS EXCLUSIVE) by pid {holder.ProcessID}", refusal.Message, StringComparison.Ordinal);
        }

        await ExecuteAsync(holder, "rollback");
        Assert.Equal(1000, (await database.CountRowsAsync(Cancel)).Values.Single());
    }

    [Fact]
    public async Task Settings_of_a_database_change_nothing_else_in_a_snapshot_and_migrations_still_see_them()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(
            url,
            """
            create table orders (id int primary key, "of" text default E'a\\b', at timestamptz default '2026-01-01 00:00:00+00', price float8 default 0.1, pause interval default '1 day 2 hours', raw bytea default '\x00ff', check ("of" <> 'x''y'))
              partition by range (id);
            create view late as select "of", at from orders where at > '2026-02-03 04:05:06+00';
            create function total(n int) returns float8 language sql as $$ select sum(price) from orders where id < n $$;
            create index on orders (at) where pause > interval '3 days';
            """);
        var before = await SeenAsync();
        await PostgresServer.ExecuteAsync(url, string.Join(';', Unusual.Select(setting => $"alter database \"{PostgresUrl.Parse(url).Database}\" set {setting}")));
        var after = await SeenAsync();

        Assert.Equal(before, after);

        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);
        await database.LockAsync(Cancel);
        var result = await database.ApplyAsync(Step("001", "create table seen as select name, setting from pg_settings"), new ApplyOptions(Of(), "", "ann"), Cancel);
        Assert.True(result.Status == StepStatus.Applied, result.Error?.Message.En);
        Assert.Equal("iso_8601|Asia/Tokyo|on", await PostgresServer.ScalarAsync<string>(url, "select string_agg(setting, '|' order by name collate \"C\") from seen where name in ('TimeZone', 'IntervalStyle', 'quote_all_identifiers')"));
        // The run's lock lives as long as its connection: nothing ends that for being idle, after a step either.
        Assert.Equal("0|0|off", string.Join('|', (await database.QueryAsync("select current_setting('idle_session_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('quote_all_identifiers')", Cancel)).Rows[0]));

        async Task<IEnumerable<(string, string, string)>> SeenAsync()
        {
            await using var looking = await PostgresDatabase.OpenAsync(url, "test", Cancel);
            return [.. (await looking.SnapshotAsync(Cancel)).Objects.Where(found => found.Kind != "setting").Select(found => (found.Kind, found.Name, found.Definition))];
        }
    }

    [Fact]
    public async Task A_role_that_may_not_write_by_default_is_seen_to_and_a_peer_that_vanishes_is_noticed()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, $"alter database \"{PostgresUrl.Parse(url).Database}\" set default_transaction_read_only = on");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);

        Assert.True((await database.InspectAsync(Of(), Cancel)).ReadOnly);
        var connection = new NpgsqlConnectionStringBuilder(PostgresUrl.ConnectionString(url, "test"));
        Assert.Equal((true, 30, 10), (connection.TcpKeepAlive, connection.TcpKeepAliveTime, connection.TcpKeepAliveInterval));
        var without = new NpgsqlConnectionStringBuilder(PostgresUrl.ConnectionString(new DatabaseUrl("postgresql://u@h/d?keepalives=0"), "test"));
        Assert.False(without.TcpKeepAlive);
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_is_a_no_go_that_says_why()
    {
        var url = await server.NewDatabaseAsync();
        using var project = new LayoutProject(url, "numbered").With("migrations/001_a.sql", "create table a (id int);");
        await project.ExecuteAsync($"alter database \"{PostgresUrl.Parse(url).Database}\" set default_transaction_read_only = on");

        var refused = await project.MigrateAsync();

        Assert.Equal(RunOutcome.NoGo, refused.Outcome);
        var failed = refused.Decision!.Criteria.Single(criterion => criterion.Verdict == Verdict.Failed);
        Assert.Contains("default_transaction_read_only", failed.Evidence.En, StringComparison.Ordinal);
        Assert.Empty(refused.Steps);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, params string[] statements)
    {
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }

    private static Runbook Of()
    {
        var folder = Directory.CreateTempSubdirectory("eclusier-look").FullName;
        File.WriteAllText(Path.Combine(folder, "001_next.sql"), "create table next (id int);");
        return ShortForm.Create(new DatabaseUrl("postgresql://nobody@localhost/nothing"), folder, folder, [], rehearse: false, "numbered");
    }

    private static TargetEnvironment Production(DatabaseUrl url) => new("production", url);

    private static Step Step(string version, string sql) => new()
    {
        Migration = version,
        Name = "x",
        File = "x.sql",
        Checksum = "",
        RiskReason = Text.Same(""),
        Statements = [new Statement { Sql = sql, Kind = "create-table-as", Line = 1, Column = 1 }],
    };
}

using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Tests;

public sealed class PostgresDatabaseTests(PostgresServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("create table written (id int)")]
    [InlineData("insert into people values (1)")]
    [InlineData("with gone as (delete from people returning id) select * from gone")]
    [InlineData("select setval('people_id_seq', 7)")]
    [InlineData("commit; drop table people")]
    public async Task A_query_cannot_write(string sql)
    {
        var url = await server.NewDatabaseAsync();
        await ExecuteAsync(url, "create table people (id serial)");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);

        await Assert.ThrowsAnyAsync<EclusierException>(() => database.QueryAsync(sql, Cancel));

        Assert.Equal("0", (await database.QueryAsync("select count(*) from people", Cancel)).Rows[0][0]);
    }

    [Fact]
    public async Task Inspection_runs_where_a_write_is_refused()
    {
        var url = await server.NewDatabaseAsync();
        await ExecuteAsync(url, "create table people (id int)", "create index people_id on people (id)", "alter table people enable row level security",
            // Whatever inspection reads passes through this view's function; a write in it must fail.
            "create schema spy", "create table spy.seen (at timestamptz)",
            "create function spy.write() returns boolean language plpgsql as $$ begin insert into spy.seen values (now()); return true; end $$",
            "create view schema_migrations as select '001'::text as version, 'x'::text as name, null::text as checksum, now() as executed_at, 1 as execution_time_ms, spy.write() as success, null::text as error_message");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => database.InspectAsync(Runbook("."), Cancel));

        Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
        Assert.Equal("0", (await database.QueryAsync("select count(*) from spy.seen", Cancel)).Rows[0][0]);
    }

    [Fact]
    public async Task Inspection_tells_what_is_there()
    {
        var url = await server.NewDatabaseAsync();
        await ExecuteAsync(url, "create table people (id int primary key)", "insert into people select generate_series(1, 50)", "analyze people", "alter table people enable row level security", "create policy all_of_them on people using (true)");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);

        var inspection = await database.InspectAsync(Runbook("."), Cancel);

        var table = Assert.Single(inspection.Tables);
        Assert.Equal(("public", "people", 50L, true, 1), (table.Schema, table.Name, table.EstimatedRows, table.RowSecurity, table.Policies));
        Assert.Equal((1, false, "public.schema_migrations"), (inspection.IndexCount, inspection.Tracking!.Exists, inspection.Tracking.Table));
        await ExecuteAsync(url, "create table still_writable (id int)");
    }

    [Fact]
    public async Task A_foreign_table_of_the_same_name_is_not_taken_for_ours()
    {
        var url = await server.NewDatabaseAsync();
        await ExecuteAsync(url, "create table schema_migrations (version varchar primary key)");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => database.InspectAsync(Runbook("."), Cancel));

        Assert.IsType<InvalidInputException>(error);
        Assert.Contains("dbmate", error.Remedy!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tracking_functions_work_as_the_guide_calls_them()
    {
        var url = await server.NewDatabaseAsync();
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);
        await database.ApplyAsync(Step("001", "create table a (id int)"), new ApplyOptions(Runbook("."), "", "ann"), Cancel);

        await ExecuteAsync(url, "select record_migration('030', 'Add new feature', NULL, CURRENT_USER, 1500)", "select record_migration_failure('031', 'x', 'boom')", "select record_migration_failure('030', 'x', 'never')");

        var status = (await database.QueryAsync("select total_migrations, successful_migrations, failed_migrations, failed_versions, last_error from get_migration_status()", Cancel)).Rows[0];
        Assert.Equal(["3", "2", "1", "031", "boom"], status);
        Assert.Equal("t|t|f", (await database.QueryAsync("select concat_ws('|', migration_applied('001'), migration_applied('030'), migration_applied('031'))", Cancel)).Rows[0][0]);
    }

    [Fact]
    public async Task A_failed_step_leaves_nothing_but_its_record()
    {
        var url = await server.NewDatabaseAsync();
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);

        var result = await database.ApplyAsync(Step("001", "create table a (id int)", "select 1/0"), new ApplyOptions(Runbook("."), "", "ann"), Cancel);

        Assert.Equal((StepStatus.Failed, "22012"), (result.Status, result.Error?.Code));
        Assert.Equal("001_x.sql:2:1", result.Error?.Where);
        Assert.Null((await database.QueryAsync("select to_regclass('a')", Cancel)).Rows[0][0]);
        Assert.Equal("f", (await database.QueryAsync("select success from schema_migrations", Cancel)).Rows[0][0]);
    }

    [Theory]
    [InlineData("alter table t drop column n", "detail: view v depends on column n of table t", "hint: Use DROP ... CASCADE to drop the dependent objects too.")]
    [InlineData("alter table t alter column owner type int using 1", "detail: policy p on table t depends on column \"owner\"", "cannot alter type of a column used in a policy definition")]
    [InlineData("insert into t values (1, 'a', 'a'), (1, 'b', 'b')", "detail: Key (id)=(1) already exists.", "(001_x.sql:1:1)")]
    [InlineData("select f()", "context: PL/pgSQL function f() line 1 at RAISE", "hint: Look at t.")]
    [InlineData("alter type color add value 'blue'; insert into c values ('blue')", "next: put what adds the value into a migration of its own", "unsafe use of new value")]
    public async Task Nothing_that_the_server_says_of_a_refusal_is_lost(string sql, string expected, string also)
    {
        var url = await server.NewDatabaseAsync();
        await ExecuteAsync(
            url, "create table t (id int primary key, n varchar(10), owner text)", "create view v as select id, n from t", "alter table t enable row level security",
            "create policy p on t using (owner = current_user)", "create type color as enum ('red')", "create table c (c color)",
            "create function f() returns int language plpgsql as $$ begin raise exception 'no' using hint = 'Look at t.'; end $$");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", Cancel);

        var result = await database.ApplyAsync(Step("001", sql.Split("; ")), new ApplyOptions(Runbook("."), "", "ann"), Cancel);

        var said = result.Error!.Summary;
        Assert.Contains(expected, said.En, StringComparison.Ordinal);
        Assert.Contains(also, said.En, StringComparison.Ordinal);
        Assert.DoesNotContain(expected, said.Fr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_migration_tells_meanwhile_is_passed_on_as_it_comes()
    {
        await using var database = await PostgresDatabase.OpenAsync(await server.NewDatabaseAsync(), "test", Cancel);
        var told = new List<string>();

        await database.ApplyAsync(
            Step("001", "create table if not exists t (id int)", "create table if not exists t (id int)", "do $$ begin raise warning 'look at t' using detail = 'it is empty'; end $$"),
            new ApplyOptions(Runbook("."), "", "ann", Waiting: text => told.Add(text.En)), Cancel);

        Assert.Equal(["001: NOTICE: relation \"t\" already exists, skipping", "001: WARNING: look at t it is empty"], told);
    }

    [Fact]
    public async Task A_dump_restores_to_the_same_rows_even_with_odd_names_roles_and_policies()
    {
        var url = await server.NewDatabaseAsync();
        await ExecuteAsync(url, "create schema \"Odd Schema\"", "create table \"Odd Schema\".\"Tâble \"\"x\"\"\" (\"Id\" int generated always as identity primary key, doubled int generated always as (2) stored)",
            "insert into \"Odd Schema\".\"Tâble \"\"x\"\"\" default values", "create table parts (id int, at date) partition by range (at)", "create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01')",
            "insert into parts select n, '2026-05-01' from generate_series(1, 10) n", "do $$ begin create role dump_reader; exception when duplicate_object then null; end $$", "alter table parts enable row level security", "create policy mine on parts to dump_reader using (true)", "grant select on parts to dump_reader");
        var folder = Directory.CreateTempSubdirectory("eclusier-dump").FullName;
        try
        {
            await using var source = await PostgresDatabase.OpenAsync(url, "test", Cancel);
            var dump = await source.DumpAsync(folder, Cancel);
            await using var target = await PostgresDatabase.OpenAsync(await server.NewDatabaseAsync(), "test", Cancel);
            await target.RestoreAsync(dump, folder, sameServer: false, Cancel);

            Assert.Equal(dump.RowCounts, await target.CountRowsAsync(Cancel));
            Assert.Equal(10, dump.RowCounts["public.parts_2026"]);
            Assert.Contains("dump_reader", dump.Roles);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, dump.File)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Step Step(string version, params string[] statements) => new()
    {
        Migration = version,
        Name = "x",
        File = $"{version}_x.sql",
        Checksum = "c",
        RiskReason = Text.Same(""),
        Statements = [.. statements.Select((sql, index) => new Statement { Sql = sql, Kind = "x", Line = index + 1, Column = 1 })],
    };

    private static Runbook Runbook(string path) => new()
    {
        Directory = path,
        Name = "test",
        Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal),
        Migrations = new MigrationSettings { Path = path, Target = "production" },
    };

    private static async Task ExecuteAsync(DatabaseUrl url, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(PostgresUrl.ConnectionString(url, "test"));
        await connection.OpenAsync(Cancel);
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }
}

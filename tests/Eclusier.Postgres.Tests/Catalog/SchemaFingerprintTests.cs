using Eclusier.Postgres.Catalog;

namespace Eclusier.Postgres.Tests.Catalog;

public sealed class SchemaFingerprintTests(PostgresServer server)
{
    private const string Start = """
        create table t (id int primary key, name text);
        create type mood as enum ('sad');
        create function f() returns int language sql as 'select 1';
        create view v as select id from t;
        """;

    [Theory]
    [InlineData("alter table t add column more int")]
    [InlineData("alter table t alter column name set not null")]
    [InlineData("alter table t alter column name set default 'x'")]
    [InlineData("alter table t alter column name type varchar(20)")]
    [InlineData("alter table t drop column name")]
    [InlineData("create index on t (name)")]
    [InlineData("alter table t add constraint positive check (id > 0) not valid")]
    [InlineData("create or replace function f() returns int language sql as 'select 2'")]
    [InlineData("create or replace view v as select id + 0 as id from t")]
    [InlineData("alter type mood add value 'glad'")]
    [InlineData("alter table t enable row level security")]
    [InlineData("create policy p on t using (true)")]
    [InlineData("create function g() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function g()")]
    [InlineData("create schema other")]
    [InlineData("create domain d as int check (value > 0)")]
    [InlineData("create table schema_migrations_of_mine (id int)")]
    public async Task Every_change_of_the_schema_changes_it(string change)
    {
        var (before, after) = await AroundAsync(change);

        Assert.NotEqual(before, after);
    }

    [Theory]
    [InlineData("insert into t values (1, 'x')")]
    [InlineData("create table schema_migrations (version text primary key, name text); create index on schema_migrations (name)")]
    [InlineData("create function migration_applied(v text) returns boolean language sql as 'select true'")]
    [InlineData("create table app_versions (version text primary key); grant select on app_versions to public; grant select (version) on app_versions to public; comment on table app_versions is 'by a tool'")]
    [InlineData("analyze")]
    public async Task Rows_and_the_tracking_table_do_not_change_it(string change)
    {
        var (before, after) = await AroundAsync(change);

        Assert.Equal(before, after);
    }

    [Fact]
    public async Task It_does_not_depend_on_the_search_path_and_leaves_it_alone()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create schema a; create table a.t (id int primary key); create table a.u (id int references a.t default 1)");
        await using var connection = await PostgresServer.ConnectAsync(url);
        var before = await ComputeAsync(connection);

        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var set = new Npgsql.NpgsqlCommand("set search_path = a, public", connection);
        await set.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal(before, await ComputeAsync(connection));
        await using var show = new Npgsql.NpgsqlCommand("show search_path", connection);
        Assert.Equal("a, public", await show.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private async Task<(string Before, string After)> AroundAsync(string change)
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, Start);
        await using var connection = await PostgresServer.ConnectAsync(url);
        var before = await ComputeAsync(connection);
        await PostgresServer.ExecuteAsync(url, change);
        return (before, await ComputeAsync(connection));
    }

    private static Task<string> ComputeAsync(Npgsql.NpgsqlConnection connection) =>
        SchemaFingerprint.ComputeAsync(connection, TestContext.Current.CancellationToken);
}

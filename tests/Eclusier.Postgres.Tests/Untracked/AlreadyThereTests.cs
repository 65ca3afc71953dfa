using Eclusier.Evidence;
using Eclusier.Postgres.Tests.Layouts;

namespace Eclusier.Postgres.Tests.Untracked;

/// <summary>A database that has what pending migrations create: the plan sees it, and names the baseline.</summary>
public sealed class AlreadyThereTests(UntrackedDatabase database) : IClassFixture<UntrackedDatabase>
{
    internal const string There =
        """
        create schema shop; create table users (id int primary key, email text, constraint mail check (email <> '')); create index users_email on users (email);
        create type mood as enum ('good'); create domain price as numeric; create function total(a int, b text) returns int language sql as 'select 1';
        create view names as select id from users; create materialized view counts as select count(*) from users; create sequence numbers;
        create table shop."Orders" (id int); create function touch() returns trigger language plpgsql as 'begin return new; end';
        create trigger touched before update on users for each row execute function touch(); create policy own on users using (true);
        create rule quiet as on delete to users do instead nothing; create publication news for table users; create statistics joint on id, email from users;
        create index half_built on users (id); update pg_index set indisvalid = false where indexrelid = 'half_built'::regclass;
        """;

    [Theory]
    [InlineData("create table users (id int)", "table users (001)")]
    [InlineData("create table shop.\"Orders\" (id int)", "table shop.Orders (001)")]
    [InlineData("set search_path to shop; create table \"Orders\" (id int)", "table Orders (001)")]
    [InlineData("create view users as select 1 as one", "view users (001)")]
    [InlineData("create index users_email on users (id)", "index users_email (001)")]
    [InlineData("create unique index users_email on public.users (id)", "index users_email (001)")]
    [InlineData("create type mood as enum ('bad')", "type mood (001)")]
    [InlineData("create domain public.price as text", "domain price (001)")]
    [InlineData("alter type mood add value 'good'", "label mood.good (001)")]
    [InlineData("create function total(x integer, y text) returns int language sql as 'select 2'", "function total(int4,text) (001)")]
    [InlineData("create procedure total(x integer, y text) language sql as 'select 2'", "procedure total(int4,text) (001)")]
    [InlineData("create view names as select 1 as id", "view names (001)")]
    [InlineData("create materialized view counts as select 1 as n", "materialized view counts (001)")]
    [InlineData("create table counts as select 1 as n", "table counts (001)")]
    [InlineData("create sequence numbers", "sequence numbers (001)")]
    [InlineData("create schema shop", "schema shop (001)")]
    [InlineData("alter table users add column email text", "column users.email (001)")]
    [InlineData("alter table users add age int, add constraint mail check (id > 0)", "constraint users.mail (001)")]
    [InlineData("alter table users add primary key (email)", "primary key of users (001)")]
    [InlineData("create role postgres", "role postgres (001)")]
    [InlineData("create trigger touched after insert on users for each row execute function touch()", "trigger users.touched (001)")]
    [InlineData("create index concurrently users_email on users (id)", "index users_email (001)")]
    [InlineData("create index half_built on users (id)", "index half_built (001)")]
    [InlineData("create policy own on users using (false)", "policy users.own (001)")]
    [InlineData("create rule quiet as on delete to users do instead nothing", "rule users.quiet (001)")]
    [InlineData("create publication news", "publication news (001)")]
    [InlineData("create statistics joint on id, email from users", "statistics joint (001)")]
    [InlineData("-- eclusier: no-transaction\ncreate table users (id int)", "table users (001)")]
    [InlineData("create extension plpgsql", "extension plpgsql (001)")]
    [InlineData("select 1 as one into users", "table users (001)")]
    [InlineData("alter table people rename to users", "table users (001)")]
    [InlineData("alter table users rename column mail to email", "column users.email (001)")]
    [InlineData("alter schema store rename to shop", "schema shop (001)")]
    [InlineData("select 1; create table a (id int); do $$ begin null; end $$; create table users (id int)", "table users (001)")]
    public async Task It_is_named(string sql, string named)
    {
        using var project = (await ProjectAsync()).With("migrations/001_x.sql", $"{sql};");

        var problem = Assert.Single((await project.PlanAsync()).Problems);

        Assert.Equal(("already-there", "001", true), (problem.Kind, problem.Migration, problem.Blocks));
        Assert.EndsWith($": {named}", problem.Message.En, StringComparison.Ordinal);
        Assert.Contains("eclusier baseline", problem.Remedy!.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create table if not exists users (id int); create or replace view names as select 1 as id; create schema if not exists shop; create index if not exists users_email on users (id)")]
    [InlineData("create temporary table users (id int); create index on users (email); alter table users add column if not exists email text; alter table users add check (id > 0)")]
    [InlineData("alter type mood add value if not exists 'good'; create extension if not exists plpgsql; create or replace function total(a int, b text) returns int language sql as 'select 2'")]
    [InlineData("create function total(a bigint, b text) returns int language sql as 'select 2'; create table shop.users (id int); create table \"Users\" (id int)")]
    [InlineData("drop table users cascade; create table users (id int); create index users_email on users (id); create view names as select 1 as id; create policy own on users using (true)")]
    [InlineData("drop index users_email; create index users_email on users (id); drop type mood; create type mood as enum ('x'); drop function total(int, text); create function total(x int, y text) returns int language sql as 'select 1'")]
    [InlineData("alter table users rename to people; create table users (id int); alter table users add column email text; create index users_email2 on users (id)")]
    [InlineData("alter table users rename column email to mail; alter table users add column email text; alter table people drop column x; alter schema shop rename to former; create schema shop")]
    [InlineData("alter table users drop constraint users_pkey, add primary key (id); alter table people add primary key (id); drop role postgres; create role postgres")]
    [InlineData("alter table users drop constraint mail; alter table users add constraint mail check (id > 0); drop trigger touched on users; create trigger touched after insert on users for each row execute function touch()")]
    [InlineData("drop schema shop cascade; create schema shop; create table shop.\"Orders\" (id int); drop view if exists names; create view names as select 1 as id; drop policy own on public.users; create policy own on users using (true)")]
    [InlineData("do $$ begin execute 'drop table users cascade'; end $$; create table users (id int)")]
    [InlineData("set search_path to shop; create table users (id int); create type mood as enum ('x')")]
    [InlineData("create index concurrently if not exists users_email on users (id); create index concurrently half_built on users (id)")]
    [InlineData("alter table users add constraint mail check (id > 1), drop constraint mail; alter table users add column email int, drop column email")]
    [InlineData("alter table users rename to users_old; alter table users_new rename to users; alter table if exists nobody rename to names")]
    public async Task What_has_room_is_not(string sql)
    {
        using var project = (await ProjectAsync()).With("migrations/001_x.sql", $"{sql};");

        Assert.Empty((await project.PlanAsync()).Problems);
    }

    [Fact]
    public async Task Many_are_counted_and_migrate_is_a_no_go_that_says_what_to_do()
    {
        using var project = (await ProjectAsync())
            .With("migrations/001_users.sql", "create table users (id int);\ncreate index users_email on users (email);")
                .With("migrations/002_types.sql",
                    "create type mood as enum ('good');\ncreate view names as select id from users;\ncreate table posts (id int);");

        var record = await project.MigrateAsync();

        Assert.Equal(RunOutcome.NoGo, record.Outcome);
        var files = Assert.Single(record.Decision!.Criteria, criterion => criterion.Id == "files");
        Assert.Equal(Verdict.Failed, files.Verdict);
        Assert.EndsWith("table users (001), index users_email (001), type mood (002), and 1 more", files.Evidence.En, StringComparison.Ordinal);
        Assert.Contains("eclusier baseline", files.Remedy!.En, StringComparison.Ordinal);
    }

    private async Task<LayoutProject> ProjectAsync() => new(await database.UrlAsync(), "numbered");
}

/// <summary>One for all of these tests: a plan changes nothing, and neither does a no-go.</summary>
public sealed class UntrackedDatabase(PostgresServer server)
{
    private readonly Lazy<Task<DatabaseUrl>> _url = new(async () =>
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, AlreadyThereTests.There);
        return url;
    });

    public Task<DatabaseUrl> UrlAsync() => _url.Value;
}

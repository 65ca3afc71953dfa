using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Tests.Extensions;

/// <summary>What fails on a copy for want of an extension, and what would fail with it as well.</summary>
[Collection(nameof(FakeExtension))]
public sealed class UnprovenStepTests(PostgresServer server)
{
    private const string Schema = """
        create table items (id serial primary key, embedding extensions.embedding not null);
        create index items_dims on items (extensions.dims(embedding));
        create view items_view as select id from items;
        create table orders (id int primary key, item int references items, note text);
        create index orders_down on orders (id extensions.downward);
        create schema app;
        create table app.orders (id int primary key);
        create table app.others (id int primary key);
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static readonly (string What, string Sql)[] Unproven =
    [
        ("a table that was not restored", "alter table items add column name text"),
        ("with its schema", "delete from public.items"),
        ("its row type", "create function of_item(i items) returns int language sql as 'select 1'"),
        ("its key", "alter index items_pkey rename to items_key"),
        ("its sequence", "alter sequence items_id_seq restart"),
        ("an index of it", "drop index items_dims"),
        ("a view on it", "create view more as select * from items_view"),
        ("a constraint that names it", "alter table orders drop constraint orders_item_fkey"),
        ("a comment on that", "comment on constraint orders_item_fkey on orders is 'x'"),
        ("an index with an operator class of the extension", "drop index orders_down"),
        ("that operator class", "create index again on orders (id extensions.downward)"),
        ("a type", "create table more (e extensions.embedding)"),
        ("an array of it", "create table more (e extensions.embedding[])"),
        ("a type by the search path", "set local search_path = extensions, public; create table more (e embedding)"),
        ("a function", "select extensions.shout('a')"),
        ("a function by the search path", "set local search_path = extensions, public; select shout('a')"),
        ("a schema", "create table fake_jobs.more (id int)"),
        ("a table of the extension", "insert into fake_jobs.job values (1, 'x')"),
        ("the extension itself", "alter extension {extension} update"),
        ("the extension anew", "create extension {extension}"),
        ("inside a block", "do $$ begin perform 1 from items; end $$"),
        ("by way of its name", "select 'items'::regclass"),
        ("a trigger on it", "create trigger t before update on items for each row execute function suppress_redundant_updates_trigger()"),
        ("a key to it", "create table more (item int references items)"),
    ];

    private static readonly (string What, string Sql)[] Broken =
    [
        ("a table that nobody has", "alter table nothing add column name text"),
        ("a name that only resembles one", "alter table item add column name text"),
        ("the same name in another schema", "delete from app.items"),
        ("a column", "alter table orders drop column embedding"),
        ("a function", "select dim(1)"),
        ("a function of the extension's name, elsewhere", "select app.shout('a')"),
        ("a type", "create table more (e embeding)"),
        ("a constraint of another table", "alter table app.others drop constraint orders_item_fkey"),
        ("a schema", "create table fake.more (id int)"),
        ("an operator", "select '1'::json = '1'::json"),
        ("a default operator class", "create index on orders ((note::json))"),
        ("syntax", "alter tabel items add column name text"),
        ("rows", "insert into orders values (1, null, null), (1, null, null)"),
        ("an unproven name in the wrong place", "select * from orders where noet = 'items'"),
        ("what is there already", "create table orders (id int)"),
        ("a division", "select 1 / 0"),
        ("an extension whose files are there", "create extension citext schema nowhere"),
    ];

    [Fact]
    public async Task A_step_is_unproven_for_want_of_an_extension_and_failed_for_anything_else()
    {
        var (copy, extension) = await CopyAsync();
        await using var _ = copy;
        var wrong = new List<string>();

        // Whatever fails leaves nothing, and so one copy does for all.
        foreach (var (what, sql) in Broken)
        {
            if (await ApplyAsync(copy, "001", sql) is { Status: not StepStatus.Failed } result)
                wrong.Add($"{what}: {result.Status} {result.Error?.Message}");
        }

        foreach (var (what, sql) in Unproven)
        {
            var result = await ApplyAsync(copy, "001", sql.Replace("{extension}", extension, StringComparison.Ordinal));
            if ((result.Status, result.MissingExtension) != (StepStatus.Unproven, extension))
                wrong.Add($"{what}: {result.Status} {result.Error?.Message}");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("alter table orders add column e extensions.embedding, add unique (e);", "update orders set e = null")]
    [InlineData("alter table orders add column e extensions.embedding, add unique (e);", "select o.e from orders o")]
    [InlineData("alter table orders add column e extensions.embedding, add unique (e);", "alter table orders drop constraint orders_e_key")]
    [InlineData("create table more (id serial primary key, e extensions.embedding); create index on more (e);", "drop index more_e_idx")]
    [InlineData("create table more (id serial primary key, e extensions.embedding);", "select setval('more_id_seq', 1)")]
    [InlineData("create schema of_it; create table of_it.more (e extensions.embedding);", "create table of_it.other (id int)")]
    [InlineData("create function near(e extensions.embedding) returns int language sql as 'select 1';", "select near(null)")]
    [InlineData("alter table orders rename to purchases; alter table items add column name text;", "alter table purchases add column name text")]
    [InlineData("create extension pg_trgm; create table more (e extensions.embedding);", "create index on orders using gin (note gin_trgm_ops)")]
    public async Task What_an_unproven_step_would_have_made_is_unproven_too(string first, string then)
    {
        var (copy, extension) = await CopyAsync();
        await using var _ = copy;

        Assert.Equal(StepStatus.Unproven, (await ApplyAsync(copy, "001", first)).Status);
        var result = await ApplyAsync(copy, "002", then);

        Assert.True((StepStatus.Unproven, extension) == (result.Status, result.MissingExtension), $"{result.Status} {result.Error?.Message}");
        Assert.Equal(StepStatus.Applied, (await ApplyAsync(copy, "003", "alter table orders add column more int")).Status);
    }

    [Fact]
    public async Task An_extension_whose_files_are_not_enough_is_missing_as_well()
    {
        var source = await server.NewDatabaseAsync();
        var extension = await FakeExtension.CreateInAsync(source, name: "citus");
        await PostgresServer.ExecuteAsync(source, Schema);
        using var folder = new TemporaryFolder();
        await using var production = await PostgresDatabase.OpenAsync(source, "test", Cancelled);
        var dump = await production.DumpAsync(folder.Path, Cancelled);
        await using var copy = await PostgresDatabase.OpenAsync(await server.NewDatabaseAsync(), "test", Cancelled);

        StepResult? result = null;
        await extension.WhileThereAsync(
            source,
            async () =>
            {
                await copy.RestoreAsync(dump, folder.Path, sameServer: false, Cancelled);
                result = await ApplyAsync(copy, "001", "create extension citus");
            },
            "do $$ begin raise exception 'citus must be loaded when the server starts'; end $$;");

        var missing = Assert.Single(copy.MissingExtensions);
        Assert.Equal(("citus", null, true), (missing.Name, missing.Package, missing.Refused));
        Assert.Equal((StepStatus.Unproven, "citus must be loaded when the server starts"), (result!.Status, result.Error?.Message.En));
    }

    [Fact]
    public async Task The_target_itself_knows_nothing_of_it()
    {
        await using var target = await PostgresDatabase.OpenAsync(await server.NewDatabaseAsync(), "test", Cancelled);

        var result = await ApplyAsync(target, "001", "create extension vector");

        Assert.Equal(StepStatus.Failed, result.Status);
        Assert.Empty(target.MissingExtensions);
    }

    private async Task<(PostgresDatabase Copy, string Extension)> CopyAsync()
    {
        var source = await server.NewDatabaseAsync();
        var extension = await FakeExtension.CreateInAsync(source);
        await PostgresServer.ExecuteAsync(source, Schema);
        using var folder = new TemporaryFolder();
        await using var production = await PostgresDatabase.OpenAsync(source, "test", Cancelled);
        var dump = await production.DumpAsync(folder.Path, Cancelled);
        var copy = await PostgresDatabase.OpenAsync(await server.NewDatabaseAsync(), "test", Cancelled);
        await copy.RestoreAsync(dump, folder.Path, sameServer: false, Cancelled);
        return (copy, extension.Name);
    }

    private static Task<StepResult> ApplyAsync(PostgresDatabase database, string version, string sql)
    {
        var script = Postgres.Sql.MigrationScript.Read(sql, "x.sql");
        var step = new Step
        {
            Migration = version,
            Name = "x",
            File = "x.sql",
            Checksum = "",
            Statements = [.. script.Statements.Select(node => node.Statement)],
            RiskReason = Text.Same(""),
        };
        return database.ApplyAsync(step, new ApplyOptions(new Runbook { Name = "test", Directory = ".", Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal), Migrations = new MigrationSettings { Path = ".", Target = "production" } }, "", "test"), Cancelled);
    }
}

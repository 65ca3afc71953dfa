using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>The production has an extension that this machine lacks: what depends on it is unproven, and everything else as strict as ever.</summary>
[Collection(nameof(FakeExtension))]
public sealed class MissingExtensionTests(PostgresServer server)
{
    private const string Tables = """
        create table items (id int primary key, embedding extensions.embedding not null);
        insert into items select n, row(n, n)::extensions.embedding from generate_series(1, 20) n;
        create table orders (id int primary key, item int references items, note text);
        insert into orders select n, n, 'note' from generate_series(1, 10) n;
        """;

    private const string Gates = """
        backup: { to: [./a, ./b] }
        rehearsal: { on: sandbox }
        """;

    [Fact]
    public async Task What_depends_on_it_is_unproven_and_the_rest_is_rehearsed()
    {
        var (project, extension) = await ProjectAsync();
        await using var _ = project.Runbook($$"""
            {{Gates}}
            invariants:
              - { name: items, sql: "select count(*) from items" }
              - { name: orders, sql: "select count(*) from orders" }
            checks:
              - { name: all items, sql: "select count(*) from items where extensions.dims(embedding) = 2", equals: 20 }
              - { name: new column, sql: "select count(*) from information_schema.columns where table_name = 'orders' and column_name = 'embedding'", equals: 1 }
              - { name: orders, sql: "select count(*) from orders", equals: 10 }
            """)
            .Migration("001_note.sql", "create index orders_note on orders (note);")
            .Migration("002_items.sql", "alter table items add column name text;")
            .Migration("003_embedding.sql", "create extension if not exists \"" + extension.Name + "\" with schema extensions;\nalter table orders add column embedding extensions.embedding;\ncreate function near(e extensions.embedding) returns int language sql as 'select 1';")
            .Migration("004_uses.sql", "update orders set embedding = row(1, 1)::extensions.embedding;")
            .Migration("005_comment.sql", "comment on column orders.embedding is 'e';\ncreate index concurrently orders_down on orders (id extensions.downward);")
            .Migration("006_total.sql", "alter table orders add column total int;");

        var result = await project.RunAsync("migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var run = JsonDocument.Parse(result.Output);
        var restore = run.RootElement.GetProperty("backup").GetProperty("restore");
        Assert.Equal((true, 1, 10), (restore.GetProperty("passed").GetBoolean(), restore.GetProperty("tables").GetInt32(), restore.GetProperty("rows").GetInt32()));
        var missing = Assert.Single(restore.GetProperty("missing_extensions").EnumerateArray());
        Assert.Equal(extension.Name, missing.GetProperty("name").GetString());
        Assert.Contains("public.items", missing.GetProperty("unproven").EnumerateArray().Select(found => found.GetProperty("name").GetString()));
        var rehearsal = run.RootElement.GetProperty("rehearsal");
        Assert.True(rehearsal.GetProperty("passed").GetBoolean());
        Assert.Equal("unproven", rehearsal.GetProperty("rollback").GetString());
        Assert.Equal(
            ["001 applied", "002 unproven", "003 unproven", "004 unproven", "005 unproven", "006 applied"],
            rehearsal.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("migration")} {step.GetProperty("status")}"));
        Assert.Equal(["006", "001"], rehearsal.GetProperty("rollbacks").EnumerateArray().Select(proof => proof.GetProperty("migration").GetString()));
        Assert.Equal(["items True", "orders False"], rehearsal.GetProperty("invariants").EnumerateArray().Select(invariant => $"{invariant.GetProperty("name")} {invariant.GetProperty("skipped")}"));
        Assert.Equal(["all items True", "new column True", "orders False"], rehearsal.GetProperty("checks").EnumerateArray().Select(check => $"{check.GetProperty("name")} {check.GetProperty("skipped")}"));
        var criterion = Criterion(run, "extensions");
        Assert.Equal("warning", criterion.GetProperty("verdict").GetString());
        Assert.Contains($"extension {extension.Name} is missing on this machine: install it, or set rehearsal.url to a server that has it", criterion.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Contains("table public.items", criterion.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Equal("001,002,003,004,005,006", await project.AppliedAsync());
        var report = await File.ReadAllTextAsync(run.RootElement.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken);
        Assert.Contains("which this machine lacks: table public.items, constraint orders\\_item\\_fkey on public.orders are unproven", report, StringComparison.Ordinal);
        Assert.Contains("002 items is unproven without extension", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_says_so_in_the_language_of_the_user()
    {
        var (project, extension) = await ProjectAsync();
        await using var _ = project.Runbook(Gates).Migration("001_items.sql", "alter table items add column name text;");

        var english = await project.RunAsync("rehearse");
        var french = await project.RunAsync("migrate", "--yes", "--lang", "fr");

        Assert.True(english.ExitCode == 0, english.ToString());
        Assert.Contains($"without extension {extension.Name}, which this machine lacks: table public.items, constraint orders_item_fkey on public.orders are unproven", english.Error, StringComparison.Ordinal);
        Assert.Contains($"001 items is unproven without extension {extension.Name}: relation \"items\" does not exist", english.Error, StringComparison.Ordinal);
        Assert.True(french.ExitCode == 0, french.ToString());
        Assert.Contains($"ALERTE   Prouvé avec chaque extension", french.Error, StringComparison.Ordinal);
        Assert.Contains($"l'extension {extension.Name} manque sur cette machine : installez-la", french.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alter table nothing add column name text;", "relation \"nothing\" does not exist")]
    [InlineData("create table wrong (id int, at tme);", "type \"tme\" does not exist")]
    [InlineData("select dimension(1);", "function dimension(integer) does not exist")]
    [InlineData("alter table orders add column item_name text not null;", "contains null values")]
    [InlineData("alter table orders drop constraint nothing;", "constraint \"nothing\" of relation \"orders\" does not exist")]
    [InlineData("update orders set embeding = null;", "column \"embeding\" of relation \"orders\" does not exist")]
    [InlineData("select '1'::json = '1'::json;", "operator does not exist: json = json")]
    public async Task A_broken_migration_still_fails(string sql, string said)
    {
        var (project, _) = await ProjectAsync();
        await using var __ = project.Runbook("rehearsal: { on: sandbox }").Migration("001_items.sql", "alter table items add column name text;").Migration("002_broken.sql", sql);

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Null(await project.ScalarAsync("select to_regclass('schema_migrations')::text"));
    }

    [Fact]
    public async Task A_migration_that_brings_an_extension_of_which_nobody_knows_anything_is_unproven()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("rehearsal: { on: sandbox }\npolicy: { require_rollback: true }")
            .Migration("004_vector.sql", "create extension vector;\ncreate table items (embedding vector(3));")
            .Migration("005_index.sql", "create index on items using hnsw (embedding vector_l2_ops);")
            .Migration("006_other.sql", "create table others (embedding halfvec(3));");

        var refused = await project.RunAsync("migrate", "--yes");
        var rehearsed = await project.RunAsync("rehearse");

        // Without it on the target's server nothing would run there, and no rehearsal is held.
        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("the server does not have vector (migrations/004_vector.sql:1)", refused.Error, StringComparison.Ordinal);
        Assert.True(rehearsed.ExitCode == 0, rehearsed.ToString());
        Assert.Contains("table public.items, index public.items_embedding_idx, table public.others are unproven", rehearsed.Error, StringComparison.Ordinal);
        foreach (var unproven in (string[])["004 vector", "005 index", "006 other"])
            Assert.Contains($"{unproven} is unproven without extension vector", rehearsed.Error, StringComparison.Ordinal);

        project.Migration("006_other.sql", "create table others (embedding vectr(3));");
        var broken = await project.RunAsync("rehearse");
        Assert.True(broken.ExitCode == 3, broken.ToString());
        Assert.Contains("without extension vector, which this machine lacks: table public.items", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_of_what_the_copy_does_not_have_is_unproven_there_and_done_in_production()
    {
        var (project, _) = await ProjectAsync();
        await using var __ = project.Runbook(Gates).Migration("001_items.sql", "alter table items add column name text;").Migration("002_plain.sql", "create table plain (id int);");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);

        var result = await project.RunAsync("rollback", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var run = JsonDocument.Parse(result.Output);
        Assert.Equal(["002 applied", "001 unproven"], run.RootElement.GetProperty("rehearsal").GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("migration")} {step.GetProperty("status")}"));
        Assert.Equal("warning", Criterion(run, "extensions").GetProperty("verdict").GetString());
        Assert.Null(await project.AppliedAsync());
    }

    [Fact]
    public async Task A_backfill_of_what_the_copy_does_not_have_is_unproven()
    {
        var (project, _) = await ProjectAsync();
        await using var __ = project.Runbook(Gates)
            .Migration("001_items.sql", "alter table items add column name text;")
            .Migration("002_fill.sql", "-- eclusier: batch table=items key=id size=10\nupdate items set name = 'x';");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("20", await project.ScalarAsync("select count(*) from items where name = 'x'"));
    }

    [Fact]
    public async Task A_replayed_folder_is_compared_as_far_as_it_can_be_replayed()
    {
        var (project, extension) = await ProjectAsync();
        await using var _ = project.Runbook()
            .Migration("001_start.sql", $"create schema extensions;\ncreate table plain (id int primary key);")
            .Migration("002_extension.sql", $"create extension {extension.Name} with schema extensions;")
            .Migration("003_items.sql", "create table items (id int primary key, embedding extensions.embedding not null);")
            .Migration("004_orders.sql", "create table orders (id int primary key, note text);")
            .Migration("005_item.sql", "alter table orders add column item int references items;");
        await PostgresServer.ExecuteAsync(project.Url, "create table plain (id int primary key); create table extra (id int);");

        var different = await project.RunAsync("diff", "production", "migrations", "--format", "json");
        await PostgresServer.ExecuteAsync(project.Url, "drop table extra");
        var equal = await project.RunAsync("diff", "production", "migrations");

        Assert.True(different.ExitCode == 6, different.ToString());
        using var comparison = JsonDocument.Parse(different.Output);
        Assert.Equal(["table public.extra"], comparison.RootElement.GetProperty("objects").EnumerateArray().Select(found => $"{found.GetProperty("kind")} {found.GetProperty("name")}"));
        var unproven = Assert.Single(comparison.RootElement.GetProperty("unproven").EnumerateArray());
        Assert.Equal(["002", "003", "005"], unproven.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("migration").GetString()));
        Assert.True(equal.ExitCode == 0, equal.ToString());
        Assert.Contains("equal as far as can be proven", equal.Output, StringComparison.Ordinal);
        Assert.Contains($"? 003 items is unproven without extension {extension.Name}", equal.Output, StringComparison.Ordinal);
    }

    private async Task<(Project Project, FakeExtension Extension)> ProjectAsync()
    {
        var project = await Project.CreateAsync(server);
        var extension = await FakeExtension.CreateInAsync(project.Url);
        await PostgresServer.ExecuteAsync(project.Url, Tables);
        return (project, extension);
    }

    private static JsonElement Criterion(JsonDocument run, string id) =>
        run.RootElement.GetProperty("decision").GetProperty("criteria").EnumerateArray().Single(criterion => criterion.GetProperty("id").GetString() == id);
}

using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Postgres.Backups;

namespace Eclusier.Postgres.Tests.Backups;

/// <summary>A production has an extension that the machine of the sandbox lacks.</summary>
[Collection(nameof(FakeExtension))]
public sealed class MissingExtensionTests(PostgresServer server)
{
    private const string Schema = """
        create table items (id serial primary key, embedding extensions.embedding not null);
        insert into items (embedding) select row(n, n)::extensions.embedding from generate_series(1, 20) n;
        create index items_dims on items (extensions.dims(embedding));
        create view items_view as select id, extensions.dims(embedding) as dims from items;
        create view over_view as select * from items_view;
        create function nearest(to_this extensions.embedding) returns int language sql as 'select 1';
        create table orders (id int primary key, item int references items, number int default nextval('items_id_seq'), note text);
        insert into orders select n, n, n, 'note' from generate_series(1, 10) n;
        create index orders_down on orders (number extensions.downward);
        comment on constraint orders_item_fkey on orders is 'which item';
        comment on table items is 'things';
        grant select on items to pg_monitor;
        grant execute on function extensions.dims(extensions.embedding) to pg_monitor;
        create schema "Odd schema";
        create table "Odd schema"."Odd ""table" (e extensions.embedding, id int generated always as identity);
        insert into fake_jobs.job values (1, 'tidy');
        create table events (at date, e extensions.embedding) partition by range (at);
        create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
        create table plain (id int primary key);
        insert into plain select generate_series(1, 7);
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_does_not_depend_on_it_is_restored_and_the_rest_is_named()
    {
        var (source, extension) = await SourceAsync(Schema);
        using var folder = new TemporaryFolder();

        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        var copy = await server.NewDatabaseAsync();
        var missing = Assert.Single(await PostgresRestore.RestoreAsync(copy, dump, folder.Path, sameServer: false, Cancelled));

        Assert.Equal((extension.Name, null), (missing.Name, missing.Package));
        Assert.Equal(
            [
                "constraint orders_item_fkey on public.orders", "function public.nearest(extensions.embedding)", "index public.orders_down", "table \"Odd schema\".\"Odd \"\"table\"",
                "table public.events", "table public.events_2026", "table public.items", "view public.items_view", "view public.over_view",
            ],
            missing.Unproven.Where(unproven => unproven.Of is null).Select(unproven => unproven.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("public.items", missing.Unproven.Single(unproven => unproven.Name == "public.items_dims").Of);
        await using var connection = await PostgresServer.ConnectAsync(copy);
        Assert.Equal(["public.orders 10", "public.plain 7"], (await RowCounts.OfAsync(connection, Cancelled)).Select(table => $"{table.Key} {table.Value}"));
        // The sequence belongs to a table that is left out, and another one counts with it.
        Assert.Equal(21, await PostgresServer.ScalarAsync<long>(copy, "select nextval('items_id_seq')"));
        Assert.Equal(1, await PostgresServer.ScalarAsync<long>(copy, "select count(*) from pg_constraint where conrelid = 'orders'::regclass"));
    }

    [Fact]
    public async Task What_only_a_functions_body_knows_is_explained_by_the_names_of_the_extension()
    {
        var (source, extension) = await SourceAsync("""
            create function wrapped(t text) returns text language plpgsql immutable as $$ begin return extensions.shout(t); end $$;
            create table docs (id int primary key, body text);
            insert into docs values (1, 'a');
            create index docs_wrapped on docs (wrapped(body));
            create table checked (id int primary key, t text check (wrapped(t) <> 'X'));
            insert into checked values (1, 'a');
            create table child (checked int references checked);
            insert into child values (1);
            """);
        using var folder = new TemporaryFolder();

        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        var copy = await server.NewDatabaseAsync();
        var missing = Assert.Single(await PostgresRestore.RestoreAsync(copy, dump, folder.Path, sameServer: false, Cancelled));

        Assert.Equal(extension.Name, missing.Name);
        Assert.Equal(
            ["constraint child_checked_fkey on public.child", "index public.docs_wrapped", "table public.checked"],
            missing.Unproven.Where(unproven => unproven.Of is null).Select(unproven => unproven.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(1, await PostgresServer.ScalarAsync<long>(copy, "select count(*) from docs"));
    }

    [Fact]
    public async Task An_extension_that_needs_a_missing_one_stays_out_as_well()
    {
        var (source, extension) = await SourceAsync("create table plain (id int);");
        var further = await FakeExtension.CreateInAsync(source, requires: extension);
        await PostgresServer.ExecuteAsync(source, "create table further (f extensions.further);");
        using var folder = new TemporaryFolder();
        await using var production = await PostgresDatabase.OpenAsync(source, "test", Cancelled);
        var dump = await production.DumpAsync(folder.Path, Cancelled);
        await using var copy = await PostgresDatabase.OpenAsync(await server.NewDatabaseAsync(), "test", Cancelled);

        await further.WhileThereAsync(source, () => copy.RestoreAsync(dump, folder.Path, sameServer: false, Cancelled));

        var missing = Assert.Single(copy.MissingExtensions);
        Assert.Equal(extension.Name, missing.Name);
        Assert.Equal([$"extension {further.Name}", "table public.further"], missing.Unproven.Select(unproven => unproven.ToString()).Order(StringComparer.Ordinal));
        var refusal = await Assert.ThrowsAnyAsync<EclusierException>(() => copy.QueryAsync("select null::extensions.further", Cancelled));
        Assert.Contains(extension.Name, copy.WhyUnproven("select null::extensions.further", refusal)!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_does_not_explain_fails_in_the_words_of_the_server()
    {
        // The function is there when the data comes, but not what it reads: no extension's fault.
        var (source, _) = await SourceAsync(Schema + """
            create table rates (id int);
            create function looks(n int) returns boolean language plpgsql as $$ begin return (select count(*) from public.rates) >= 0; end $$;
            create table broken (n int check (looks(n)));
            insert into broken values (1);
            alter table rates rename to rates_of_old;
            """);
        using var folder = new TemporaryFolder();

        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        var copy = await server.NewDatabaseAsync();
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => PostgresRestore.RestoreAsync(copy, dump, folder.Path, sameServer: false, Cancelled));

        Assert.IsType<RefusedException>(error);
        Assert.Contains("public.rates", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_itself_gets_its_backup_back_whole_or_not_at_all()
    {
        var (source, extension) = await SourceAsync(Schema);
        using var folder = new TemporaryFolder();

        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        var beside = await server.NewDatabaseAsync();
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => PostgresRestore.RestoreAsync(beside, dump, folder.Path, sameServer: true, Cancelled));

        Assert.Contains(extension.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_knows_no_extensions_restores_as_well()
    {
        var (source, extension) = await SourceAsync(Schema);
        using var folder = new TemporaryFolder();

        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        var old = JsonSerializer.Deserialize(
            JsonSerializer.Serialize(Manifest(dump with { Extensions = null }), EclusierJson.Compact.BackupManifest), EclusierJson.Compact.BackupManifest)!.Dump;
        var missing = await PostgresRestore.RestoreAsync(await server.NewDatabaseAsync(), old, folder.Path, sameServer: false, Cancelled);

        Assert.Null(old.Extensions);
        Assert.Equal(extension.Name, Assert.Single(missing).Name);
    }

    [Fact]
    public async Task The_manifest_keeps_the_names_that_go_missing()
    {
        var (source, extension) = await SourceAsync("create table plain (id int);");
        using var folder = new TemporaryFolder();

        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        var kept = JsonSerializer.Deserialize(JsonSerializer.Serialize(Manifest(dump), EclusierJson.Compact.BackupManifest), EclusierJson.Compact.BackupManifest)!.Dump;

        var known = Assert.Single(kept.Extensions!);
        Assert.Equal((extension.Name, "extensions"), (known.Name, known.Schema));
        Assert.Equal(["dims", "distance", "shout"], known.Members["routine"]);
        Assert.Contains("fake_jobs.job", known.Members["relation"]);
        Assert.Equal(["fake_jobs"], known.Members["schema"]);
        Assert.Contains("embedding", known.Members["object"]);
    }

    private async Task<(DatabaseUrl Source, FakeExtension Extension)> SourceAsync(string sql)
    {
        var source = await server.NewDatabaseAsync();
        var extension = await FakeExtension.CreateInAsync(source);
        await PostgresServer.ExecuteAsync(source, sql);
        return (source, extension);
    }

    private static BackupManifest Manifest(Dump dump) => new()
    {
        Id = "1",
        TakenAt = DateTimeOffset.UnixEpoch,
        Environment = "production",
        Target = "db",
        ServerVersion = "15",
        Dump = dump,
        SizeBytes = 1,
        Sha256 = "",
        CreatedBy = "",
    };
}

using Eclusier.Postgres.Backups;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Tests.Backups;

public sealed class DumpAndRestoreTests(PostgresServer server)
{
    private const string OddSchema = """"
        create role "Rôle ""odd""";
        create role reader_of_odd;
        create schema "Été's";
        alter schema "Été's" owner to "Rôle ""odd""";
        create type public.mood as enum ('sad', 'it''s fine');
        create table "Été's"."Table ""x""" (
          id int generated always as identity primary key,
          "select" text not null default 'a''b',
          doubled int generated always as (length("select") * 2) stored,
          feeling public.mood default 'sad');
        insert into "Été's"."Table ""x""" ("select") select repeat('é', n) from generate_series(1, 7) n;
        create sequence public.numbers start 42;
        select nextval('public.numbers');
        create table public.events (at date not null, what text) partition by range (at);
        create table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');
        create table public."events_ÉTÉ" partition of public.events default;
        insert into public.events select '2025-12-30'::date + n from generate_series(0, 9) n;
        create table public.parent (id int);
        create table public.child () inherits (public.parent);
        insert into public.child values (1), (2);
        alter table public.parent enable row level security;
        create policy "who may" on public.parent for select to reader_of_odd, "Rôle ""odd""" using (id > 0);
        grant select on public.parent to reader_of_odd;
        create function public.twice(n int) returns int language sql immutable return n * 2;
        create view public.twos as select public.twice(id) as two from public.parent;
        create materialized view public.kept as select 1 as one;
        create unlogged table public.cache (id int);
        insert into public.cache values (1);
        """";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_with_odd_names_comes_back_whole_on_a_server_without_its_roles()
    {
        await using var other = await Postgres.Sandbox.PostgresSandbox.StartAsync(Cancelled);
        var source = await other.CreateEmptyDatabaseAsync(null, Cancelled);
        await PostgresServer.ExecuteAsync(source, OddSchema);
        using var folder = new TemporaryFolder();

        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        var copy = await server.NewDatabaseAsync();
        await PostgresRestore.RestoreAsync(copy, dump, folder.Path, sameServer: false, Cancelled);

        await using var connection = await PostgresServer.ConnectAsync(copy);
        Assert.Equal(dump.RowCounts, await RowCounts.OfAsync(connection, Cancelled));
        Assert.Equal(dump.SchemaFingerprint, await SchemaFingerprint.ComputeAsync(connection, Cancelled));
        Assert.Equal(
            new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["public.cache"] = 1,
                ["public.child"] = 2,
                ["public.events_2025"] = 2,
                ["public.\"events_ÉTÉ\""] = 8,
                ["public.parent"] = 0,
                ["\"Été's\".\"Table \"\"x\"\"\""] = 7,
            },
            dump.RowCounts);
        Assert.Contains("Rôle \"odd\"", dump.Roles);
        Assert.Contains("reader_of_odd", dump.Roles);
        Assert.Equal(43, await PostgresServer.ScalarAsync<long>(copy, "select nextval('public.numbers')"));
    }

    [Fact]
    public async Task Counts_are_those_of_the_dump_while_others_write()
    {
        var source = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(source, "create table grows (id bigint generated always as identity, filler text); insert into grows (filler) select md5(n::text) from generate_series(1, 50000) n");
        using var stop = new CancellationTokenSource();
        var before = await CountAsync(source);
        var writer = InsertUntilAsync(source, stop.Token);
        using var folder = new TemporaryFolder();

        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        var after = await CountAsync(source);
        await stop.CancelAsync();
        await writer;
        var copy = await server.NewDatabaseAsync();
        await PostgresRestore.RestoreAsync(copy, dump, folder.Path, sameServer: false, Cancelled);

        Assert.Equal(dump.RowCounts["public.grows"], await CountAsync(copy));
        Assert.InRange(dump.RowCounts["public.grows"], before, after - 1);
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_dump()
    {
        using var folder = new TemporaryFolder();
        var inside = Path.Combine(folder.Path, "backup");

        var dump = await PostgresDump.WriteAsync(await server.NewDatabaseAsync(), inside, Cancelled);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(inside, dump.File)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(inside));
    }

    [Fact]
    public async Task A_missing_database_is_one_clean_error()
    {
        using var folder = new TemporaryFolder();
        var sandbox = await server.SandboxAsync();

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => PostgresDump.WriteAsync(sandbox.UrlOf("nowhere"), folder.Path, Cancelled));

        Assert.IsType<UnavailableException>(error);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        AssertNoPassword(sandbox.AdminUrl, error);
    }

    [Fact]
    public async Task A_refused_dump_is_a_no_go_in_the_words_of_the_server_and_leaves_no_file()
    {
        var source = await server.NewDatabaseAsync();
        var database = PostgresUrl.Parse(source).Database;
        await PostgresServer.ExecuteAsync(source, "create role dumps_nothing login password 'l1ttle-secret'; create sequence hidden; revoke all on sequence hidden from public");
        var url = new DatabaseUrl(source.Reveal().Replace($"postgres:{PostgresUrl.ChildEnvironment(source)["PGPASSWORD"]}", "dumps_nothing:l1ttle-secret", StringComparison.Ordinal));
        Assert.Equal(database, PostgresUrl.Parse(url).Database);
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => PostgresDump.WriteAsync(url, folder.Path, Cancelled));

        Assert.IsType<RefusedException>(error);
        Assert.Contains("permission denied", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("l1ttle-secret", $"{error.Message} {error.Where} {error.Remedy}", StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public async Task A_cancelled_dump_leaves_no_file()
    {
        var source = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(source, "create table locked (id int)");
        await using var holder = await PostgresServer.ConnectAsync(source);
        await using var transaction = await holder.BeginTransactionAsync(Cancelled);
        await using (var command = new NpgsqlCommand("lock table locked in access exclusive mode", holder, transaction))
            await command.ExecuteNonQueryAsync(Cancelled);
        using var folder = new TemporaryFolder();
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PostgresDump.WriteAsync(source, folder.Path, impatience.Token));

        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(0)]
    public async Task A_truncated_dump_does_not_restore(double share)
    {
        var source = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(source, "create table t as select n, md5(n::text) from generate_series(1, 20000) n");
        using var folder = new TemporaryFolder();
        var dump = await PostgresDump.WriteAsync(source, folder.Path, Cancelled);
        await using (var file = File.OpenWrite(Path.Combine(folder.Path, dump.File)))
            file.SetLength((long)(file.Length * share));

        var copy = await server.NewDatabaseAsync();
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => PostgresRestore.RestoreAsync(copy, dump, folder.Path, sameServer: false, Cancelled));

        Assert.IsType<RefusedException>(error);
        Assert.Contains("pg_restore", error.Message, StringComparison.Ordinal);
    }

    private static Task<long> CountAsync(DatabaseUrl url) => PostgresServer.ScalarAsync<long>(url, "select count(*) from grows");

    private static async Task InsertUntilAsync(DatabaseUrl url, CancellationToken stop)
    {
        await using var connection = await PostgresServer.ConnectAsync(url);
        await using var command = new NpgsqlCommand("insert into grows (filler) values ('new')", connection);
        while (!stop.IsCancellationRequested)
            await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static void AssertNoPassword(DatabaseUrl url, EclusierException error) =>
        Assert.DoesNotContain(PostgresUrl.ChildEnvironment(url)["PGPASSWORD"]!, $"{error.Message} {error.Where} {error.Remedy} {error.InnerException?.Message}", StringComparison.Ordinal);
}

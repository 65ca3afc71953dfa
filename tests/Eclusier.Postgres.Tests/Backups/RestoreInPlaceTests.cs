using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Backups;

/// <summary>As on a hosted server: an owner who is no superuser, beside schemas, triggers, extensions and publications of others.</summary>
public sealed class RestoreInPlaceTests(PostgresServer server)
{
    /// <summary>Of the server's superuser.</summary>
    private const string Hosted = """
        create schema auth; create table auth.users (id int primary key, mail text default 'x'); insert into auth.users values (1), (2);
        grant usage on schema auth to OWNER; grant select, references, trigger on auth.users to OWNER;
        create schema extensions; create extension citext schema extensions; create extension pgcrypto schema public; grant usage on schema extensions to OWNER;
        create function auth.noted() returns event_trigger language plpgsql as $$ begin end $$;
        create event trigger noted on ddl_command_end execute function auth.noted();
        create table public.theirs (id int); insert into public.theirs values (1);
        create publication everything for all tables;
        select lo_from_bytea(0, 'theirs');
        """;

    private const string Own = """
        create type mood as enum ('sad', 'happy'); create domain positive as int check (value > 0); create type pair as (a int, b mood);
        create table t (id bigint generated always as identity primary key, owner int references auth.users, m mood default 'sad', n positive, mail extensions.citext, p pair);
        insert into t (owner, n, mail) select 1, g, 'Ann@x' from generate_series(1, 100) g;
        create table parts (at date, n serial) partition by range (at); create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01'); insert into parts values ('2026-05-05');
        create function twice(int) returns int language sql immutable return $1 * 2; create procedure nothing() language sql as 'select 1';
        create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
        create function greet() returns trigger language plpgsql as $$ begin return new; end $$;
        create trigger greeting after insert on auth.users for each row execute function greet();
        create schema app; create view app.v as select id, twice(n) from t; create table app.o (id int primary key, t bigint references t); insert into app.o values (1, 1), (2, 2);
        create materialized view app.counts as select count(*) from t; create index counts_count on app.counts (count);
        create schema empty; comment on schema empty is 'nothing yet';
        create operator app.=== (leftarg = int, rightarg = int, function = int4eq);
        create collation app.german (provider = icu, locale = 'de');
        create text search configuration app.simple_too (copy = pg_catalog.simple);
        create statistics app.t_stats on id, n from t;
        alter default privileges in schema app grant select on tables to public; alter default privileges revoke execute on functions from public;
        create publication mine for table t;
        select lo_from_bytea(0, 'ours');
        create cast (varchar as mood) with inout as implicit; comment on cast (varchar as mood) is 'ours'; comment on schema public is 'of the owner';
        grant select on t to public; comment on table t is 'ours'; alter table t enable row level security; create policy all_of_it on t using (true);
        """;

    /// <summary>What of others rests on the owner's schemas themselves, what belongs to nobody, and to a role that may create by a grant alone.</summary>
    private const string Afterwards = """
        create publication of_schema for tables in schema app; alter default privileges in schema app grant select on tables to pg_monitor;
        create cast (bool as date) with inout; comment on cast (bool as date) is 'theirs';
        grant usage, create on schema app to MEMBER; create table app.of_member (id int primary key references t); alter table app.of_member owner to MEMBER;
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_is_the_owner_s_is_as_the_backup_has_it_and_what_is_others_is_as_it_was()
    {
        await using var hosted = await Hosting.CreateAsync(server);
        using var workshop = new Workshop(hosted.Owner);
        var (catalog, rows) = (await hosted.CatalogAsync(), await hosted.RowsAsync());
        var backup = (await workshop.BackupAsync()).Backup!.Manifest.Id;
        await PostgresServer.ExecuteAsync(hosted.Owner, """
            drop view app.v; alter table t add column more int; delete from app.o; create table app.newer (id int); create schema later; create table later.x (id int);
            insert into parts values ('2026-06-06'); alter type mood add value 'odd'; drop publication mine; create publication other for table parts; drop function twice(int) cascade;
            alter default privileges in schema app grant insert on tables to public; alter default privileges grant execute on functions to public;
            select lo_unlink(oid) from pg_largeobject_metadata where pg_has_role(lomowner, 'usage'); select lo_from_bytea(0, 'newer'); create extension hstore;
            comment on schema public is 'later'; grant create on schema public to public; grant usage on schema app to pg_monitor; drop cast (varchar as mood);
            """);

        var restored = await workshop.RestoreAsync(backup, inPlace: true);

        Assert.True(restored.Outcome == RunOutcome.Done, string.Join('\n', restored.Problems));
        Assert.Equal(catalog, await hosted.CatalogAsync());
        Assert.Equal(rows, await hosted.RowsAsync());
        Assert.Contains(restored.Restore!.Warnings, warning => warning.En.Contains("schema auth", StringComparison.Ordinal));
        Assert.Equal(["auth.users", "public.theirs"], restored.Restore.LeftAlone.Tables);
    }

    [Theory]
    [InlineData("create view auth.ours as select id from public.t", "view auth.ours")]
    [InlineData("alter table auth.users add column m public.mood default 'happy'", "column m of table auth.users")]
    [InlineData("alter table auth.users add t bigint references public.t", "constraint users_t_fkey on table auth.users")]
    [InlineData("create policy ours on auth.users using (public.twice(id) > 0)", "policy ours on table auth.users")]
    [InlineData("create publication theirs for table public.t", "publication theirs")]
    public async Task Where_something_of_others_would_go_along_nothing_is_changed(string sql, string named)
    {
        await using var hosted = await Hosting.CreateAsync(server);
        await PostgresServer.ExecuteAsync(hosted.Superuser, sql);
        using var workshop = new Workshop(hosted.Owner);
        var backup = (await workshop.BackupAsync()).Backup!.Manifest.Id;
        await PostgresServer.ExecuteAsync(hosted.Owner, "delete from app.o");
        var (catalog, rows) = (await hosted.CatalogAsync(), await hosted.RowsAsync());

        var refused = await Assert.ThrowsAnyAsync<EclusierException>(() => workshop.RestoreAsync(backup, inPlace: true));

        Assert.IsType<RefusedException>(refused);
        Assert.Contains(named, refused.Problem.En, StringComparison.Ordinal);
        Assert.Equal(catalog, await hosted.CatalogAsync());
        Assert.Equal(rows, await hosted.RowsAsync());
    }

    [Fact]
    public async Task What_a_restore_that_was_killed_left_is_named_and_removed_by_the_next()
    {
        var url = await server.NewDatabaseAsync();
        using var workshop = new Workshop(url);
        await workshop.BackupAsync();
        var name = PostgresUrl.Describe(url).Split('/')[^1];
        var (left, other) = ($"{name}_restored_20260101_000000", $"{name}_restored_by_hand");
        await PostgresServer.ExecuteAsync(url, $"create database {left}; create database {other};");

        Assert.Equal(RunOutcome.Done, (await workshop.RestoreAsync()).Outcome);

        Assert.Contains(workshop.Told, told => told.Contains(left, StringComparison.Ordinal));
        Assert.Equal(other, await PostgresServer.ScalarAsync<string>(url, $"select string_agg(datname, ',') from pg_database where datname like '{name}\\_restored%'"));
    }

    /// <summary>A database of an owner on a server of somebody else.</summary>
    private sealed record Hosting(DatabaseUrl Superuser, DatabaseUrl Owner, string Role) : IAsyncDisposable
    {
        public static async Task<Hosting> CreateAsync(PostgresServer server)
        {
            var superuser = await server.NewDatabaseAsync();
            var name = PostgresUrl.Describe(superuser).Split('/')[^1];
            var role = $"owner_{name}";
            await PostgresServer.ExecuteAsync(superuser, $"create role {role} login password 'pw'; create role member_{name}; grant member_{name} to {role}; alter database {name} owner to {role};");
            await PostgresServer.ExecuteAsync(superuser, Hosted.Replace("OWNER", role, StringComparison.Ordinal));
            var owner = new DatabaseUrl(new UriBuilder(superuser.Reveal()) { UserName = role, Password = "pw" }.Uri.ToString());
            await PostgresServer.ExecuteAsync(superuser, $"grant select on all tables in schema public to {role}; grant select on large object {await PostgresServer.ScalarAsync<uint>(superuser, "select max(oid) from pg_largeobject_metadata")} to {role};");
            await PostgresServer.ExecuteAsync(owner, Own);
            await PostgresServer.ExecuteAsync(superuser, Afterwards.Replace("MEMBER", $"member_{name}", StringComparison.Ordinal));
            return new Hosting(superuser, owner, role);
        }

        public async Task<string> CatalogAsync()
        {
            await using var database = await PostgresDatabase.OpenAsync(Superuser, "test", Cancel);
            return string.Join('\n', (await database.SnapshotAsync(Cancel)).Objects.Select(found => $"{found.Kind} {found.Name}: {found.Definition}").Order(StringComparer.Ordinal));
        }

        public Task<string> RowsAsync() => PostgresServer.ScalarAsync<string>(Superuser, """
            select concat_ws(' ', (select count(*) || ':' || sum(n) from t), (select count(*) from app.o), (select count(*) from parts), (select count(*) from auth.users), (select count(*) from theirs),
              (select string_agg(encode(lo_get(oid), 'escape'), ',' order by 1) from pg_largeobject_metadata), (select string_agg(extname, ',' order by 1) from pg_extension), (select last_value from t_id_seq))
            """);

        public async ValueTask DisposeAsync()
        {
            var name = PostgresUrl.Describe(Superuser).Split('/')[^1];
            await PostgresServer.ExecuteAsync(PostgresUrl.WithDatabase(Superuser, "postgres"), $"drop database {Identifier.Quote(name)} with (force); drop role {Role}; drop role member_{name};");
        }
    }
}

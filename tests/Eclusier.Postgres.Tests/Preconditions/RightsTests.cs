using Eclusier.Evidence;
using Eclusier.Migrations;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Eclusier.Runs;
using Npgsql;

namespace Eclusier.Postgres.Tests.Preconditions;

/// <summary>What is said of rights beforehand is held against what the server says when the very statement is run.</summary>
public sealed class RightsTests(PostgresServer server)
{
    /// <summary>{me} owns the schema app, which its search path begins with; {group} is a role of its own, {other} is not.</summary>
    private static readonly string[] Migrations =
    [
        "create table t (id int)", "create table public.t (id int)", "create table closed.t2 (id int)", "create table t (id int references public.theirs)", "create table t (id int references public.referenced)",
        "create table t () inherits (public.theirs)", "create table if not exists public.theirs (id int)", "create temp table x (id int)", "create view v as select 1", "create or replace view public.theirs_view as select 1 as one",
        "create index on public.theirs (note)", "create index on mine (id)", "alter table public.theirs add column x int", "alter table mine add column x int", "alter table mine add foreign key (id) references public.theirs",
        "alter table mine owner to {other}", "alter table public.theirs rename to x", "alter table mine rename column id to x", "alter table if exists nothing add column x int",
        "drop table public.theirs", "drop table mine", "drop table if exists nothing", "drop view public.theirs_view", "drop schema closed", "drop type public.theirs_type", "drop function public.theirs_f(int)", "drop table closed.t",
        "truncate public.theirs", "insert into public.theirs values (1)", "insert into public.inserted values (1)", "update public.theirs set note = ''", "delete from public.readable", "select count(*) from public.readable",
        "select * from public.theirs", "select * from closed.t", "with theirs as (select 1) select * from theirs", "insert into mine select id from public.theirs", "insert into mine values (1)",
        "create trigger x before update on public.theirs for each row execute function suppress_redundant_updates_trigger()", "create policy p on public.theirs", "create policy p on mine",
        "comment on table public.theirs is 'x'", "comment on column mine.id is 'x'", "create schema another", "create schema if not exists app", "create extension if not exists plpgsql", "create extension file_fdw",
        "create role another_{me}", "create event trigger e on ddl_command_start execute function public.theirs_f()", "create publication p for table public.theirs", "create publication p for all tables",
        "set role {other}", "set role {group}; create table public.of_group (id int)", "set role {group}; alter table mine add column x int", "set session_replication_role = replica", "set work_mem = '8MB'",
        "set search_path = public; create table t (id int)", "set search_path = app; create table t (id int); alter table theirs add column x int", "create function public.f() returns int language sql as 'select 1'",
        "create function f() returns int language sql as 'select 1'", "create function f() returns int language c as 'x', 'y'", "create type public.e as enum ('a')", "alter type public.theirs_type add value 'z'", "create domain d as int",
        "copy mine to program 'true'", "alter default privileges for role {other} grant select on tables to {me}", "refresh materialized view public.theirs_mv", "grant select on mine to {other}", "analyze public.theirs",
        "create table n (id int); alter table n add column x int; drop table n", "drop table mine; create table mine (id int)", "alter table mine rename to theirs2; alter table theirs2 add column x int",
        "create table app.\"Odd \"\" name\" (id int); insert into app.\"Odd \"\" name\" values (1)", "alter table public.\"Theirs, too\" add column x int",
    ];

    /// <summary>Each kind of object that has an owner, and what else the server asks for.</summary>
    private static readonly string[] OfEveryKind =
    [
        "alter type public.theirs_type rename to x", "alter type public.theirs_type set schema app", "alter function public.theirs_f(int) rename to x", "alter function public.theirs_f(int) owner to {group}",
        "alter sequence public.theirs_s increment 2", "alter sequence public.theirs_s owned by none", "alter domain public.theirs_d rename to x", "alter collation public.theirs_c rename to x", "alter statistics public.theirs_st rename to x",
        "alter text search configuration public.theirs_tc rename to x", "alter text search dictionary public.theirs_td (stopwords = english)", "alter operator public.=== (int, int) owner to {group}", "alter aggregate public.theirs_a(int) rename to x",
        "alter publication theirs_pub set (publish = 'insert')", "alter event trigger theirs_et disable", "alter extension citext update", "drop extension citext", "drop publication theirs_pub", "drop operator public.=== (int, int)",
        "drop aggregate public.theirs_a(int)", "drop collation public.theirs_c", "drop statistics public.theirs_st", "drop function mine_f()", "alter function mine_f() rename to x", "alter function mine_f() owner to {group}", "alter function mine_f() leakproof",
        "comment on function public.theirs_f(int) is 'x'", "comment on type public.theirs_type is 'x'", "comment on domain public.theirs_d is 'x'", "comment on constraint theirs_pkey on public.theirs is 'x'", "comment on extension citext is 'x'",
        "comment on publication theirs_pub is 'x'", "comment on function mine_f() is 'x'", "comment on schema public is 'x'", "comment on schema app is 'x'", "comment on large object 4711 is 'x'", "comment on role {other} is 'x'",
        "create table t (like public.theirs)", "create table t (like public.readable)", "create table t (a closed.e)", "create table t (a public.reserved)", "create domain d as public.reserved", "create function f(public.reserved) returns int language sql as 'select 1'",
        "create table if not exists mine (id int references public.theirs, a public.reserved)", "create view v as select * from closed.t", "create view v as select * from public.theirs", "select id into public.x from mine", "select id into x from mine",
        "reindex table public.theirs", "reindex table mine", "reindex index public.theirs_pkey", "cluster public.theirs using theirs_pkey", "lock public.theirs in exclusive mode", "lock public.readable in access share mode", "lock public.readable in exclusive mode", "lock mine",
        "grant select on public.theirs to {other}", "grant select on public.readable to {other}", "grant execute on function public.locked_f() to {other}", "grant select on all tables in schema public to {other}", "grant usage on sequence public.theirs_s to {other}", "grant {other} to {me}",
        "create cast (public.theirs_type as int) with inout", "create cast (app.mine_type as int) with inout", "create cast (app.mine_type as int) without function", "create type base", "create function f() returns int language sql leakproof as 'select 1'",
        "alter table mine disable trigger all", "alter table keyed disable trigger all", "alter table keyed disable trigger user", "create trigger x before update on mine for each row execute function closed.tf()",
        "delete from public.deletable", "delete from public.deletable where id = 1", "update public.updatable set id = 2", "update public.updatable set id = id + 1 where id > 1", "with gone as (delete from public.theirs returning 1) select count(*) from gone",
        "merge into public.theirs t using mine m on m.id = t.id when matched then delete", "select id from public.readable for update", "call public.locked_p()", "select public.locked_f()", "select nextval('public.theirs_s')", "explain insert into public.theirs values (1)",
        "copy (select * from public.theirs) to program 'true'", "load 'auto_explain'", "select set_config('session_replication_role', 'replica', true)", "select set_config('work_mem', '8MB', false)", "select lo_unlink(4711)", "reset session_replication_role", "set session authorization {other}", "drop owned by {other}", "reassign owned by {other} to {me}", "alter role {other} login", "alter role {me} set work_mem = '8MB'",
        "alter role {me} password 'x'", "alter role all set work_mem = '8MB'", "create publication p for tables in schema app", "create operator family x using btree", "create statistics public.x on id, id2 from keyed", "truncate public.theirs restart identity",
    ];

    private static readonly string[] CameWith15 = ["merge into", "tables in schema"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_beforehand_is_what_the_server_says()
    {
        await using var place = await Place.CreateAsync(server);
        var wrong = new List<string>();
        var version = await PostgresServer.ScalarAsync<int>(place.Admin, "select current_setting('server_version_num')::int / 10000");
        foreach (var migration in Migrations.Concat(OfEveryKind).Where(migration => version >= 15 || !CameWith15.Any(migration.Contains)))
        {
            var sql = place.Fill(migration);
            var said = await place.RightsAsync(sql);
            var refused = await place.IsRefusedAsync(sql);
            // Other tests make the roles of a host, whose extensions lend rights of a superuser's: then some of them are no more than a warning.
            var mayBeLent = said.Verdict == Verdict.Warning && await PostgresServer.ScalarAsync<bool>(place.Admin, "select exists (select from pg_roles where rolname = 'supabase_admin')");
            if (refused != (said.Verdict == Verdict.Failed || mayBeLent) || (said.Verdict == Verdict.Warning && !mayBeLent))
                wrong.Add($"{sql}: the server {(refused ? "refuses" : "does not refuse")}; said: {said.Verdict} {said.Evidence.En}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        // After what may have changed any right nothing is claimed.
        Assert.Equal(Verdict.Warning, (await place.RightsAsync("do $$ begin null; end $$; alter table public.theirs add column z int")).Verdict);
        Assert.Equal(Verdict.Warning, (await place.RightsAsync("select public.grants(); alter table public.theirs add column z int")).Verdict);
    }

    [Fact]
    public async Task A_missing_right_is_a_no_go_before_the_backup_and_so_is_a_missing_extension()
    {
        await using var place = await Place.CreateAsync(server);
        var rights = await place.MigrateAsync("alter table public.theirs add column x int");
        var extension = await place.MigrateAsync("create extension no_such_extension");

        Assert.Equal((RunOutcome.NoGo, RunOutcome.NoGo), (rights.Outcome, extension.Outcome));
        Assert.Null(rights.Backup);
        var criterion = rights.Decision!.Criteria.Single(found => found.Id == "rights");
        Assert.Contains("ownership of theirs (migrations/001_next.sql:1)", criterion.Evidence.En.Replace("public.", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("no_such_extension (", extension.Decision!.Criteria.Single(found => found.Id == "server_extensions").Evidence.En, StringComparison.Ordinal);
        Assert.Equal(Verdict.Passed, rights.Decision.Criteria.Single(found => found.Id == "disk").Verdict);
        Assert.Contains("unproven", rights.Decision.Criteria.Single(found => found.Id == "disk").Evidence.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tracking_table_is_asked_about_too()
    {
        await using var place = await Place.CreateAsync(server, path: "closed");

        var said = await place.RightsAsync("select 1");

        Assert.Equal(Verdict.Failed, said.Verdict);
        Assert.Contains("CREATE on schema closed (tracking)", said.Evidence.En, StringComparison.Ordinal);
    }

    /// <summary>A database of somebody else's, and a role with few rights in it.</summary>
    private sealed class Place(DatabaseUrl admin, string id, string folder) : IAsyncDisposable
    {
        private DatabaseUrl Url => new($"postgresql://{Me}:x@{string.Join(',', PostgresUrl.Parse(admin).Hosts.Select(Uri.EscapeDataString))}:{PostgresUrl.Parse(admin).Ports[0]}/{PostgresUrl.Parse(admin).Database}");

        private string Me => $"me_{id}";

        public static async Task<Place> CreateAsync(PostgresServer server, string path = "app, public")
        {
            var place = new Place(await server.NewDatabaseAsync(), Guid.NewGuid().ToString("N")[..8], Directory.CreateTempSubdirectory("eclusier-rights").FullName);
            await PostgresServer.ExecuteAsync(place.Admin, place.Fill(
                """
                create role {me} login noinherit password 'x'; create role {other}; create role {group}; grant {group} to {me};
                create schema app authorization {me}; create schema closed; create table closed.t (id int);
                create table theirs (id int primary key, note text); create table "Theirs, too" (id int); create table referenced (id int primary key); create table readable (id int); create table inserted (id int);
                create view theirs_view as select 1 as one; create materialized view theirs_mv as select 1 as one; create type theirs_type as enum ('a');
                create function theirs_f(a int) returns int language sql as 'select 1'; create function grants() returns int language sql as 'select 1';
                grant references on referenced to {me}; grant select on readable to {me}; grant insert on inserted to {me}; grant create on schema public to {group}; revoke create on schema public from public;
                create sequence theirs_s; create domain theirs_d as int; create collation theirs_c from "C"; create statistics theirs_st on id, note from theirs; create text search configuration theirs_tc (copy = simple);
                create text search dictionary theirs_td (template = simple); create operator === (function = int4eq, leftarg = int, rightarg = int); create aggregate theirs_a(int) (sfunc = int4pl, stype = int); create publication theirs_pub;
                create function theirs_e() returns event_trigger language plpgsql as 'begin end'; create event trigger theirs_et on sql_drop execute function theirs_e(); create extension citext; select lo_create(4711);
                create type closed.e as enum ('a'); create type reserved as enum ('a'); revoke usage on type reserved from public; create function locked_f() returns int language sql as 'select 1'; create procedure locked_p() language sql as 'select 1';
                revoke execute on function locked_f() from public; revoke execute on procedure locked_p() from public; create function closed.tf() returns trigger language plpgsql as 'begin return new; end';
                create table deletable (id int); grant delete on deletable to {me}; create table updatable (id int); grant update on updatable to {me};
                create function app.mine_f() returns int language sql as 'select 1'; alter function app.mine_f() owner to {me}; create type app.mine_type as enum ('a'); alter type app.mine_type owner to {me};
                create table app.keyed (id int primary key references referenced, id2 int); alter table app.keyed owner to {me};
                create table app.mine (id int); alter table app.mine owner to {me}; grant usage, create on schema app to {group};
                """));
            await PostgresServer.ExecuteAsync(place.Admin, place.Fill($"alter role {{me}} in database \"{PostgresUrl.Parse(place.Admin).Database}\" set search_path = {path}"));
            if (path == "closed")
                await PostgresServer.ExecuteAsync(place.Admin, place.Fill("grant usage on schema closed to {me}"));
            return place;
        }

        public DatabaseUrl Admin => admin;

        public string Fill(string sql) => sql.Replace("{me}", Me, StringComparison.Ordinal).Replace("{other}", $"other_{id}", StringComparison.Ordinal).Replace("{group}", $"group_{id}", StringComparison.Ordinal);

        public async Task<Criterion> RightsAsync(string sql)
        {
            await using var database = await PostgresDatabase.OpenAsync(Url, "test", Cancel);
            var plan = await database.PlanAsync(Runbook(sql), new TargetEnvironment("production", Url), Cancel);
            return (await database.PreconditionsAsync(plan, Runbook(sql), Cancel)).Single(found => found.Id == "rights");
        }

        public async Task<bool> IsRefusedAsync(string sql)
        {
            await using var connection = await PostgresServer.ConnectAsync(Url);
            try
            {
                foreach (var statement in ScriptSplitter.Split(sql).Select(found => found.Sql).Prepend("begin"))
                {
                    await using var command = new NpgsqlCommand(statement, connection);
                    await command.ExecuteNonQueryAsync(Cancel);
                }

                return false;
            }
            catch (PostgresException error)
            {
                return error.SqlState == PostgresErrorCodes.InsufficientPrivilege;
            }
        }

        public Task<RunRecord> MigrateAsync(string sql)
        {
            var runbook = Runbook(sql) with { Backup = new BackupSettings { To = [Path.Combine(folder, "backups")], Copies = 1 } };
            return new MigrationRun(new RunSetup(runbook, new TargetEnvironment("production", Url), new PostgresEngine(), new RunOptions { Yes = true }, new TestObserver(), TimeProvider.System)).MigrateAsync(Cancel);
        }

        private Runbook Runbook(string sql)
        {
            var migrations = Directory.CreateDirectory(Path.Combine(folder, "migrations")).FullName;
            File.WriteAllText(Path.Combine(migrations, "001_next.sql"), sql);
            return new Runbook
            {
                Directory = folder,
                Name = "test",
                Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal),
                Migrations = new MigrationSettings { Path = migrations, Target = "production" },
            };
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}

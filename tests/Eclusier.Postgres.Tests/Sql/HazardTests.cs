using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Sql;

[Trait("Needs", "no server")]
public sealed class HazardTests
{
    private static readonly Dictionary<string, TableFacts> Unknown = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, TableFacts> Known = new(StringComparer.Ordinal)
    {
        ["public.users"] = new("public", "users", 9_000, 2_200_000, 0, RowSecurity: false, 0),
        ["app.events"] = new("app", "events", 4_000_000, 3_000_000_000, 0, RowSecurity: false, 0),
    };

    /// <summary>One example for each rule, and the neighbours that are none.</summary>
    public static TheoryData<string, string> Examples => new()
    {
        { "drop table users", "drop-table High" },
        { "drop table a, b", "drop-table High, drop-table High" },
        { "alter table users drop column x", "drop-column High" },
        { "drop schema s", "drop-schema High" },
        { "drop schema s cascade", "drop-schema High, drop-cascade High" },
        { "drop database d", "drop-database High" },
        { "drop owned by r", "drop-owned High" },
        { "truncate users", "truncate High" },
        { "delete from users where id = 1", "delete High" },
        { "with d as (delete from users returning *) insert into old select * from d", "delete High" },
        { "with d as (delete from users returning *) select * from d", "delete High" },
        { "update users set x = 1", "update High" },
        { "update users set x = 1 where id = 1", "update Medium" },
        { "-- eclusier: batch table=users key=id size=10\nupdate users set x = 1", "update Medium" },
        { "-- eclusier: batch table=users key=id size=10\nupdate users set x = 1 where x is null", "update Low" },
        { "insert into users values (1) on conflict (id) do update set x = 1", "update Medium" },
        { "insert into users values (1) on conflict do nothing", "" },
        { "merge into users using u on true when matched and x then delete when matched then update set x = 1", "delete High, update Medium" },
        { "create index on users (x)", "create-index Medium" },
        { "create index concurrently i on users (x)", "" },
        { "reindex table users", "reindex Medium" },
        { "reindex table concurrently users", "" },
        { "alter table users alter x type bigint", "alter-column-type Medium" },
        { "alter table users alter x type varchar(5) using x::varchar(5)", "alter-column-type Medium, narrow-type High" },
        { "alter table users alter x type varchar(5) using upper(x)", "alter-column-type Medium" },
        { "drop function f(); create function f(x int) returns int language sql as 'select x'", "drop-function Low, function-signature Medium" },
        { "drop function f(); create function g(x int) returns int language sql as 'select x'", "drop-function Low" },
        { "alter table users alter x set not null", "set-not-null Medium" },
        { "alter table users alter x set default 1", "" },
        { "alter table users add foreign key (x) references t", "add-foreign-key Medium" },
        { "alter table users add foreign key (x) references t not valid", "" },
        { "alter table users add check (x > 0)", "add-check Medium" },
        { "alter table users add column x int check (x > 0)", "add-check Medium" },
        { "alter table users add check (x > 0) not valid", "" },
        { "alter table users add unique (x)", "add-unique Medium" },
        { "alter table users add constraint u unique using index i", "" },
        { "alter table users add primary key using index i", "" },
        { "alter table users add x uuid default gen_random_uuid()", "add-column-volatile-default Medium" },
        { "alter table users add x float default 1 + random()", "add-column-volatile-default Medium" },
        { "alter table users add x serial", "add-column-volatile-default Medium" },
        { "alter table users add x int generated always as identity", "add-column-volatile-default Medium" },
        { "alter table users add x timestamptz default now()", "" },
        { "alter table users add x int default 1 not null", "" },
        { "vacuum full users", "vacuum-full Medium" },
        { "vacuum (full) users", "vacuum-full Medium" },
        { "vacuum (full false) users", "" },
        { "vacuum users", "" },
        { "cluster users using i", "cluster Medium" },
        { "lock table users", "lock-table Medium" },
        { "alter table users rename to people", "rename-table Medium" },
        { "alter table users rename x to y", "rename-column Medium" },
        { "alter index i rename to j", "" },
        { "create or replace view v as select 1", "replace-view Medium" },
        { "create view v as select 1", "" },
        { "drop view v", "drop-view Medium" },
        { "drop materialized view v", "drop-view Medium" },
        { "drop function f(int)", "drop-function Low" },
        { "do $$ begin end $$", "" },
        { "do $$ begin execute 'drop table ' || 'users'; end $$", "do-block Low" },
        { "do $$ begin execute 'drop table users'; end $$", "drop-table High" },
        { "do $$ begin if true then truncate users; end if; end $$", "truncate High" },
        { "do $$ begin create table t (x int); create index on t (x); end $$", "" },
        { "do language plperl 'whatever'", "do-block Low" },
        { "create function f() returns void language plpgsql as 'begin truncate users; end'", "truncate Low" },
        { "create function f() returns void language plpgsql as 'begin update users set x = 1 where y; create index on users (x); end'", "" },
        { "create function f() returns void language sql as 'drop table users'", "drop-table Low" },
        { "create function f() returns int language c as 'lib', 'f'", "" },
        { "create function f() returns int begin atomic; select 1; end", "" },
        { "this is no SQL", "unclassified Medium" },
        { "create table t (id bigint primary key, x int check (x > 0) references users)", "" },
        { "create table t (id int); create index on t (id); update t set id = 1; drop table t", "" },
        { "create table s.t (id int); create index on t (id)", "create-index Medium" },
        { "create table t (id int); alter table t rename to u; create index on u (id)", "" },
        { "create table t (id int); drop table t; drop table t", "drop-table High" },
        { "alter table users add constraint c check (x > 0) not valid; alter table users validate constraint c", "validate-in-same-transaction Medium" },
        { "alter table users validate constraint c", "" },
        { "-- eclusier: no-transaction\nalter table users add constraint c check (x > 0) not valid; alter table users validate constraint c", "" },
        { "alter table p attach partition q for values in (1)", "attach-partition Medium" },
        { "create table q (x int); alter table p attach partition q for values in (1)", "" },
        { "create table q partition of p for values in (1)", "create-partition Low" },
        { "create table p (x int) partition by list (x); create table q partition of p for values in (1)", "" },
        { "alter table p detach partition q", "detach-partition Medium" },
        { "alter table p detach partition q concurrently", "" },
        { "alter table users set logged", "set-logged Medium" },
        { "alter table users set (fillfactor = 70)", "" },
        { "alter table users set tablespace fast", "set-tablespace Medium" },
        { "alter table users set access method heap", "set-tablespace Medium" },
        { "refresh materialized view m", "refresh-materialized-view Medium" },
        { "refresh materialized view concurrently m", "" },
        { "create materialized view m as select 1; refresh materialized view m", "" },
        { "create trigger t before insert on users execute function f()", "create-trigger Low" },
        { "create table t (x int); create trigger g before insert on t execute function f()", "" },
        { "alter table a add x int; alter table b add x int; alter table c add x int", "many-locks Low" },
        { "alter table a add x int; alter table a add y int; alter table b add x int", "" },
        { "create table a (x int); alter table a add y int; alter table b add x int; alter table c add x int", "" },
        { "alter table a add x int; alter table b rename y to z; drop table c", "rename-column Medium, drop-table High, many-locks Low" },
        { "alter table users add x int; update users set x = 1 where y", "update Medium, backfill-under-lock Medium" },
        { "alter table users add x int; insert into users select * from old", "backfill-under-lock Medium" },
        { "alter table users add x int; insert into users values (1)", "" },
        { "alter table users add x int; update other set y = 1 where z", "update Medium" },
        { "set lock_timeout = 0", "no-lock-timeout Medium" },
        { "set local lock_timeout to '0'", "no-lock-timeout Medium" },
        { "reset lock_timeout", "no-lock-timeout Medium" },
        { "set local lock_timeout = '5s'", "" },
        { "set statement_timeout = 0", "" },
        { "drop type t", "drop-type Medium" },
        { "drop domain d", "drop-type Medium" },
        { "alter table users drop constraint c cascade", "drop-cascade High, drop-constraint Low" },
        { "alter table users drop constraint c", "drop-constraint Low" },
        { "alter table users drop constraint users_pkey", "drop-constraint Medium" },
        { "alter table users drop constraint c, add constraint c check (x > 0) not valid", "" },
        { "create table t (x int constraint c check (x > 0)); alter table t drop constraint c", "" },
        { "create table t (x int); drop table t cascade", "" },
        { "alter table users alter x drop not null", "drop-not-null Low" },
        { "alter table users alter x drop default", "" },
        { "alter type t add value 'a' after 'b'", "add-enum-value Low" },
        { "create type t as enum ('a')", "" },
        { "alter type t rename value 'a' to 'b'", "rename-enum-value Medium" },
        { "alter type t rename to u", "rename-function Medium" },
        { "alter table users add x int not null", "add-not-null-column Medium" },
        { "alter table users add x int", "" },
        { "alter table users add x bigserial not null", "add-column-volatile-default Medium" },
        { "create table t (id bigint); alter table t add x int not null", "" },
        { "alter function f() rename to g", "rename-function Medium" },
        { "alter procedure f() rename to g", "rename-function Medium" },
        { "alter sequence s rename to r", "" },
        { "vacuum users; select 1", "mixed-transaction Medium" },
        { "set search_path = app; create index concurrently i on users (x)", "" },
        { "create index concurrently i on users (x); drop index concurrently j", "" },
        { "alter table users enable row level security; create table t (x int)", "row-security-missing Medium" },
        { "alter table users enable row level security; create table t (x int); alter table t enable row level security", "" },
        { "alter table app.users enable row level security; create table t (x int)", "" },
        { "create table t (x int)", "" },
        { "create policy p on users using (true)", "policy-using-true Medium" },
        { "create policy p on users for insert with check (true)", "policy-using-true Medium" },
        { "create policy p on users for select using (true)", "policy-using-true Low" },
        { "create policy p on users using (x = current_user)", "" },
        { "create function f() returns int language sql security definer as 'select 1'", "security-definer Medium" },
        { "create function f() returns int language sql security definer set search_path = '' as 'select 1'", "" },
        { "create function f() returns int language sql security definer set search_path from current as 'select 1'", "" },
        { "create function f() returns int language sql security invoker as 'select 1'", "" },
        { "grant select on users to public", "grant-to-public Medium" },
        { "grant select on users to app", "" },
        { "revoke all on users from public", "" },
        { "alter table users enable row level security; create view v as select * from users", "view-bypasses-row-security Medium" },
        { "alter table users enable row level security; create view v with (security_invoker) as select * from users", "" },
        { "create view v as select * from users", "" },
        { "create role r login password 'x'", "password-in-sql High" },
        { "alter role r with password 'x'", "password-in-sql High" },
        { "alter role r with password null", "" },
        { "create role r login", "" },
        { "create table t (id int primary key)", "int-primary-key Low" },
        { "create table t (id bigserial primary key)", "" },
        { "create table t (code text primary key, n int)", "" },
        { "create table t (at timestamp)", "timestamp-without-time-zone Low" },
        { "alter table users add at timestamp(3)", "timestamp-without-time-zone Low" },
        { "create table t (at timestamptz, d date)", "" },
        { "create table if not exists t (x bigint)", "if-not-exists Low" },
        { "create index concurrently if not exists i on users (x)", "if-not-exists Low" },
        { "create schema if not exists s", "" },
        { "create extension if not exists pgcrypto", "" },
        { "create table t (a123456789012345678901234567890123456789012345678901234567890123 int)", "long-identifier Medium" },
        { "create table t (\"a123456789012345678901234567890123456789012345678901234567890123\" int)", "long-identifier Medium" },
        { "create table t (a12345678901234567890123456789012345678901234567890123456789012 int)", "" },
        { "select 'a123456789012345678901234567890123456789012345678901234567890123 is only a text'", "" },
        { "drop index i", "drop-index Low" },
        { "drop index concurrently i", "" },
        { "drop function f(int); create or replace function f(int) returns int language sql as 'select 1'", "drop-function Low" },
        { "create function f() returns int language sql as 'select 1'; drop function f()", "drop-function Low" },
        { "drop function f(int[]); create function f(x int[]) returns int language sql as 'select 1'", "drop-function Low" },
        { "set lock_timeout = '5s'; alter table users add x int; reset lock_timeout", "" },
        { "create policy p on users to service_role using (true)", "" },
        { "alter policy p on users using (true)", "policy-using-true Medium" },
        { "create table t (id int, primary key (id))", "int-primary-key Low" },
        { "create table t (a int, b int, primary key (a, b))", "" },
        { "create user mapping for r server s options (user 'r', password 'x')", "password-in-sql High" },
        { "create subscription s connection 'host=h password=x' publication p with (connect = false)", "password-in-sql High" },
        { "alter index i set tablespace fast", "set-tablespace Medium" },
        { "alter table all in tablespace a set tablespace b", "set-tablespace Medium" },
        { "alter domain d add check (value > 0)", "domain-constraint Medium" },
        { "alter domain d add constraint c check (value > 0) not valid", "" },
        { "alter domain d set not null", "domain-constraint Medium" },
        { "drop trigger t on users", "drop-helper Low" },
        { "drop trigger if exists t on users; create trigger t before insert on users execute function f()", "create-trigger Low" },
        { "drop policy p on users", "drop-helper Low" },
        { "drop sequence s", "drop-helper Medium" },
        { "drop extension pg_trgm", "drop-helper Medium" },
        { "create table t (c char(3), j json, m money, price float8, ratio float8)", "column-type Low, column-type Low, column-type Low, column-type Low" },
        { "create unlogged table t (x int)", "unlogged-table Low" },
        { "alter table users disable trigger all", "disable-triggers Medium" },
        { "alter table users disable trigger user", "disable-triggers Medium" },
        { "alter table users disable trigger t", "disable-triggers Medium" },
        { "alter table users enable trigger all", "" },
        { "set session_replication_role = replica", "disable-triggers Medium" },
        { "select set_config('session_replication_role', 'replica', true)", "disable-triggers Medium" },
        { "set session_replication_role = origin", "" },
        { "create table t (x int); alter table t disable trigger all", "" },
        { "alter table users disable row level security", "row-security-off Medium" },
        { "alter table users no force row level security", "row-security-off Medium" },
        { "alter role r superuser", "powerful-role High" },
        { "create role r bypassrls", "powerful-role High" },
        { "alter role r nosuperuser nobypassrls", "" },
        { "grant pg_read_server_files to r", "powerful-role Medium" },
        { "grant r to s", "" },
        { "alter default privileges grant all on tables to public", "grant-to-public Medium" },
        { "alter default privileges grant select on tables to reader", "" },
        { "grant all on all tables in schema public to anon", "grant-to-public Medium" },
        { "grant select on users to anon", "grant-to-public Low" },
        { "grant usage on schema public to service_role", "" },
        { "alter table users set schema archive", "rename-table Medium" },
        { "alter view v set schema archive", "rename-table Medium" },
        { "alter function f() set schema archive", "rename-function Medium" },
        { "alter type t set schema archive", "rename-function Medium" },
        { "alter extension pg_trgm set schema archive", "rename-function Medium" },
        { "create table t (x int); alter table t set schema archive; create index on archive.t (x)", "" },
        { "lock table users in access share mode", "" },
        { "lock table users in share update exclusive mode", "" },
        { "lock table users in share mode", "lock-table Medium" },
        { "truncate users cascade", "truncate High, drop-cascade High" },
        { "create table t (x int); truncate t cascade", "" },
        { "update users set x = 1 where id in (select id from users where x is null limit 5000)", "update Low" },
        { "delete from users where id in (select id from users where x limit 5000)", "delete Low" },
        { "delete from users where ctid = any (array(select ctid from users where x limit 5000))", "delete Low" },
        { "with b as (select id from users where x is null limit 500) update users u set x = 1 from b where b.id = u.id", "update Low" },
        { "delete from users using (select id from users limit 10) b where b.id = users.id", "delete Low" },
        { "update users set x = 1 where id between 1 and 5000", "update Low" },
        { "update users set x = 1 where id >= 1 and id < 5001 and x is null", "update Low" },
        { "update users set x = 1 where id >= 1", "update Medium" },
        { "delete from users where id in (select id from users where x)", "delete High" },
        { "delete from users where x or id in (select id from users limit 10)", "delete High" },
        { "delete from users where id in (select id from users limit 10000000)", "delete High" },
        { "explain delete from users", "" },
        { "prepare p as delete from users; execute p", "delete High" },
        { "copy (delete from users returning *) to stdout", "delete High" },
        { "explain select alt()", "" },
        { "explain analyze select alt()", "function-call Low" },
        { "alter table users alter x type varchar(5) using left(x, 5)", "alter-column-type Medium, narrow-type High" },
        { "explain analyze delete from users", "delete High" },
        { "begin; create index concurrently i on users (x); commit", "concurrently-in-transaction Medium" },
        { "begin; drop index concurrently i; commit", "concurrently-in-transaction Medium" },
        { "begin; reindex table concurrently users; commit", "concurrently-in-transaction Medium" },
        { "begin; alter table p detach partition q concurrently; commit", "concurrently-in-transaction Medium" },
        { "alter type t add value 'a'; update users set x = 'a' where y", "add-enum-value Low, update Medium, enum-value-used Medium" },
        { "alter type t add value 'a'; alter table users alter x set default 'a'", "add-enum-value Low, enum-value-used Medium" },
        { "alter type t add value 'a'; update users set x = 'b' where y", "add-enum-value Low, update Medium" },
        { "create type t as enum ('b'); alter type t add value 'a'; create table x (y t default 'a')", "add-enum-value Low" },
        { "-- eclusier: no-transaction\nalter type t add value 'a'; insert into users values ('a')", "add-enum-value Low" },
        { "alter table users add constraint f foreign key (x) references t not valid, validate constraint f", "validate-in-same-transaction Medium" },
        { "alter table users add x int; alter table users validate constraint c", "validate-in-same-transaction Medium" },
        { "create trigger t before insert on users execute function f(); alter table users validate constraint c", "create-trigger Low, validate-in-same-transaction Medium" },
        { "alter table users validate constraint c, validate constraint d", "" },
        { "-- eclusier: no-transaction\nalter table users add x int; alter table users validate constraint c", "" },
        { "create table t (x int constraint c check (x > 0)); alter table t validate constraint c", "" },
        { "lock table users in share mode; update users set x = 1 where y", "lock-table Medium, update Medium, backfill-under-lock Medium" },
        { "select alt()", "function-call Low" },
        { "insert into users select alt()", "function-call Low" },
        { "call alt()", "function-call Low" },
        { "do $$ begin perform alt(); end $$", "function-call Low" },
        { "select count(*), now(), pg_catalog.set_config('work_mem', '8MB', false) from users", "" },
        { "create function f() returns int stable language sql as 'select 1'; select f()", "" },
        { "alter table users add x int default my_fn()", "add-column-volatile-default Medium" },
        { "create function f() returns int stable language sql as 'select 1'; alter table users add x int default f()", "" },
        { "create function f() returns int language sql as 'select 1'; alter table users add x int default f()", "add-column-volatile-default Medium" },
        { "alter table users add x text default lower('A')", "" },
        { "create domain d as int check (value > 0); alter table users add x d", "add-column-volatile-default Medium" },
        { "create domain d as int; alter table users add x d", "" },
        { "alter table users drop column x, add constraint c not null y nonsense", "unclassified Medium, drop-column High" },
        { "merge into t using s on t.id = s.id when not matched by nonsense then delete", "unclassified Medium, delete High" },
        { "alter table users add constraint c foreign key (x) references t on delete cascade nonsense", "unclassified Medium" },
        { "update t set a = 1__000 where b = 0", "unclassified Medium" },
        { "drop table a, b nonsense", "unclassified Medium, drop-table High" },
        { "-- eclusier: no-transaction\nalter table t add constraint c check (a is not null) not valid; alter table t validate constraint c; alter table t alter a set not null; alter table t drop constraint c", "" },
        { "-- eclusier: no-transaction\nalter table t add constraint c check (a is not null) not valid; alter table t alter a set not null", "set-not-null Medium" },
        { "alter table t validate constraint c; alter table t drop constraint c; alter table t alter a set not null", "drop-constraint Low, set-not-null Low" },
        { "alter table t alter a drop not null; alter table t alter a set not null", "drop-not-null Low, set-not-null Medium" },
        { "alter table t add constraint c check (b > 0 and a is not null) not valid", "" },
        { "create table if not exists users (id bigint); truncate users", "if-not-exists Low, truncate High" },
        { "create temp table users (id bigint); truncate users; truncate pg_temp.users; drop table users; drop table users", "drop-table High" },
        { "create temp table users as select 1; truncate public.users", "truncate High" },
        { "create table public.users (id bigint); set search_path = app; drop table users", "drop-table High" },
        { "set search_path = app; create table users (id bigint); drop table app.users", "" },
        { "select set_config('search_path', '', false); create table t (id bigint); drop table public.t", "drop-table High" },
        { "create table q (x int); alter table p attach partition q for values in (1); create index on q (x)", "create-index Medium" },
        { "-- eclusier: no-transaction\ncreate table t as select * from users; create index on t (x)", "create-index Medium" },
        { "create table t as select * from users; create index on t (x)", "" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Hazards_of_a_script(string script, string hazards) =>
        Assert.Equal(hazards, string.Join(", ", Scan(script, Unknown).Select(hazard => $"{hazard.Rule} {hazard.Severity}")));

    [Fact]
    public void A_lock_on_a_small_table_is_of_low_risk_and_the_message_names_the_size()
    {
        var hazard = Assert.Single(Scan("create index on users (x)", Known));

        Assert.Equal(Risk.Low, hazard.Severity);
        Assert.Contains("users (2.1 MB)", hazard.Message.En);
        Assert.Contains("users (2,1 Mo)", hazard.Message.Fr);
    }

    [Theory]
    [InlineData("create index on app.events (x)", Risk.Medium)]
    [InlineData("create index on events (x)", Risk.Medium)]
    [InlineData("drop table users", Risk.High)]
    [InlineData("alter table users alter x type text", Risk.Low)]
    [InlineData("alter table app.events alter x type text", Risk.Medium)]
    public void Size_does_not_matter_for_a_large_table_or_for_lost_data(string script, Risk severity) =>
        Assert.Equal(severity, Assert.Single(Scan(script, Known)).Severity);

    [Fact]
    public void The_remedy_of_a_view_that_bypasses_row_security_names_it_as_sql_wants_it()
    {
        var hazard = Scan("alter table users enable row level security; create view \"Shop\".\"All users\" as select * from users", Unknown)[^1];

        Assert.Equal("alter view \"Shop\".\"All users\" set (security_invoker = true);", hazard.Remedy);
    }

    [Fact]
    public void A_partitioned_table_is_as_large_as_its_partitions()
    {
        var tables = new Dictionary<string, TableFacts>(StringComparer.Ordinal)
        {
            ["public.ev"] = new("public", "ev", 0, 0, 0, RowSecurity: false, 0),
            ["public.ev_1"] = new("public", "ev_1", 4_000_000, 3_000_000_000, 0, RowSecurity: false, 0),
        };
        var catalog = new CatalogFacts
        {
            ServerVersion = 15,
            Partitions = new[] { new PartitionFact("public.ev", "public", "ev_1", Partitioned: false, Default: false) }.ToLookup(partition => partition.Parent, StringComparer.Ordinal),
        };

        var hazard = Assert.Single(new HazardScanner(tables, catalog).Scan(MigrationScript.Read("alter table ev add constraint c check (x > 0)", "m.sql")));

        Assert.Equal(Risk.Medium, hazard.Severity);
        Assert.Contains("2.8 GB", hazard.Message.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 3, "")]
    [InlineData(2, 3, "row-security-missing")]
    public void Row_security_is_missed_where_most_neighbours_have_it(int secured, int all, string rules)
    {
        var neighbours = Enumerable.Range(0, all).ToDictionary(n => $"public.t{n}", n => new TableFacts("public", $"t{n}", 1, 1, 1, RowSecurity: n < secured, 0), StringComparer.Ordinal);

        Assert.Equal(rules, string.Join(", ", Scan("create table other (id bigint)", neighbours).Select(hazard => hazard.Rule)));
    }

    [Fact]
    public void A_hazard_inside_a_body_knows_its_line_and_whose_body_it_is()
    {
        var hazard = Assert.Single(Scan("select 1;\ndo $$\nbegin\n  perform 1;\n  drop table users;\nend $$;", Unknown));
        Assert.Equal(5, hazard.Line);
        Assert.StartsWith("in the DO block: ", hazard.Message.En, StringComparison.Ordinal);

        hazard = Assert.Single(Scan("create function app.purge() returns void language plpgsql as $$\nbegin\n  truncate users;\nend $$;", Unknown));
        Assert.Equal(3, hazard.Line);
        Assert.StartsWith("inside function app.purge: ", hazard.Message.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hazard_knows_its_place()
    {
        var hazard = Assert.Single(Scan("select 1;\n  drop table users;", Unknown));

        Assert.Equal((2, 3), (hazard.Line, hazard.Column));
    }

    [Theory]
    [InlineData("create index on orders (x)", 40, 7200, "medium", "orders (2 GB, 40 writes/s: about 21 s)")]
    [InlineData("create index on orders (x)", 60, 7200, "high", "orders (2 GB, 60 writes/s: about 21 s)")]
    [InlineData("create index on orders (x)", 0, 7200, "medium", "orders (2 GB: about 21 s)")]
    [InlineData("create index on orders (x)", 9000, 600, "medium", "orders (2 GB: about 21 s)")]
    [InlineData("create index concurrently i on orders (x)", 9000, 7200, "low", "")]
    [InlineData("alter table orders add foreign key (x) references t", 60, 7200, "high", "60 writes/s")]
    public void Writes_that_would_wait_raise_the_risk(string script, double writesPerSecond, double seconds, string risk, string said)
    {
        var orders = new TableFacts("public", "orders", 9_000_000, 2_147_483_648, 0, RowSecurity: false, 0)
        {
            RowsWritten = (long)(writesPerSecond * seconds),
            StatisticsSeconds = seconds,
        };

        var found = Scan(script, new Dictionary<string, TableFacts>(StringComparer.Ordinal) { ["public.orders"] = orders });

        var (assessed, reason) = RiskAssessment.Of(found);
        Assert.Equal(risk, assessed.Name().En);
        Assert.Contains(said, reason.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, false, false)]
    [InlineData(14, false, true)]
    [InlineData(15, true, true)]
    public void Rules_know_what_the_server_can_do(int version, bool securityInvoker, bool detachConcurrently)
    {
        var scanner = new HazardScanner(Unknown, new CatalogFacts { ServerVersion = version });

        var hazards = scanner.Scan(MigrationScript.Read("alter table t enable row level security;\ncreate view v as select * from t;\nalter table p detach partition c;", "m.sql"));

        Assert.Equal(securityInvoker, hazards.Any(hazard => hazard.Rule == "view-bypasses-row-security"));
        Assert.Equal(!detachConcurrently, hazards.Single(hazard => hazard.Rule == "detach-partition").Remedy == "-- the safe way needs PostgreSQL 14");
    }

    private static IReadOnlyList<Hazard> Scan(string script, IReadOnlyDictionary<string, TableFacts> tables) =>
        new HazardScanner(tables).Scan(MigrationScript.Read(script, "m.sql"));
}

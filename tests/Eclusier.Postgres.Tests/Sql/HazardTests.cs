using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Sql;

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
        { "drop schema s cascade", "drop-schema High" },
        { "drop database d", "drop-database High" },
        { "drop owned by r", "drop-owned High" },
        { "truncate users", "truncate High" },
        { "delete from users where id = 1", "delete High" },
        { "with d as (delete from users returning *) insert into old select * from d", "delete High" },
        { "with d as (delete from users returning *) select * from d", "delete High" },
        { "update users set x = 1", "update High" },
        { "update users set x = 1 where id = 1", "update Medium" },
        { "insert into users values (1) on conflict (id) do update set x = 1", "update Medium" },
        { "insert into users values (1) on conflict do nothing", "" },
        { "merge into users using u on true when matched and x then delete when matched then update set x = 1", "delete High, update Medium" },
        { "create index on users (x)", "create-index Medium" },
        { "create index concurrently i on users (x)", "" },
        { "reindex table users", "reindex Medium" },
        { "reindex table concurrently users", "" },
        { "alter table users alter x type bigint", "alter-column-type Medium" },
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
        { "do $$ begin end $$", "do-block Low" },
        { "this is no SQL", "unclassified Medium" },
        { "create table t (id int primary key, x int check (x > 0) references users)", "" },
        { "create table t (id int); create index on t (id); update t set id = 1; drop table t", "" },
        { "create table s.t (id int); create index on t (id)", "create-index Medium" },
        { "create table t (id int); alter table t rename to u; create index on u (id)", "" },
        { "create table t (id int); drop table t; drop table t", "drop-table High" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Hazards_of_a_script(string script, string hazards) =>
        Assert.Equal(hazards, string.Join(", ", Scan(script, Unknown).Select(hazard => $"{hazard.Rule} {hazard.Severity}")));

    [Fact]
    public void Every_rule_has_an_example() =>
        Assert.Empty(HazardRules.Ids.Except(Examples.SelectMany(row => row.Data.Item2.Split(", ")).Select(hazard => hazard.Split(' ')[0])));

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
    [InlineData("create table if not exists users (id int); alter table users alter x type text", Risk.Low)]
    [InlineData("create table if not exists app.events (id int); alter table app.events alter x type text", Risk.Medium)]
    public void Size_does_not_matter_for_a_large_table_or_for_lost_data(string script, Risk severity) =>
        Assert.Equal(severity, Assert.Single(Scan(script, Known)).Severity);

    [Fact]
    public void A_hazard_knows_its_place()
    {
        var hazard = Assert.Single(Scan("select 1;\n  drop table users;", Unknown));

        Assert.Equal((2, 3), (hazard.Line, hazard.Column));
    }

    [Theory]
    [InlineData("create table a (x int); create table b (x int); create index on a (x)", "creates 2 tables, 1 index", "crée 2 tables, 1 index")]
    [InlineData("alter table a add x int; insert into a values (1); set x.y = 1", "1 table change, 1 insertion, 1 other statement", "1 modification de table, 1 insertion, 1 autre instruction")]
    public void Without_hazards_the_reason_says_what_the_statements_do(string script, string english, string french)
    {
        var statements = MigrationScript.Read(script, "m.sql").Statements.Select(node => node.Statement).ToArray();

        Assert.Equal((Risk.Low, new Text(english, french)), RiskAssessment.Of(statements, []));
    }

    private static IReadOnlyList<Hazard> Scan(string script, IReadOnlyDictionary<string, TableFacts> tables) =>
        new HazardScanner(tables).Scan(MigrationScript.Read(script, "m.sql").Statements);
}

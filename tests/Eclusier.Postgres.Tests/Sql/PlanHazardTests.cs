using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Tests.Layouts;

namespace Eclusier.Postgres.Tests.Sql;

/// <summary>What a plan knows of the target, and of the migrations before, that lint cannot know.</summary>
public sealed class PlanHazardTests(PostgresServer server)
{
    private const string Users =
        """
        create table if not exists users (id bigint primary key, a int);
        alter table users drop column legacy;
        alter table users alter column a set not null;
        create index on users (a);
        truncate users;
        update users set a = 1;
        delete from users;
        drop table users;
        """;

    private const string Wide =
        """
        create table wide (id bigint primary key, code varchar(20) check (code <> ''), amount numeric(10, 2) check (amount >= 0),
          name varchar(50), tag varchar(10), free varchar(10));
        create index wide_name on wide (lower(name)); create index wide_tag on wide (id) where tag = 'x'; create index on wide (free);
        """;

    private const string Functions =
        """
        create table t (id bigint primary key);
        create function anything() returns int language plpgsql volatile as 'begin return 1; end';
        create function quiet() returns int language plpgsql stable as 'begin return 1; end';
        """;

    private const string Validated =
        "alter table t add constraint filled check (a is not null) not valid | alter table t validate constraint filled;\nalter table t alter a set not null";

    /// <summary>What is there, the migrations (<c>|</c> parts files), and their hazards.</summary>
    public static TheoryData<string, string, string> Plans => new()
    {
        {
            "create schema app; create table app.users (id bigint, a int, legacy text); alter database {database} set search_path = app, public", Users,
            "001:1 if-not-exists, 001:2 drop-column, 001:3 set-not-null, 001:4 create-index, 001:5 truncate, 001:6 update, 001:6 backfill-under-lock, "
            + "001:7 delete, 001:7 backfill-under-lock, 001:8 drop-table"
        },
        { "create schema app; create table app.users (id bigint)", Users, "001:1 if-not-exists" },
        { "create table t (note varchar(50))", "alter table t alter note type varchar(100) using note::varchar(100)", "" },
        {
            "create table t (note varchar(50))", "alter table t alter note type varchar(10) using note::varchar(10)",
            "001:1 alter-column-type, 001:1 narrow-type"
        },
        { Wide, "alter table wide alter code type varchar(40)", "001:1 alter-column-type" },
        { Wide, "alter table wide alter amount type numeric(12, 2)", "001:1 alter-column-type" },
        { Wide, "alter table wide alter name type varchar(80)", "001:1 alter-column-type" },
        { Wide, "alter table wide alter tag type varchar(20)", "001:1 alter-column-type" },
        { Wide, "alter table wide alter free type varchar(20)", "" },
        { Functions, "alter table t add column x int default anything()", "001:1 add-column-volatile-default" },
        { Functions, "alter table t add column x int default quiet()", "" },
        { Functions, "select anything()", "001:1 function-call" },
        { Functions, "select quiet()", "" },
        { "create table t (a int, b int)", Validated, "" },
        { "create table t (a int, b int)", Validated.Replace("alter a", "alter b", StringComparison.Ordinal), "002:2 set-not-null" },
        { "create table t (a int, b int)", Validated.Replace("a is not null", "a > 0", StringComparison.Ordinal), "002:2 set-not-null" },
        {
            "create table t (a int, b int)", Validated.Replace(";\n", ";\nalter table t drop constraint filled;\n", StringComparison.Ordinal),
            "002:2 drop-constraint, 002:3 set-not-null"
        },
        { "create table t (id int primary key)", "truncate t cascade", "001:1 truncate" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task Hazards_of_a_plan(string there, string migrations, string hazards)
    {
        using var project = await ProjectAsync(there, migrations);

        var found = (await project.PlanAsync()).Steps.SelectMany(step => step.Hazards.Select(hazard => $"{step.Migration}:{hazard.Line} {hazard.Rule}"));

        Assert.Equal(hazards, string.Join(", ", found));
    }

    [Theory]
    [InlineData("create table wide (id int primary key); create table child (id int references wide)", "truncate wide cascade", "drop-cascade", "child")]
    [InlineData(Wide, "alter table wide alter name type varchar(80)", "alter-column-type", "wide_name")]
    [InlineData(Wide, "alter table wide alter tag type varchar(20)", "alter-column-type", "wide_tag")]
    [InlineData("create table ev (at date) partition by range (at); create table ev_rest partition of ev default",
        "create table ev_31 partition of ev for values from ('2031-01-01') to ('2032-01-01')", "create-partition", "ev_rest")]
    public async Task What_is_reached_without_being_named_is_named(string there, string migration, string rule, string named)
    {
        using var project = await ProjectAsync(there, migration);

        var hazard = Assert.Single((await project.PlanAsync()).Steps[0].Hazards, hazard => hazard.Rule == rule);

        Assert.Contains(named, hazard.Message.En, StringComparison.Ordinal);
    }

    private async Task<LayoutProject> ProjectAsync(string there, string migrations)
    {
        var url = await server.NewDatabaseAsync();
        var project = new LayoutProject(url, "numbered");
        foreach (var (number, sql) in migrations.Split(" | ").Index())
            project.With($"migrations/{number + 1:000}_m.sql", sql);
        await project.ExecuteAsync(there.Replace("{database}", PostgresUrl.Describe(url).Split('/')[^1], StringComparison.Ordinal));
        return project;
    }
}

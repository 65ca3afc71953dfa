using Eclusier.Baselines;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Baselines;

/// <summary>What a baseline says of histories that are not simple: nothing that ran is called absent, and one statement that cannot be replayed says nothing of the others.</summary>
[Collection(BaselineProject.OneAfterTheOther)]
public sealed class VerdictTests(PostgresServer server)
{
    /// <summary>Files, those applied by hand, what else somebody did, and the verdicts. <c>|</c> parts files.</summary>
    public static TheoryData<string, string, string, string, string> Histories => new()
    {
        { "a label of an enum is missing between two others", "create type e as enum ('a') | alter type e add value 'b' | alter type e add value 'c'", "1 3", "", "present absent present" },
        { "the newest label of an enum is missing", "create type e as enum ('a') | alter type e add value 'b' | alter type e add value 'c'", "1 2", "", "present present absent" },
        { "a label with a quote, and one that was renamed", "create type \"E\" as enum ('it''s', 'b'); | alter type \"E\" rename value 'b' to 'c, d' | alter type \"E\" add value 'e'", "1 2", "", "present present absent" },
        { "a materialized view without its rows", "create table t (id int) | create materialized view m as select * from t | create table u (id int)", "1 2", "refresh materialized view m with no data", "present present absent" },
        {
            "an index made and dropped again, rows between",
            "create table a (id bigint primary key, n int) | create index a_n on a (n) | update a set n = 0 where n is null | drop index a_n | create table b (id int)", "1 2 3 4 5", "",
            "present present undecidable present present"
        },
        {
            "the same, and the index is still there",
            "create table a (id bigint primary key, n int) | create index a_n on a (n) | update a set n = 0 where n is null | drop index a_n | create table b (id int)", "1 2 5", "",
            "present present undecidable absent present"
        },
        {
            "rows that moved behind a hole, and at the end",
            "create table a (id int, n int) | create table b (id int) | update a set n = 1 | create table c (id int) | update a set n = 2", "1 3 4 5", "",
            "present absent undecidable present undecidable"
        },
        {
            "made and dropped again, beside a hole",
            "create table a (id int) | create table b (id int) | create index a_id on a (id) | drop index a_id | create table c (id int)", "1 3 4 5", "",
            "present absent undecidable undecidable present"
        },
        {
            "a trait that is gone because its column is",
            "create table a (id int, n int not null default 1) | alter table a alter column n drop not null | alter table a alter column n drop default | alter table a drop column n | create table b (id int) | create table c (id int)", "1 4 6", "",
            "present undecidable undecidable present absent present"
        },
        {
            "made and dropped again at the end, behind a hole",
            "create table a (id int) | create table b (id int) | create table c (id int) | alter table c add column n int | alter table c drop column n", "1 3 4 5", "",
            "present absent present undecidable undecidable"
        },
        {
            "made and dropped again at the very end, and all from some point on is missing",
            "create table a (id int) | create table b (id int) | alter table a add column n int | alter table a drop column n", "1", "",
            "present absent undecidable undecidable"
        },
        {
            "made and dropped again among those that are missing",
            "create table a (id int) | create table b (id int) | alter table a add column n int | alter table a drop column n | create table c (id int)", "1", "",
            "present absent absent absent absent"
        },
        {
            "a label that was removed and added again, and neither ran, beside a hole",
            "create type e as enum ('a', 'g') | alter type e rename to f; create type e as enum ('a'); drop type f | create table h (id int) | alter type e add value 'g' | create table z (id int)", "1 5", "",
            "undecidable undecidable absent undecidable present"
        },
        {
            "a function that later ones replaced, beside a hole",
            "create function f() returns int return 1 | create or replace function f() returns int return 2 | create or replace function f() returns int return 3 | create table a (id int) | create table b (id int)", "1 3 5", "",
            "undecidable undecidable present absent present"
        },
        {
            "what a later one changed and cannot do without, beside a hole",
            "create table a (id int) | alter table a add column n int | create function f() returns int return 1 | alter table a alter column n type bigint | create or replace function f() returns int return 2 | create table b (id int) | create table c (id int)", "1 2 4 5 7", "",
            "present present undecidable present present absent present"
        },
        {
            "a label that two migrations add, one of them applied",
            "create type e as enum ('a') | alter type e add value if not exists 'b' | create table b (id int) | alter type e add value if not exists 'b' | create table c (id int)", "1 4 5", "",
            "present undecidable absent undecidable present"
        },
        {
            "an index that two migrations make, one of them applied",
            "create table a (id int) | create index if not exists a_id on a (id) | create table b (id int) | create index if not exists a_id on a (id) | create table c (id int)", "1 2 5", "",
            "present undecidable absent undecidable present"
        },
        {
            "a column that two migrations make, one of which makes more",
            "create table a (id int) | alter table a add column if not exists n int; create table x (id int) | create table b (id int) | alter table a add column if not exists n int | create table c (id int)", "1 4 5", "",
            "present absent absent present present"
        },
        {
            "a function that two migrations make the same, one of them applied",
            "create table a (id int) | create or replace function f() returns int return 1 | create table b (id int) | create or replace function f() returns int return 1 | create table c (id int)", "1 4 5", "",
            "present undecidable absent undecidable present"
        },
        {
            "a column that a block makes where it is not there",
            "create table a (id int) | alter table a add column n int | create table b (id int) | do $$ begin if not exists (select from information_schema.columns where table_name = 'a' and column_name = 'n') then alter table a add column n int; end if; end $$ | create table c (id int)", "1 4 5", "",
            "present undecidable absent undecidable present"
        },
        {
            "an enum whose labels another migration makes again under another name",
            "create table a (id int) | create type e as enum ('a') | alter type e add value 'b' | create table b (id int) | create type e_new as enum ('a', 'b'); drop type if exists e; alter type e_new rename to e | create table c (id int)", "1 2 5 6", "",
            "present undecidable undecidable absent undecidable present"
        },
        {
            "a column that two migrations drop, one of them applied",
            "create table a (id int, n int) | alter table a drop column if exists n | create table b (id int) | alter table a drop column if exists n | create table c (id int)", "1 4 5", "",
            "present undecidable absent undecidable present"
        },
        {
            "what two migrations make, beside a hole, and what is there needs the one",
            "create table a (id int) | create table if not exists t (id int, n int) | create table b (id int) | create index t_n on t (n) | create table if not exists t (id int, n int) | create table c (id int)", "1 2 4 5 6", "",
            "present present absent present undecidable present"
        },
        { "rows of a table that is not there cannot have moved", "create table a (id int) | create table b (id int) | insert into b values (1)", "1", "", "present absent absent" },
        {
            "the table was renamed by a block that cannot be replayed",
            "create table a (id int) | do $$ begin if (select count(*) from missing) = 0 then alter table a rename to z; end if; end $$ | create table b (id int) | create table c (id int)", "1 3", "alter table a rename to z",
            "present undecidable present absent"
        },
        {
            "one statement is about a table that no migration makes",
            "create table a (id int); alter table by_hand add column x int; | create table b (id int) | alter table b add column y int", "1 2", "create table by_hand (id int, x int)",
            "present present absent"
        },
        { "a schema that no migration makes", "create table legacy.a (id int) | create table legacy.b (id int); | create table c (id int)", "1 2", "", "present present absent" },
        {
            "a file that lets no session be idle, and none take its time",
            "set idle_in_transaction_session_timeout = 1; create table a (id int); select count(*) from a; create index on a (id) | create table b (id int) | create table c (id int)", "1 2", "",
            "present present absent"
        },
        { "a new label that is used at once", "create type e as enum ('a') | alter type e add value 'b'; create table t (k e default 'b') | create table u (id int)", "1", "", "present absent absent" },
        {
            "directives about tables and columns that are not there",
            "create table a (id int) | -- eclusier: batch table=messages key=id size=200\nupdate messages set n = n + 5 where id > 0; | -- eclusier: batch table=a key=nope size=200\nupdate a set id = id + 5 where id > 0; | create table z (id int)", "1 4", "",
            "present undecidable undecidable present"
        },
        { "it names what is nowhere", "create table a (id int) | create table c (id int references nowhere) | create table z (id int)", "1 3", "", "present undecidable present" },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Histories_that_are_not_simple(string what, string files, string applied, string byHand, string expected)
    {
        using var project = await BaselineProject.CreateAsync(server);
        foreach (var (number, sql) in files.Split(" | ").Index())
            project.File($"{number + 1:000}_m.sql", sql);
        if (files.Contains("legacy", StringComparison.Ordinal))
            await project.ExecuteAsync("create schema legacy");
        // What is made by hand before some of them is there before all of them.
        if (byHand.StartsWith("create", StringComparison.Ordinal))
            await project.ExecuteAsync("create table by_hand (id int)");
        foreach (var number in applied.Split(' '))
            await project.ByHandAsync($"00{number}");
        if (byHand.Length > 0 && !byHand.StartsWith("create", StringComparison.Ordinal))
            await project.ExecuteAsync(byHand);

        var record = await project.BaselineAsync();

        var verdicts = record.Baseline!.Verdicts;
        Assert.True(expected == string.Join(' ', verdicts.Select(verdict => verdict.Verdict.ToString().ToLowerInvariant())), $"{what}:\n{string.Join('\n', verdicts.Select(verdict => $"{verdict.Migration} {verdict.Verdict}: {verdict.Reason.En}"))}");
        Assert.Equal(expected.Contains("undecidable", StringComparison.Ordinal) ? ExitCode.Differences : ExitCode.Done, RunExit.Of(record));
        Assert.Equal(string.Join(' ', verdicts.Where(verdict => verdict.Verdict == BaselineVerdict.Present).Select(verdict => verdict.Migration)), await project.RecordedAsync());
    }

    [Fact]
    public async Task A_revoked_grant_makes_nobody_absent_and_is_named()
    {
        var role = $"reader_{Guid.NewGuid():N}"[..20];
        using var project = (await BaselineProject.CreateAsync(server))
            .File("001_reader.sql", $"alter default privileges in schema public grant execute on functions to {role};")
            .File("002_total.sql", "create function total() returns int language sql as 'select 1';")
            .File("003_total.sql", "create or replace function total() returns int language sql as 'select 2';");
        await project.ExecuteAsync($"create role {role}");
        try
        {
            await project.ByHandAsync("001", "002", "003");
            await project.ExecuteAsync($"revoke execute on function total() from {role}");

            var revoked = await project.BaselineAsync();
            Assert.Equal("001 present, 002 partial, 003 present", BaselineProject.Verdicts(revoked));
            Assert.Contains(revoked.Baseline!.Verdicts[1].Findings, found => found.Finding == Presence.Missing && found.Name.EndsWith($"to {role}", StringComparison.Ordinal));

            await project.ExecuteAsync($"grant execute on function total() to {role}");
            Assert.Equal("001 present, 002 present, 003 present", BaselineProject.Verdicts(await project.BaselineAsync()));
        }
        finally
        {
            await project.ExecuteAsync($"drop owned by {role}; drop role {role}");
        }
    }

    [Fact]
    public async Task Partitioning_a_table_that_no_migration_makes_is_undecidable()
    {
        using var project = (await BaselineProject.CreateAsync(server))
            .File("001_a.sql", "create table a (id int);")
            .File("002_sends.sql", """
                -- eclusier: partition sends
                alter table sends rename to sends_old;
                create table sends (id bigint not null, sent_at timestamptz not null, primary key (id, sent_at)) partition by range (sent_at);
                insert into sends select * from sends_old;
                -- eclusier: end partition
                """)
            .File("003_z.sql", "create table z (id int);");
        project.Runbook = project.Runbook with
        {
            Migrations = project.Runbook.Migrations with { Partitions = new Dictionary<string, Runbooks.PartitionSettings>(StringComparer.Ordinal) { ["sends"] = new("sends", "sent_at", Runbooks.PartitionInterval.Month, "sends_old") } },
        };
        await project.ByHandAsync("001", "003");

        Assert.Equal("001 present, 002 undecidable, 003 present", BaselineProject.Verdicts(await project.BaselineAsync()));
    }

    [Fact]
    public async Task A_history_finds_the_settings_of_its_database_and_the_order_of_its_text()
    {
        using var project = (await BaselineProject.CreateAsync(server))
            .File("001_t.sql", "create table t (id int);")
            .File("002_tax.sql", "do $$ begin if current_setting('app.tax') = '20' then create table tax (id int); end if; end $$;");
        await project.ExecuteAsync($"create schema app; alter database {(await project.ScalarAsync<string>("select current_database()::text"))} set search_path = app, public; alter database {(await project.ScalarAsync<string>("select current_database()::text"))} set app.tax = '20'");
        await project.ByHandAsync("001", "002");

        var record = await project.BaselineAsync();

        Assert.Equal("001 present, 002 present", BaselineProject.Verdicts(record));
        Assert.Contains(record.Baseline!.Verdicts[0].Findings, found => found.Name == "app.t");
    }
}

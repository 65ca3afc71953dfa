using System.Diagnostics;
using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>A table in use becomes partitioned: nothing is lost, nobody waits, and the way back loses nothing either.</summary>
public sealed class PartitionTests(PostgresServer server)
{
    private const int Moments = 8;

    /// <summary>One of each thing that a table can have.</summary>
    private const string Sends =
        """
        create table contacts (id bigint primary key, email text not null);
        insert into contacts select n, 'c' || n || '@example.com' from generate_series(1, 100) n;
        create function touch() returns trigger language plpgsql as $$ begin new.touched := new.touched + 1; return new; end $$;
        create function count_send() returns trigger language plpgsql as $$ begin update totals set sends = sends + case tg_op when 'INSERT' then 1 else -1 end; return null; end $$;
        create table totals (sends bigint not null);
        insert into totals values (0);
        create table "Sends" (
          id bigint generated always as identity primary key,
          contact_id bigint not null references contacts on delete cascade,
          "Subject" text not null default 'none',
          dropped int,
          sent_at timestamptz not null,
          code serial,
          length int generated always as (length("Subject")) stored,
          touched int not null default 0,
          constraint subject_is_short check (length("Subject") < 1000));
        alter table "Sends" drop column dropped;
        create index sends_contact on "Sends" (contact_id, sent_at desc);
        create index sends_subject on "Sends" (lower("Subject")) where "Subject" <> 'none';
        create unique index sends_once on "Sends" (contact_id, "Subject", sent_at);
        create statistics "Sends together" on contact_id, touched from "Sends";
        comment on table "Sends" is 'Every e-mail';
        comment on column "Sends".sent_at is 'UTC';
        comment on index sends_contact is 'for the history';
        create trigger touch before insert or update on "Sends" for each row execute function touch();
        create trigger count_send after insert or delete on "Sends" for each row execute function count_send();
        alter table "Sends" enable row level security;
        create policy own on "Sends" using (contact_id > 0);
        grant select, insert on "Sends" to public;
        create view recent with (security_invoker = true) as select id, contact_id from "Sends" where sent_at > '2025-06-01';
        alter table contacts enable row level security;
        create policy has_sends on contacts using (exists (select from "Sends" s where s.contact_id = contacts.id));
        insert into "Sends" (contact_id, "Subject", sent_at)
          select 1 + n % 100, 'subject ' || n, timestamptz '2025-01-15 12:00+00' + n * interval '3 hours' from generate_series(1, 1500) n;
        """;

    private const string Partitioning =
        """
        -- eclusier: partition "Sends"
        alter table "Sends" rename to "Sends_backup";
        -- eclusier: end partition
        """;

    [Fact]
    public async Task The_rows_move_and_everything_that_the_table_had_it_has_afterwards()
    {
        await using var project = await SendsAsync();
        var before = await FingerprintAsync(project);

        var result = await project.RunAsync("migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("p", await project.ScalarAsync("select relkind::text from pg_class where oid = '\"Sends\"'::regclass"));
        Assert.Equal(before, await FingerprintAsync(project));
        Assert.Equal("Sends_2025_01,Sends_2025_02,Sends_2025_03,Sends_2025_04,Sends_2025_05,Sends_2025_06,Sends_2025_07", await project.ScalarAsync("select string_agg(distinct tableoid::regclass::text, ',' order by tableoid::regclass::text) from \"Sends\" s").ContinueWith(task => task.Result?.Replace("\"", "", StringComparison.Ordinal), TaskScheduler.Default));
        using var record = JsonDocument.Parse(result.Output);
        var proof = record.RootElement.GetProperty("steps")[0].GetProperty("partitioned")[0];
        Assert.Equal(1500, proof.GetProperty("rows").GetInt64());
        Assert.Equal(7, proof.GetProperty("partitions").GetArrayLength());
        Assert.Equal("proven", record.RootElement.GetProperty("rehearsal").GetProperty("rollback").GetString());
    }

    [Fact]
    public async Task Written_to_all_the_while_it_loses_nothing_and_the_way_back_keeps_what_came_after()
    {
        await using var project = await SendsAsync("policy: { batch_target: 1ms, lock_timeout: 500ms }");
        await project.ExecuteAsync("create table ledger (id bigint primary key, subject text)", "insert into ledger select id, \"Subject\" from \"Sends\"");
        using var application = new Application(project);

        var result = await project.RunAsync("migrate", "--yes");
        await application.WritesAsync(200);
        var back = await project.RunAsync("rollback", "--yes");
        await application.StopAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(back.ExitCode == 0, back.ToString());
        Assert.Equal("r", await project.ScalarAsync("select relkind::text from pg_class where oid = '\"Sends\"'::regclass"));
        Assert.Equal("0", await project.ScalarAsync("select count(*)::text from ledger full join \"Sends\" s using (id) where subject is distinct from s.\"Subject\""));
        Assert.Equal("t", await project.ScalarAsync("select count(*) = (select sends from totals) and bool_or(\"Subject\" like 'made %') and bool_or(\"Subject\" like 'changed %') from \"Sends\""));
        Assert.Equal("0", await project.ScalarAsync("select count(*)::text from pg_class where relname ~ 'eclusier|_backup|Sends_2025'"));
    }

    [Fact]
    public async Task Afterwards_every_kind_of_write_reaches_the_former_table_too()
    {
        await using var project = await SendsAsync("");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);

        await project.ExecuteAsync(
            "insert into \"Sends\" (contact_id, sent_at) values (1, '2031-01-01')",
            "update \"Sends\" set sent_at = sent_at + interval '40 days', \"Subject\" = 'moved' where id = 7",
            "delete from \"Sends\" where id = 8",
            "delete from contacts where id = 50");

        Assert.Equal("t", await project.ScalarAsync("select (select sum(hashtext(s::text)) from \"Sends\" s) = (select sum(hashtext(s::text)) from \"Sends_backup\" s)"));
        Assert.Equal("1|1", await project.ScalarAsync("select (select count(*) from \"Sends_default\") || '|' || (select count(*) from \"Sends_backup\" where sent_at > '2031-01-01'::date - 1)"));
        await project.ExecuteAsync("drop table \"Sends_backup\"", "insert into \"Sends\" (contact_id, sent_at) values (2, '2025-02-01')");
        var back = await project.RunAsync("rollback", "--yes");
        Assert.True(back.ExitCode != 0, back.ToString());
        Assert.Contains("is gone", back.Output + back.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Among_other_statements_it_is_undone_by_the_part_of_the_file_that_says_so()
    {
        await using var project = await SendsAsync("rehearsal: { on: sandbox }\npolicy: { require_rollback: true }");
        var before = await FingerprintAsync(project);
        const string More = "create index totals_sends on totals (sends);\n";
        var alone = await project.Migration("002_partition.sql", More + Partitioning).RunAsync("migrate", "--yes");
        var both = await project.Migration(
            "002_partition.sql",
            $"{More}{Partitioning}\n-- eclusier: rollback\ndrop index totals_sends;\n{Partitioning.Replace("partition", "unpartition", StringComparison.Ordinal)}").RunAsync("migrate", "--yes");
        await project.ExecuteAsync("insert into \"Sends\" (contact_id, sent_at) values (1, now())", "delete from \"Sends\" where sent_at = (select max(sent_at) from \"Sends\")");

        var back = await project.RunAsync("rollback", "--yes");

        Assert.True(alone.ExitCode == 3, alone.ToString());
        Assert.Contains("stands among other statements", alone.Output + alone.Error, StringComparison.Ordinal);
        Assert.True(both.ExitCode == 0, both.ToString());
        Assert.True(back.ExitCode == 0, back.ToString());
        Assert.Equal(before, await FingerprintAsync(project));
        Assert.Null(await project.ScalarAsync("select to_regclass('totals_sends')::text"));
    }

    [Fact]
    public async Task A_write_that_cannot_reach_the_former_table_succeeds_and_is_on_record()
    {
        await using var project = await SendsAsync("");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        await project.ExecuteAsync("alter table \"Sends_backup\" add constraint no_more check (contact_id <> 3) not valid");

        await project.ExecuteAsync("insert into \"Sends\" (contact_id, sent_at) values (3, '2025-02-01')");
        var back = await project.RunAsync("rollback", "--yes");

        Assert.True(back.ExitCode == 4, back.ToString());
        Assert.Contains("violates check constraint \"no_more\"", back.Output + back.Error, StringComparison.Ordinal);
        Assert.Equal("p", await project.ScalarAsync("select relkind::text from pg_class where oid = '\"Sends\"'::regclass"));
    }

    [Fact]
    public async Task Killed_at_any_moment_it_goes_on()
    {
        var duration = await UndisturbedAsync();
        for (var moment = 1; moment <= Moments; moment++)
        {
            await using var project = await SendsAsync("policy: { batch_target: 1ms }");
            var before = await FingerprintAsync(project);
            using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
            await Task.Delay(duration * moment / (Moments + 1), TestContext.Current.CancellationToken); // The moment itself is what is tested.
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(before, await FingerprintAsync(project));
            var next = await project.RunAsync("migrate", "--yes");

            Assert.True(next.ExitCode == 0, $"killed at moment {moment}: {next}");
            Assert.Equal("p|0", await project.ScalarAsync("select (select relkind::text from pg_class where oid = '\"Sends\"'::regclass) || '|' || (select count(*) from pg_class where relname ~ '__eclusier_new')"));
            Assert.Equal(before, await FingerprintAsync(project));
        }
    }

    [Theory]
    [InlineData("alter table \"Sends\" alter column sent_at drop not null", "sent_at may be null")]
    [InlineData("create unique index only_subject on \"Sends\" (\"Subject\")", "only_subject is unique without sent_at")]
    [InlineData("create table opens (send_id bigint references \"Sends\")", "constraint opens_send_id_fkey on table opens depends on it")]
    [InlineData("create materialized view per_day as select sent_at::date, count(*) from \"Sends\" group by 1", "materialized view per_day depends on it")]
    [InlineData("create function first_send() returns \"Sends\" language sql as 'select * from \"Sends\" limit 1'", "function first_send() depends on it")]
    [InlineData("alter table \"Sends\" add constraint later check (touched < 5) not valid", "constraint later is NOT VALID")]
    [InlineData("create table \"Sends_backup\" (id int)", "there is a Sends_backup already")]
    public async Task What_a_partitioned_table_cannot_have_is_told_before_anything_changes(string obstacle, string reason)
    {
        await using var project = await SendsAsync("");
        await project.ExecuteAsync(obstacle);

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 4, result.ToString());
        Assert.Contains(reason, result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal("r", await project.ScalarAsync("select relkind::text from pg_class where oid = '\"Sends\"'::regclass"));
        Assert.Equal("0", await project.ScalarAsync("select count(*)::text from pg_class where relname ~ '__eclusier_new'"));
    }

    [Theory]
    [InlineData("partition", "{ '\"Sends\"': { by: sent_at, every: fortnight } }", "-- eclusier: partition \"Sends\"\nselect 1;\n-- eclusier: end partition", "must be day, week, month, quarter, year")]
    [InlineData("partition", "{ others: { by: sent_at, every: month } }", "-- eclusier: partition \"Sends\"\nselect 1;\n-- eclusier: end partition", "does not say how Sends is partitioned")]
    [InlineData("partition", "{ '\"Sends\"': { by: sent_at, every: month } }", "-- eclusier: partition \"Sends\"\nselect 1;", "has no beginning or no end")]
    [InlineData("partition", "{ '\"Sends\"': { by: sent_at, every: month } }", "-- eclusier: partition \"Sends\"\n-- eclusier: end partition\nselect 1;", "Nothing stands in the place")]
    public async Task A_runbook_or_a_directive_that_is_not_complete_is_an_error_with_its_place(string key, string yaml, string sql, string reason)
    {
        await using var project = (await Project.CreateAsync(server)).Runbook().Setting(key, yaml).Migration("001_partition.sql", sql);

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(reason, result.Output + result.Error, StringComparison.Ordinal);
    }

    private async Task<TimeSpan> UndisturbedAsync()
    {
        await using var project = await SendsAsync("policy: { batch_target: 1ms }");
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        return Stopwatch.GetElapsedTime(started);
    }

    private async Task<Project> SendsAsync(string more = "rehearsal: { on: sandbox }")
    {
        var project = (await Project.CreateAsync(server)).Runbook().Migration("001_sends.sql", Sends);
        var result = await project.RunAsync("migrate", "--yes");
        Assert.True(result.ExitCode == 0, result.ToString());
        return project.Runbook(more).Setting("partition", "{ '\"Sends\"': { by: sent_at, every: month, keep: Sends_backup } }").Migration("002_partition.sql", Partitioning);
    }

    /// <summary>What a client, a policy or a query plan would notice.</summary>
    private static Task<string?> FingerprintAsync(Project project) => project.ScalarAsync(
        """
        select concat_ws(E'\n',
          (select count(*) || ' ' || sum(hashtext(s::text)) from "Sends" s),
          (select string_agg(replace(indexdef, ' ON ONLY ', ' ON '), E'\n' order by indexname) from pg_indexes where tablename = 'Sends' and indexname <> 'Sends_pkey'),
          (select string_agg(conname || ' ' || pg_get_constraintdef(oid), E'\n' order by conname) from pg_constraint where conrelid = '"Sends"'::regclass and contype <> 'p'),
          (select string_agg(tgname || ' ' || pg_get_triggerdef(oid), E'\n' order by tgname) from pg_trigger where tgrelid = '"Sends"'::regclass and not tgisinternal and tgname !~ 'eclusier'),
          (select string_agg(policyname || ' ' || qual, E'\n' order by policyname) from pg_policies where tablename in ('Sends', 'contacts')),
          (select string_agg(a.acl::text, ',' order by a.acl::text) from pg_class c, unnest(c.relacl) a(acl) where c.oid = '"Sends"'::regclass),
          (select string_agg(attname || format_type(atttypid, atttypmod) || attnotnull || attidentity::text || coalesce(col_description(attrelid, attnum), ''), E'\n' order by attname) from pg_attribute where attrelid = '"Sends"'::regclass and attnum > 0 and not attisdropped),
          (select relrowsecurity || obj_description('"Sends"'::regclass) || obj_description('sends_contact'::regclass) from pg_class where oid = '"Sends"'::regclass),
          (select pg_get_viewdef('recent'::regclass) || (select reloptions::text from pg_class where relname = 'recent') || count(*) from recent),
          (select sends::text from totals),
          (select string_agg(pg_get_statisticsobjdef(oid), ',') from pg_statistic_ext where stxrelid = '"Sends"'::regclass))
        """);

    /// <summary>Inserts, changes and deletes rows one after the other, and writes each down.</summary>
    private sealed class Application : IDisposable
    {
        private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        private readonly Task _writing;
        private int _written;

        public Application(Project project) => _writing = WriteAsync(project);

        public async Task WritesAsync(int more)
        {
            var until = _written + more;
            while (_written < until)
                await Task.WhenAny(_writing, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        public async Task StopAsync()
        {
            await _end.CancelAsync();
            await _writing;
        }

        public void Dispose() => _end.Dispose();

        private async Task WriteAsync(Project project)
        {
            await using var connection = await project.OpenAsync();
            for (var number = 1; !_end.IsCancellationRequested; number++)
            {
                await using var command = new Npgsql.NpgsqlCommand(
                    (number % 3) switch
                    {
                        0 => $"with gone as (delete from \"Sends\" where id = {number} returning id) delete from ledger where id in (select id from gone)",
                        1 => $"with changed as (update \"Sends\" set \"Subject\" = 'changed {number}', sent_at = sent_at + interval '20 days' where id = {number + 300} returning id, \"Subject\") update ledger set subject = \"Subject\" from changed where changed.id = ledger.id",
                        _ => $"with made as (insert into \"Sends\" (contact_id, \"Subject\", sent_at) values ({1 + (number % 100)}, 'made {number}', '2025-05-05') returning id, \"Subject\") insert into ledger select id, \"Subject\" from made",
                    },
                    connection);
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
                _written = number;
            }
        }
    }
}

using System.Globalization;
using Eclusier.Evidence;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Tests.Migrations;

/// <summary>What a file sets holds for all of its statements, in whatever session they run, and for nothing of the tool's own.</summary>
public sealed class FileSessionTests(PostgresServer server)
{
    /// <summary>Two tables of one name; the gate lets a file pass only at its second attempt.</summary>
    private const string TwoTables =
        """
        create schema app;
        create table app.t (id int primary key, v int not null default 0);
        create table public.t (id int primary key, v int not null default 0);
        insert into app.t (id) select generate_series(1, 100);
        insert into public.t (id) select generate_series(1, 100);
        create table gate (open int);
        create function public.enter(name text) returns void language plpgsql as $$ begin perform set_config('search_path', name, false); end $$;
        """;

    private const string Gate = "select 1 / count(*) from public.gate;";

    [Theory]
    [InlineData("set search_path = app;")]
    [InlineData("set local search_path = app;")]
    [InlineData("select set_config('search_path', 'app', false);")]
    [InlineData("select public.enter('app');")]
    [InlineData("do $$ begin perform set_config('search_path', 'app', false); end $$;")]
    [InlineData("set search_path = nowhere; begin; set search_path = app; commit;")]
    [InlineData("set search_path = app; begin; set local search_path = public; commit;")]
    [InlineData("set search_path = app; begin; set search_path = public; rollback;")]
    public async Task A_resumed_file_works_where_it_said(string setting)
    {
        var url = await NewAsync(TwoTables);
        var (batches, statement) = ($"-- eclusier: no-transaction\n{setting}\n{Gate}\n-- eclusier: batch table=t key=id size=50\nupdate t set v = v + 1;", "alter table t add column done int;");

        var first = await Steps.ApplyAsync(url, batches + statement);
        await PostgresServer.ExecuteAsync(url, "insert into public.gate values (1)");
        var second = await Steps.ApplyAsync(url, batches + statement);

        Assert.Equal((StepStatus.Failed, StepStatus.Applied), (first.Status, second.Status));
        Assert.Equal("100|0|app", await AskAsync(url, "select (select sum(v) from app.t) || '|' || (select sum(v) from public.t) || '|' || string_agg(table_schema, ',') from information_schema.columns where table_name = 't' and column_name = 'done'"));
        Assert.Equal("001", await AskAsync(url, "select string_agg(version, ',') from public.schema_migrations"));
    }

    /// <summary>A backfill stops in the middle, and the rows that are left are those of the file's own table.</summary>
    [Fact]
    public async Task Batches_go_on_in_the_table_they_began_in()
    {
        var url = await NewAsync(TwoTables);
        const string Script = "set search_path = app;\n-- eclusier: batch table=t key=id size=10\nupdate t set v = 1 / (case when id < 60 then 1 else (select count(*) from public.gate) end);";

        var first = await Steps.ApplyAsync(url, Script);
        Assert.Equal("t", await AskAsync(url, "select (position::int < 60 and settings like '%app%')::text from eclusier_progress").ContinueWith(answer => answer.Result[..1], TaskScheduler.Default));
        await PostgresServer.ExecuteAsync(url, "insert into public.gate values (1)");
        var second = await Steps.ApplyAsync(url, Script);

        Assert.Equal((StepStatus.Failed, StepStatus.Applied), (first.Status, second.Status));
        Assert.Equal("100|0", await AskAsync(url, "select (select sum(v) from app.t) || '|' || (select sum(v) from public.t)"));
    }

    [Fact]
    public async Task What_steps_back_from_a_lock_is_tried_again_where_the_file_said()
    {
        var url = await NewAsync(TwoTables);
        await using var application = await PostgresServer.ConnectAsync(url);
        await using var transaction = await application.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("lock table app.t in row exclusive mode", application))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var policy = new Policy { LockTimeout = TimeSpan.FromMilliseconds(50), RetryFor = TimeSpan.FromMinutes(1) };
        var held = true;
        void LetGo(Text stepBack)
        {
            if (held && stepBack.En.Contains("attempt", StringComparison.Ordinal))
                transaction.Rollback();
            held &= !stepBack.En.Contains("attempt", StringComparison.Ordinal);
        }

        var result = await Steps.ApplyAsync(url, "-- eclusier: no-transaction\nset search_path = app;\nalter table t add column done int;", policy, LetGo);

        Assert.Equal(StepStatus.Applied, result.Status);
        Assert.True(result.LockRetries > 0);
        Assert.Equal("app", await AskAsync(url, "select string_agg(table_schema, ',') from information_schema.columns where table_name = 't' and column_name = 'done'"));
    }

    [Theory]
    [InlineData("set role {0}", "reset role")]
    [InlineData("set local role {0}", "reset role")]
    [InlineData("set session authorization {0}", "reset session authorization")]
    [InlineData("select set_config('role', '{0}', false)", "select set_config('role', 'none', false)")]
    public async Task Another_role_runs_the_file_and_records_nothing(string set, string reset)
    {
        var url = await NewAsync("create table t (id int)");
        var role = $"runner_{Guid.NewGuid():N}";
        await PostgresServer.ExecuteAsync(url, $"create role {role}; alter table t owner to {role}; grant create on schema public to {role}");
        var script = $"{string.Format(CultureInfo.InvariantCulture, set, role)};\ncreate index concurrently t_id on t (id);\ncreate table made (id int);\n{reset};\ncreate table own (id int);";
        try
        {
            var result = await Steps.ApplyAsync(url, script, rehearsal: set.StartsWith("set role", StringComparison.Ordinal));

            Assert.True(result.Status == StepStatus.Applied, result.Error?.Message.En);
            Assert.Equal($"{role}|f|t", await AskAsync(url, $"select tableowner || '|' || (select (tableowner = '{role}')::text::char from pg_tables where tablename = 'own') || '|' || (select indisvalid::text::char from pg_index where indexrelid = 't_id'::regclass) from pg_tables where tablename = 'made'"));
            Assert.Equal("001", await AskAsync(url, "select string_agg(version, ',') from schema_migrations where success"));
        }
        finally
        {
            await PostgresServer.ExecuteAsync(url, $"drop owned by {role}; drop role {role}");
        }
    }

    /// <summary>A name of pg_catalog means something else to the file, and nothing of that reaches the tool's own questions and records.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("-- eclusier: no-transaction\n")]
    public async Task A_search_path_that_hides_pg_catalog_hides_it_from_the_file_alone(string directive)
    {
        var url = await NewAsync(
            """
            create schema evil;
            create table evil.pg_class (id int); create table evil.pg_index (id int); create table evil.pg_settings (id int);
            create function evil.now() returns int language sql as 'select 7'; create function evil.clock_timestamp() returns int language sql as 'select 7';
            create function evil.set_config(text, text, boolean) returns int language sql as 'select 7'; create function evil.to_regclass(text) returns int language sql as 'select 7';
            """);
        var script = $"{directive}set search_path = evil, pg_catalog;\nset standard_conforming_strings = off;\ncreate table evil.seen as select now();\ncreate index if not exists seen_now on evil.seen (now);\nset default_transaction_read_only = on;\nselect 1;";

        var result = await Steps.ApplyAsync(url, script, rehearsal: true);

        Assert.True(result.Status == StepStatus.Applied, result.Error?.Message.En);
        Assert.Equal("7|001", await AskAsync(url, "select now || '|' || (select string_agg(version, ',') from public.schema_migrations where success) from evil.seen"));
    }

    [Fact]
    public async Task A_file_s_own_timeouts_hold_but_no_wait_for_a_lock_without_limit()
    {
        var url = await NewAsync("create table seen (what text, lock text, statement text)");
        const string Weak = "insert into seen select 'weak', current_setting('lock_timeout'), current_setting('statement_timeout')";
        const string Strong = "do $$ begin insert into seen select 'strong', current_setting('lock_timeout'), current_setting('statement_timeout'); end $$";
        var policy = new Policy { LockTimeout = TimeSpan.FromSeconds(3), StatementTimeout = TimeSpan.FromMinutes(9) };
        foreach (var directive in new[] { "", "-- eclusier: no-transaction\n" })
        {
            await PostgresServer.ExecuteAsync(url, "truncate seen; drop table if exists schema_migrations");
            var result = await Steps.ApplyAsync(url, $"{directive}{Weak};\nset lock_timeout = '7s';\nset statement_timeout = '99s';\n{Weak};\n{Strong};\nset lock_timeout = 0;\n{Strong};", policy);

            Assert.True(result.Status == StepStatus.Applied, result.Error?.Message.En);
            Assert.Equal("weak|0|9min,weak|7s|99s,strong|7s|99s,strong|3s|99s", await AskAsync(url, "select string_agg(what || '|' || lock || '|' || statement, ',' order by ctid) from seen"));
        }
    }

    [Fact]
    public async Task A_query_that_calls_a_function_waits_for_no_lock_without_limit()
    {
        var url = await NewAsync(
            """
            create table t (id int); create table seen (what text);
            create function widen() returns void language plpgsql as $$
            begin insert into seen values (current_setting('lock_timeout')); alter table t add column x int; end $$;
            """);

        var result = await Steps.ApplyAsync(url, "select count(*) from t;\nselect widen();", new Policy { LockTimeout = TimeSpan.FromSeconds(3) });

        Assert.True(result.Status == StepStatus.Applied, result.Error?.Message.En);
        Assert.Equal("3s", await AskAsync(url, "select what from seen"));
    }

    /// <summary>Settings of a file's own invention are in no list of the server's.</summary>
    [Fact]
    public async Task Settings_with_names_of_the_file_s_own_are_kept_too()
    {
        var url = await NewAsync("create table gate (open int); create function enter() returns void language plpgsql as $$ begin perform set_config('other.tenant', 'b', false); end $$");
        const string Script = "-- eclusier: no-transaction\nset app.tenant = 'it''s \\a';\nselect enter();\nset timezone = 'Asia/Tokyo';\nselect 1 / count(*) from gate;\ncreate table seen as select current_setting('app.tenant') || current_setting('other.tenant') || current_setting('timezone') as all_of_them;";

        Assert.Equal(StepStatus.Failed, (await Steps.ApplyAsync(url, Script)).Status);
        await PostgresServer.ExecuteAsync(url, "insert into gate values (1)");
        Assert.Equal(StepStatus.Applied, (await Steps.ApplyAsync(url, Script)).Status);

        Assert.Equal("it's \\abAsia/Tokyo", await AskAsync(url, "select all_of_them from seen"));
    }

    [Fact]
    public async Task What_a_lost_session_had_prepared_is_prepared_again_and_a_temporary_table_is_told()
    {
        var url = await NewAsync("create table t (id int)");
        const string Gone = "select 1 / count(*) from t where id = 77;\n";
        const string Prepared = "-- eclusier: no-transaction\nprepare ins as insert into t values ($1);\nexecute ins(1);\n" + Gone + "execute ins(2);";
        Assert.Equal(StepStatus.Failed, (await Steps.ApplyAsync(url, Prepared)).Status);
        await PostgresServer.ExecuteAsync(url, "insert into t values (77)");
        Assert.Equal(StepStatus.Applied, (await Steps.ApplyAsync(url, Prepared)).Status);
        Assert.Equal("1,2,77", await AskAsync(url, "select string_agg(id::text, ',' order by id) from t"));

        const string Temporary = "-- eclusier: no-transaction\ncreate temp table s as select 5 as id;\ninsert into t select 1 / count(*) from t where id = 78;\ninsert into t select id from s;";
        await PostgresServer.ExecuteAsync(url, "delete from schema_migrations; create table s (id int); insert into s values (6)");
        Assert.Equal(StepStatus.Failed, (await Steps.ApplyAsync(url, Temporary)).Status);
        await PostgresServer.ExecuteAsync(url, "insert into t values (78)");
        var lost = await Assert.ThrowsAnyAsync<EclusierException>(() => Steps.ApplyAsync(url, Temporary));
        Assert.Equal((typeof(MigrationFailedException), "001_x.sql:2"), (lost.GetType(), lost.Where));
        Assert.Equal("1,2,77,78", await AskAsync(url, "select string_agg(id::text, ',' order by id) from t"));
    }

    [Theory]
    [InlineData("select pg_advisory_unlock_all();")]
    [InlineData("-- eclusier: no-transaction\nselect pg_advisory_unlock_all();\ndeallocate all;")]
    public async Task The_run_keeps_its_lock_whatever_a_file_gives_up(string script)
    {
        var url = await NewAsync("select 1");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);
        await database.SnapshotAsync(TestContext.Current.CancellationToken);
        await database.LockAsync(TestContext.Current.CancellationToken);

        Assert.Equal(StepStatus.Applied, (await Steps.ApplyAsync(database, script)).Status);

        await database.SnapshotAsync(TestContext.Current.CancellationToken);
        await using var other = await PostgresServer.ConnectAsync(url);
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({Eclusier.Postgres.Migrations.RunLock.Key})", other);
        Assert.False((bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
    }

    /// <summary>The next file does not find the tables of the one before under the names of others.</summary>
    [Fact]
    public async Task A_temporary_table_ends_with_its_file()
    {
        var url = await NewAsync("create table t (id int)");
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);

        await Steps.ApplyAsync(database, "create temp table t (id int);");
        await Steps.ApplyAsync(database, "insert into t values (1);");

        Assert.Equal("1", await AskAsync(url, "select count(*)::text from t"));
    }

    private async Task<DatabaseUrl> NewAsync(string sql)
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, sql);
        return url;
    }

    private static Task<string> AskAsync(DatabaseUrl url, string sql) => PostgresServer.ScalarAsync<string>(url, sql);
}

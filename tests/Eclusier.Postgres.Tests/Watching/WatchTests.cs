using System.Diagnostics;
using Eclusier.Evidence;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Tests.Watching;

/// <summary>What a watch sees of a real server, and that it says each thing once.</summary>
public sealed class WatchTests(WatchedServer server) : IClassFixture<WatchedServer>
{
    private static readonly WatchSettings Settings = new() { For = TimeSpan.FromHours(24), Every = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task A_day_without_trouble_is_quiet_and_its_own_queries_are_no_rollbacks()
    {
        var url = await server.NewDatabaseAsync();
        await using var watch = new Watch(url, Settings with { Every = TimeSpan.FromHours(1) }, [new Check { Name = "one", Query = "select 1", Expect = new Expectation { EqualTo = "1", Under = TimeSpan.FromMinutes(1) }, Samples = 30 }]);
        await watch.RoundOverAsync();
        await watch.RoundsAsync(23);

        var record = await watch.EndAsync();

        Assert.Empty(watch.Told);
        Assert.Equal((24, WatchOutcome.Quiet, 0L), (record.Rounds, record.Outcome, record.Statistics!.Deadlocks));
        Assert.InRange(record.Statistics.Rollbacks, 0, 1);
        Assert.Null(record.Summary);
        Assert.Equal(record.StartedAt + TimeSpan.FromHours(24), record.FinishedAt);
    }

    [Fact]
    public async Task A_deadlock_is_one_trouble_that_ends_when_it_stays_away()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table a (id int); create table b (id int)");
        await using var watch = new Watch(url, Settings);
        await watch.RoundOverAsync();

        await DeadlockAsync(url);
        await watch.RoundsAsync();
        Assert.Equal(["ALERT  1 deadlock"], watch.Told);
        await DeadlockAsync(url);
        await watch.RoundsAsync(5);
        Assert.Single(watch.Told);
        await watch.RoundsAsync();
        var record = await watch.InterruptAsync();

        Assert.Equal(["ALERT  1 deadlock", "over: 1 deadlock"], watch.Told);
        var failure = Assert.Single(record.Failures);
        Assert.Equal(("deadlocks", WatchOutcome.Troubled, 2L), (failure.Kind, record.Outcome, record.Statistics!.Deadlocks));
        Assert.NotNull(failure.Until);
        Assert.Contains("goes on until", record.Summary!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_rollbacks_are_trouble_where_they_were_not_usual()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table a (id int primary key)");
        await using var watch = new Watch(url, Settings);
        await watch.RoundOverAsync();

        await RollBackAsync(url, 60);
        await watch.RoundsAsync();

        Assert.StartsWith("ALERT  ", Assert.Single(watch.Told), StringComparison.Ordinal);
        Assert.Contains("transactions rolled back (before: ", watch.Told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_of_the_statistics_is_told_and_is_no_trouble()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table a (id int); create table b (id int)");
        await DeadlockAsync(url);
        await using var watch = new Watch(url, Settings);
        await watch.RoundOverAsync();

        await PostgresServer.ExecuteAsync(url, "select pg_stat_reset()");
        await watch.RoundsAsync();
        var record = await watch.InterruptAsync();

        Assert.Equal(["the server's statistics were reset, counted anew from here"], watch.Told);
        Assert.Equal((1, 0L, WatchOutcome.Interrupted), (record.Statistics!.Resets, record.Statistics.Deadlocks, record.Outcome));
        Assert.True(record.Statistics.Commits >= 0);
    }

    [Fact]
    public async Task A_crash_of_the_server_and_its_recovery_are_survived()
    {
        var url = await server.NewDatabaseAsync();
        await using var watch = new Watch(url, Settings, [new Check { Name = "one", Query = "select 1", Expect = new Expectation { EqualTo = "1" } }]);
        await watch.RoundOverAsync();

        await CrashAsync(url);
        await watch.RoundsAsync(3);
        var record = await watch.InterruptAsync();

        Assert.StartsWith("not reached, asked again", watch.Told[0], StringComparison.Ordinal);
        Assert.Contains("reached again", watch.Told);
        Assert.Empty(record.Failures);
        Assert.Equal((1, true, WatchOutcome.Interrupted), (record.Unreachable, record.LastReached, record.Outcome));
    }

    [Fact]
    public async Task A_session_that_is_ended_in_the_middle_of_a_check_is_a_lost_connection_and_no_failed_check()
    {
        var url = await server.NewDatabaseAsync();
        await using var watch = new Watch(url, Settings, [new Check { Name = "ended", Query = "select pg_terminate_backend(pg_backend_pid())", Expect = new Expectation { Rows = 1 } }]);
        await watch.RoundOverAsync();

        var record = await watch.InterruptAsync();

        Assert.StartsWith("not reached, asked again", Assert.Single(watch.Told), StringComparison.Ordinal);
        Assert.Equal((0, WatchOutcome.Unreachable), (record.Failures.Count, record.Outcome));
    }

    [Fact]
    public async Task Invalid_indexes_long_transactions_and_blocked_sessions_are_seen_and_seen_to_end()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table a (id int); insert into a values (1), (1); create table b (id int)");
        await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(url, "create unique index concurrently known on a (id)"));
        await using var watch = new Watch(url, Settings with { Blocked = TimeSpan.Zero, Transactions = TimeSpan.Zero });
        await watch.RoundOverAsync();
        Assert.Empty(watch.Told);

        await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(url, "create unique index concurrently appeared on a (id)"));
        await using (var holder = await PostgresServer.ConnectAsync(url))
        await using (var waiter = await PostgresServer.ConnectAsync(url))
        {
            await RunAsync(holder, "begin; lock table b");
            var waiting = RunAsync(waiter, "lock table b nowait");
            await Assert.ThrowsAsync<PostgresException>(() => waiting);
            waiting = RunAsync(waiter, "select * from b");
            await UntilAsync(url, "select exists (select from pg_locks where not granted)");
            await watch.RoundsAsync();
            Assert.Equal(["blocked", "invalid_index", "long_transaction", "long_transaction"], Open(watch).Order(StringComparer.Ordinal));
            Assert.Contains(watch.Told, line => line.Contains("public.appeared", StringComparison.Ordinal));
            Assert.Contains(watch.Told, line => line.Contains("has waited", StringComparison.Ordinal) && line.Contains($"of pid {holder.ProcessID}", StringComparison.Ordinal));
            await RunAsync(holder, "rollback");
            await waiting;
        }

        await PostgresServer.ExecuteAsync(url, "drop index appeared");
        await watch.RoundsAsync();

        Assert.Empty(Open(watch));
        Assert.Equal(8, watch.Told.Count);
    }

    [Fact]
    public async Task A_check_does_not_wait_for_a_lock_any_longer_than_others_may()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table a (id int)");
        await using var holder = await PostgresServer.ConnectAsync(url);
        await RunAsync(holder, "begin; lock table a");
        await using var watch = new Watch(url, Settings with { Blocked = TimeSpan.FromMilliseconds(50) }, [new Check { Name = "rows", Query = "select count(*) from a", Expect = new Expectation { EqualTo = "0" } }]);
        await watch.RoundOverAsync();
        await RunAsync(holder, "rollback");
        await watch.RoundsAsync();

        Assert.Equal(2, watch.Told.Count);
        Assert.StartsWith($"FAILED  rows: expected 0, found The query would have to wait for a lock: a is locked (ACCESS EXCLUSIVE) by pid {holder.ProcessID}", watch.Told[0], StringComparison.Ordinal);
        Assert.Equal("passes again: rows", watch.Told[1]);
    }

    [Fact]
    public async Task An_index_that_is_being_built_is_not_invalid()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table a (id int)");
        await using var watch = new Watch(url, Settings);
        await watch.RoundOverAsync();

        await using var writer = await PostgresServer.ConnectAsync(url);
        await using var builder = await PostgresServer.ConnectAsync(url);
        await RunAsync(writer, "begin; insert into a values (1)");
        var building = RunAsync(builder, "create index concurrently slowly_built on a (id)");
        await UntilAsync(url, "select exists (select from pg_index where indexrelid = to_regclass('slowly_built') and not indisvalid) and exists (select from pg_locks where not granted)");
        await watch.RoundsAsync();
        await RunAsync(writer, "rollback");
        await building;

        Assert.Empty(watch.Told);
    }

    [Fact]
    public async Task Queries_that_are_new_and_slow_or_have_become_slow_are_named_without_their_literals()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, """
            create extension pg_stat_statements;
            create table pace (seconds float8); insert into pace values (0);
            create function slowly(who text) returns text language sql as 'select pg_sleep(seconds)::text from pace'
            """);
        await PostgresServer.ExecuteAsync(url, "select slowly('s3cret')");
        await using var watch = new Watch(url, Settings with { Slow = TimeSpan.FromMilliseconds(50) });
        await watch.RoundOverAsync();
        await watch.RoundsAsync();
        Assert.Empty(watch.Told);

        await PostgresServer.ExecuteAsync(url, "update pace set seconds = 0.12; select slowly('s3cret'); select 's3cret', pg_sleep(0.12)");
        await watch.RoundsAsync(2);

        Assert.Equal(2, watch.Told.Count);
        Assert.Contains(watch.Told, line => line.Contains("instead of", StringComparison.Ordinal) && line.Contains("select slowly($1)", StringComparison.Ordinal));
        Assert.Contains(watch.Told, line => line.Contains("a new query takes", StringComparison.Ordinal) && line.Contains("pg_sleep(", StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", string.Join('\n', watch.Told) + watch.State, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stops_at_the_first_failure_where_that_is_asked_for()
    {
        var url = await server.NewDatabaseAsync();
        await using var watch = new Watch(url, Settings with { StopOnFailure = true }, [new Check { Name = "one", Query = "select count(*) from pg_class where relname = 'gone'", Expect = new Expectation { EqualTo = "0" } }]);
        await watch.RoundOverAsync();
        await PostgresServer.ExecuteAsync(url, "create table gone (id int)");

        var record = await watch.EndAsync();

        Assert.Equal((2, WatchOutcome.Troubled), (record.Rounds, record.Outcome));
        Assert.False(record.Interrupted);
    }

    [Fact]
    public async Task One_process_watches_an_environment_and_the_next_goes_on_to_the_same_end()
    {
        var url = await server.NewDatabaseAsync();
        using var folder = new TemporaryFolder();
        Check[] checks = [new Check { Name = "one", Query = "select 1", Expect = new Expectation { EqualTo = "2" } }];
        WatchRecord first, second;
        await using (var watch = new Watch(url, Settings, checks, folder.Path))
        {
            await watch.RoundOverAsync();
            await watch.RoundsAsync(2);
            await using var another = new Watch(url, Settings, checks, folder.Path);
            await Assert.ThrowsAsync<UnavailableException>(another.RoundOverAsync);
            first = await watch.InterruptAsync();
        }

        await using (var watch = new Watch(url, Settings, checks, folder.Path))
        {
            await watch.RoundOverAsync();
            Assert.Empty(watch.Told);
            second = await watch.InterruptAsync();
        }

        Assert.Equal((first.StartedAt, first.Until, 4, 1), (second.StartedAt, second.Until, second.Rounds, second.Resumed));
        Assert.Equal(WatchOutcome.Troubled, second.Outcome);
        Assert.Equal(first.Failures[0].At, Assert.Single(second.Failures).At);
    }

    private static IEnumerable<string> Open(Watch watch)
    {
        using var state = System.Text.Json.JsonDocument.Parse(watch.State);
        return [.. state.RootElement.GetProperty("open").EnumerateArray().Select(open => open.GetProperty("trouble").GetProperty("kind").GetString()!)];
    }

    /// <summary>Two sessions that take two locks in opposite order; returns when the server has counted it.</summary>
    private static async Task DeadlockAsync(DatabaseUrl url)
    {
        const string Count = "select deadlocks from pg_stat_database where datname = current_database()";
        var before = await PostgresServer.ScalarAsync<long>(url, Count);
        await using (var first = await PostgresServer.ConnectAsync(url))
        await using (var second = await PostgresServer.ConnectAsync(url))
        {
            await RunAsync(first, "set deadlock_timeout = '20ms'; begin; lock table a");
            await RunAsync(second, "set deadlock_timeout = '1h'; begin; lock table b");
            var one = RunAsync(second, "lock table a");
            var error = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(first, "lock table b"));
            Assert.Equal(PostgresErrorCodes.DeadlockDetected, error.SqlState);
            await RunAsync(first, "rollback");
            await one;
        }

        await UntilAsync(url, $"select ({Count}) > {before}");
    }

    private static async Task RollBackAsync(DatabaseUrl url, int times)
    {
        const string Count = "select xact_rollback from pg_stat_database where datname = current_database()";
        var before = await PostgresServer.ScalarAsync<long>(url, Count);
        await using (var connection = await PostgresServer.ConnectAsync(url))
        {
            for (var round = 0; round < times; round++)
                await RunAsync(connection, "begin; rollback");
        }

        await UntilAsync(url, $"select ({Count}) >= {before + times}");
    }

    /// <summary>A server process that dies takes all sessions with it, and the server recovers: the counters are gone.</summary>
    private static async Task CrashAsync(DatabaseUrl url)
    {
        await using var victim = await PostgresServer.ConnectAsync(url);
        using (var kill = Process.Start("kill", ["-9", victim.ProcessID.ToString()]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            while (true)
                await RunAsync(victim, "select 1");
        });
        await UntilAsync(url, "select true");
    }

    private static async Task UntilAsync(DatabaseUrl url, string condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await HoldsAsync(url, condition))
            await Task.Delay(20, patience.Token);
    }

    private static async Task<bool> HoldsAsync(DatabaseUrl url, string condition)
    {
        try
        {
            return await PostgresServer.ScalarAsync<bool>(url, condition);
        }
        catch (UnavailableException)
        {
            return false;
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string script)
    {
        foreach (var statement in script.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}

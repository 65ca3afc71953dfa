using Eclusier.Evidence;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Tests.Migrations;

/// <summary>What a step does while it waits: for the runbook's own query, for a lock, and for somebody who wants it to stop.</summary>
public sealed class WaitingTests(PostgresServer server)
{
    [Theory]
    [InlineData("select 1 / 0")]
    [InlineData("select nope from t")]
    [InlineData("delete from t")]
    [InlineData("with gone as (delete from t returning 1) select false")]
    [InlineData("select false; delete from t")]
    public async Task A_question_of_the_runbook_s_that_is_refused_stops_the_migration_and_changes_nothing(string question)
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table t (id int primary key, v int not null default 0); insert into t select generate_series(1, 10)");
        const string Script = "-- eclusier: batch table=t key=id size=10\nupdate t set v = v + 1;";

        var stopped = await Assert.ThrowsAnyAsync<EclusierException>(() => Steps.ApplyAsync(url, Script, new Policy { PauseWhile = question }));

        Assert.Equal((typeof(MigrationFailedException), "policy.pause_while"), (stopped.GetType(), stopped.Where));
        Assert.Equal("10|0", await PostgresServer.ScalarAsync<string>(url, "select count(*) || '|' || sum(v) from t"));
        Assert.Equal(StepStatus.Applied, (await Steps.ApplyAsync(url, Script, new Policy { PauseWhile = "select false" })).Status);
        Assert.Equal("10", await PostgresServer.ScalarAsync<string>(url, "select sum(v)::text from t"));
    }

    /// <summary>A strong lock is asked for again and again, a weak one once and for as long as it takes; neither keeps whoever wants to stop.</summary>
    [Theory]
    [InlineData("alter table t add column done int;")]
    [InlineData("insert into t values (1);")]
    [InlineData("-- eclusier: no-transaction\ninsert into t values (1);")]
    [InlineData("create index concurrently t_id on t (id);")]
    public async Task Whoever_stops_it_while_it_waits_for_a_lock_need_not_wait(string script)
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table t (id int)");
        await using var application = await PostgresServer.ConnectAsync(url);
        await using var transaction = await application.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("lock table t", application))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var policy = new Policy { LockTimeout = TimeSpan.FromMilliseconds(300), RetryFor = TimeSpan.FromHours(1) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Steps.ApplyAsync(url, script, policy, _ => stop.Cancel(), stop.Token));

        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(StepStatus.Applied, (await Steps.ApplyAsync(url, script, policy)).Status);
    }
}

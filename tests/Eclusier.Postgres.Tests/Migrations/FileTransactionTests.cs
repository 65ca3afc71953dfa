using Eclusier.Evidence;

namespace Eclusier.Postgres.Tests.Migrations;

/// <summary>Transactions that a file opens and ends by itself, and statements that commit by themselves.</summary>
public sealed class FileTransactionTests(PostgresServer server)
{
    [Fact]
    public async Task They_run_as_they_are_written()
    {
        var url = await server.NewDatabaseAsync();
        const string Script =
            """
            create table t (id int, level text default current_setting('transaction_isolation'), zone text default current_setting('timezone'));
            set timezone = 'Asia/Tokyo';
            begin;
            set local timezone = 'Europe/Paris';
            insert into t values (1);
            savepoint a; insert into t values (2); rollback to a; insert into t values (3);
            commit and chain;
            insert into t values (4);
            rollback and chain;
            insert into t values (5);
            rollback;
            start transaction isolation level serializable;
            insert into t values (6);
            commit and chain;
            insert into t values (7);
            end;
            begin read only; select count(*) from t; commit;
            begin; drop table t; rollback;
            insert into t values (8);
            commit;
            """;

        var result = await Steps.ApplyAsync(url, Script, rehearsal: true);

        Assert.True(result.Status == StepStatus.Applied, result.Error?.Message.En);
        Assert.Equal(
            "1 read committed Europe/Paris, 3 read committed Europe/Paris, 6 serializable Asia/Tokyo, 7 serializable Asia/Tokyo, 8 read committed Asia/Tokyo",
            await AskAsync(url, "select string_agg(concat_ws(' ', id, level, zone), ', ' order by id) from t"));
        Assert.Equal("001 -", await AskAsync(url, "select string_agg(version, ',') || ' ' || coalesce(to_regclass('eclusier_progress')::text, '-') from schema_migrations"));
    }

    [Fact]
    public async Task One_that_fails_leaves_those_before_it_and_the_next_attempt_begins_with_it()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table t (id int); create table gate (open int); create table late (id int primary key deferrable initially deferred)");
        const string Script = "begin; insert into t values (1); commit and chain;\ninsert into t values (2);\ninsert into late values (1), (1 + (select count(*) from gate));\ncommit;\ninsert into t values (3);";

        var failed = await Steps.ApplyAsync(url, Script);
        var left = await AskAsync(url, "select string_agg(id::text, ',') from t");
        await PostgresServer.ExecuteAsync(url, "insert into gate values (1)");
        var mended = await Steps.ApplyAsync(url, Script);

        Assert.Equal((StepStatus.Failed, "23505", "1", StepStatus.Applied), (failed.Status, failed.Error?.Code, left, mended.Status));
        Assert.Equal("1,2,3", await AskAsync(url, "select string_agg(id::text, ',' order by id) from t"));
    }

    [Theory]
    [InlineData("do $$ begin insert into t values (1); commit; insert into t values (2); end $$;")]
    [InlineData("create procedure p() language plpgsql as $$ begin insert into t values (1); commit; insert into t values (2); end $$;\ncall p();")]
    [InlineData("do $$ declare last text collate \"C\" := null; begin insert into t values (1); commit; insert into t values (2); end $$;")]
    [InlineData("-- eclusier: no-transaction\ncall outer_p();")]
    [InlineData("-- eclusier: no-transaction\nset role postgres;\ndo $$ begin call inner_p(); end $$;")]
    public async Task What_commits_by_itself_runs_outside_a_transaction(string script)
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url,
            """
            create table t (id int);
            create procedure inner_p() language plpgsql as $$ begin insert into t values (1); commit; insert into t values (2); end $$;
            create procedure outer_p() language plpgsql as $$ begin call inner_p(); end $$;
            """);

        var result = await Steps.ApplyAsync(url, script);

        Assert.True(result.Status == StepStatus.Applied, result.Error?.Message.En);
        Assert.Equal("1,2", await AskAsync(url, "select string_agg(id::text, ',') from t"));
    }

    [Fact]
    public async Task In_a_file_that_is_one_transaction_the_error_names_the_way_out()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table t (id int); create procedure p() language plpgsql as $$ begin insert into t values (1); commit; end $$");

        var result = await Steps.ApplyAsync(url, "do $$ begin call p(); end $$;");

        Assert.Equal((StepStatus.Failed, "2D000"), (result.Status, result.Error?.Code));
        Assert.Contains("no-transaction", result.Error?.Remedy?.En, StringComparison.Ordinal);
        Assert.Equal("0", await AskAsync(url, "select count(*)::text from t"));
    }

    /// <summary>What has committed a part is on no record; what has not may be tried again as it is.</summary>
    [Fact]
    public async Task What_fails_after_a_commit_of_its_own_is_not_run_again_before_it_was_changed()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table t (id int); create table gate (open int)");
        const string Script = "do $$ begin insert into t select 1 / count(*) from gate; commit; insert into t select 1 / (count(*) - 1) from gate; end $$;";

        var before = await Steps.ApplyAsync(url, Script);
        await PostgresServer.ExecuteAsync(url, "insert into gate values (1)");
        var after = await Steps.ApplyAsync(url, Script);
        var undecided = await Assert.ThrowsAnyAsync<EclusierException>(() => Steps.ApplyAsync(url, Script));
        var rest = await Steps.ApplyAsync(url, "do $$ begin commit; insert into t values (2); end $$;");

        Assert.Equal((StepStatus.Failed, StepStatus.Failed, typeof(MigrationFailedException), StepStatus.Applied), (before.Status, after.Status, undecided.GetType(), rest.Status));
        Assert.Equal("1,2", await AskAsync(url, "select string_agg(id::text, ',') from t"));
    }

    private static Task<string> AskAsync(DatabaseUrl url, string sql) => PostgresServer.ScalarAsync<string>(url, sql);
}

using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Backups;

/// <summary>Another database that has the address of one now: what is on record of the former says nothing of it.</summary>
public sealed class DatabaseIdentityTests(PostgresServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recent_backup_of_a_database_that_was_made_anew_or_renamed_is_not_that_of_this_one()
    {
        var url = await server.NewDatabaseAsync();
        await FillAsync(url, 10);
        using var workshop = new Workshop(url);
        await workshop.BackupAsync();
        var before = await workshop.PlanAsync();

        await AnewAsync(url);
        await FillAsync(url, 1000);
        Assert.NotEqual(before.Id, (await workshop.PlanAsync()).Id);
        var migrated = await workshop.MigrateAsync();
        Assert.Equal((RunOutcome.Done, false, 1000L), (migrated.Outcome, migrated.Backup!.Reused, migrated.Backup.Manifest.Dump.RowCounts["public.t"]));

        // The same database in the same state: reused.
        workshop.Migration("002", "select 1;");
        await workshop.BackupAsync();
        Assert.True((await workshop.MigrateAsync()).Backup!.Reused);

        // Another one takes the name.
        workshop.Migration("003", "create table added_003 (id int);");
        await workshop.BackupAsync();
        var (name, other) = (Name(url), await server.NewDatabaseAsync(template: Name(url)));
        await PostgresServer.ExecuteAsync(other, "insert into t values (1001)");
        await AdminAsync(url, $"alter database {Identifier.Quote(name)} rename to {Identifier.Quote($"{name}_old")}; alter database {Identifier.Quote(Name(other))} rename to {Identifier.Quote(name)};");
        var third = await workshop.MigrateAsync();
        Assert.Equal((false, 1001L), (third.Backup!.Reused, third.Backup.Manifest.Dump.RowCounts["public.t"]));
    }

    [Fact]
    public async Task Restoring_goes_to_the_database_s_own_backups_unless_somebody_names_another()
    {
        var url = await server.NewDatabaseAsync();
        await FillAsync(url, 10);
        using var workshop = new Workshop(url);
        var backup = (await workshop.BackupAsync()).Backup!.Manifest.Id;
        await AnewAsync(url);
        await FillAsync(url, 3);

        var refused = await Assert.ThrowsAnyAsync<EclusierException>(() => workshop.RestoreAsync());
        Assert.IsType<InvalidInputException>(refused);
        Assert.Contains(backup, refused.Remedy!.En, StringComparison.Ordinal);
        Assert.Equal(3, await PostgresServer.ScalarAsync<long>(url, "select count(*) from t"));

        var restored = await workshop.RestoreAsync(backup);
        Assert.Equal((RunOutcome.Done, Verdict.Warning), (restored.Outcome, restored.Decision!.Criteria.Single(criterion => criterion.Id == "backup_origin").Verdict));
        Assert.Equal(10, await PostgresServer.ScalarAsync<long>(url, "select count(*) from t"));

        // What took the place by a restore is the same database to its runs: the way back to what was there before is known.
        await workshop.MigrateAsync();
        var again = await workshop.RestoreAsync();
        Assert.DoesNotContain(again.Decision!.Criteria, criterion => criterion.Id == "backup_origin");
        Assert.False(await PostgresServer.ScalarAsync<bool>(url, "select to_regclass('added_001') is not null"));
    }

    [Fact]
    public async Task Runs_on_another_database_are_neither_taken_up_nor_undone()
    {
        var url = await server.NewDatabaseAsync();
        using var workshop = new Workshop(url);
        await workshop.MigrateAsync();
        var journal = Path.Combine(workshop.Runs[^1], Journal.FileName);
        var lines = await File.ReadAllLinesAsync(journal, Cancel);
        await AnewAsync(url);
        await PostgresServer.ExecuteAsync(url, "create table added_001 (id int)");

        // It ended: nothing of it is left to undo here.
        await Assert.ThrowsAsync<InvalidInputException>(() => workshop.RollbackAsync());
        // It was cut off: it has not applied anything here.
        await File.WriteAllLinesAsync(journal, lines[..^1], Cancel);
        var refused = await Assert.ThrowsAnyAsync<EclusierException>(() => workshop.MigrateAsync());
        Assert.Equal((typeof(InvalidInputException), workshop.Runs[^1]), (refused.GetType(), refused.Where));
        Assert.False(await PostgresServer.ScalarAsync<bool>(url, "select to_regclass('schema_migrations') is not null"));
    }

    [Fact]
    public async Task Where_the_system_identifier_may_not_be_asked_for_the_server_s_address_stands_for_it()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, $"revoke execute on function pg_control_system() from public; create role plain_{Name(url)} login password 'pw';");
        var plain = new DatabaseUrl(new UriBuilder(url.Reveal()) { UserName = $"plain_{Name(url)}", Password = "pw" }.Uri.ToString());
        await using var limited = await PostgresDatabase.OpenAsync(plain, "test", Cancel);
        await using var full = await PostgresDatabase.OpenAsync(url, "test", Cancel);

        var (theirs, ours) = (await limited.IdentifyAsync(Cancel), await full.IdentifyAsync(Cancel));

        Assert.StartsWith("at 127.0.0.1:", theirs.Server, StringComparison.Ordinal);
        Assert.Equal(ours.Marks, theirs.Marks);
        Assert.False(ours.Is(theirs));
    }

    private static string Name(DatabaseUrl url) => PostgresUrl.Describe(url).Split('/')[^1];

    private static Task FillAsync(DatabaseUrl url, int rows) => PostgresServer.ExecuteAsync(url, $"create table t (id int primary key); insert into t select generate_series(1, {rows});");

    private static Task AnewAsync(DatabaseUrl url) =>
        AdminAsync(url, $"drop database {Identifier.Quote(Name(url))} with (force); create database {Identifier.Quote(Name(url))} template template0;");

    private static Task AdminAsync(DatabaseUrl url, string sql) => PostgresServer.ExecuteAsync(PostgresUrl.WithDatabase(url, "postgres"), sql);
}

using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Postgres.Backups;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Tests;

/// <summary>The example keeps the law of every plan: applied it equals the target, applied again it does nothing, undone it equals the start.</summary>
public sealed class BilanCompetenceTests(PostgresServer server)
{
    private static readonly string Folder = Examples.Folder("bilan-competence");

    [Fact]
    public async Task Each_rollback_undoes_its_migration_exactly_and_the_whole_goes_forth_and_back()
    {
        var url = await server.NewDatabaseAsync();
        await using var connection = await PostgresServer.ConnectAsync(url);
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);
        var files = new NumberedLayout().Read(Path.Combine(Folder, "migrations"), Folder);
        Assert.Equal(29, files.Count);
        var before = new Stack<(MigrationFile File, string Fingerprint)>();
        foreach (var file in files)
        {
            var start = await FingerprintAsync(database);
            before.Push((file, start));
            await RunAsync(connection, file.Text);
            await RunAsync(connection, await File.ReadAllTextAsync(file.RollbackFile!, TestContext.Current.CancellationToken));
            Assert.True(start == await FingerprintAsync(database), $"{file.RollbackFile} does not undo {file.RelativePath}");
            await RunAsync(connection, file.Text);
        }

        foreach (var (file, fingerprint) in before)
        {
            await RunAsync(connection, await File.ReadAllTextAsync(file.RollbackFile!, TestContext.Current.CancellationToken));
            Assert.True(fingerprint == await FingerprintAsync(database), $"undone down to {file.Version}, the schema is not what it was");
        }
    }

    [Fact]
    public async Task Planned_applied_and_planned_again_there_is_nothing_to_do()
    {
        var url = await server.NewDatabaseAsync();
        var runbook = RunbookReader.Read(Path.Combine(Folder, "eclusier.yaml"), new Dictionary<string, string?>(StringComparer.Ordinal) { ["BILAN_DATABASE_URL"] = url.Reveal() });
        var production = runbook.Environments["production"];
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);
        var plan = await database.PlanAsync(runbook, production, TestContext.Current.CancellationToken);

        Assert.Equal(29, plan.Steps.Count);
        foreach (var step in plan.Steps)
        {
            var result = await database.ApplyAsync(step, new ApplyOptions(runbook, "", "test"), TestContext.Current.CancellationToken);
            Assert.True(result.Status == StepStatus.Applied, $"{step.File}: {result.Error?.Message}");
        }

        var again = await database.PlanAsync(runbook, production, TestContext.Current.CancellationToken);
        Assert.Empty(again.Steps);
        Assert.Empty(again.Problems);
        Assert.All(again.Applied, row => Assert.Equal(64, row.Checksum?.Length));
    }

    [Fact]
    public async Task Row_security_shows_a_beneficiary_his_own_bilans_only()
    {
        var url = await server.NewDatabaseAsync();
        await using var connection = await PostgresServer.ConnectAsync(url);
        foreach (var file in new NumberedLayout().Read(Path.Combine(Folder, "migrations"), Folder).TakeWhile(file => string.CompareOrdinal(file.Version, "022") <= 0))
            await RunAsync(connection, file.Text);
        await RunAsync(connection, await File.ReadAllTextAsync(Path.Combine(Folder, "data", "production.sql"), TestContext.Current.CancellationToken));
        var counts = await RowCounts.OfAsync(connection, TestContext.Current.CancellationToken);
        Assert.True(counts["public.users"] >= 10_000);
        Assert.True(counts.Values.Sum() >= 100_000);

        var visible = await VisibleToOneAsync(connection);

        Assert.InRange(visible, 1, counts["public.bilans"] - 1);
    }

    /// <summary>How many bilans a plain role sees that says it is the beneficiary of one.</summary>
    private static async Task<long> VisibleToOneAsync(NpgsqlConnection connection)
    {
        var role = $"reader_{Guid.NewGuid():N}";
        await RunAsync(connection, $"create role {role}; grant usage on schema public to {role}; grant select on all tables in schema public to {role};");
        await RunAsync(connection, "select set_config('app.user_id', (select beneficiary_id::text from bilans order by id limit 1), false)");
        await RunAsync(connection, $"set role {role}");
        await using var command = new NpgsqlCommand("select count(*) from bilans", connection);
        var visible = (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        await RunAsync(connection, $"reset role; drop owned by {role}; drop role {role};");
        return visible;
    }

    private static async Task<string> FingerprintAsync(PostgresDatabase database) => (await database.SnapshotAsync(TestContext.Current.CancellationToken)).Fingerprint;

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        foreach (var statement in ScriptSplitter.Split(sql))
        {
            await using var command = new NpgsqlCommand(statement.Sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Tests.Diagnostics;

/// <summary>Asks for a diagnosis as <c>inspect</c> does.</summary>
internal static class Diagnosis
{
    /// <summary>Statistics of any age, and what a script says is pending (<c>-- pending: …</c>).</summary>
    public static async Task<IReadOnlyList<Finding>> OfAsync(DatabaseUrl url, DiagnosticScope? scope = null, string script = "")
    {
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);
        scope ??= new DiagnosticScope { EnoughStatistics = TimeSpan.Zero };
        return await database.DiagnoseAsync(scope with { Plan = script.Contains("-- pending: ", StringComparison.Ordinal) ? await PlanAsync(database, url, script) : null }, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a script, each statement in a session of its own: what one did is in the statistics for certain once its session has ended.</summary>
    public static async Task BuildAsync(DatabaseUrl url, string script)
    {
        await using var watcher = await PostgresServer.ConnectAsync(url);
        foreach (var statement in ScriptSplitter.Split(script))
        {
            await PostgresServer.ExecuteAsync(url, statement.Sql);
            while (await OthersAsync(watcher) > 0)
                await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<long> OthersAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'", connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Rule, object and count of each.</summary>
    public static IEnumerable<string> Told(IEnumerable<Finding> findings) => findings.Select(found => $"{found.Rule} {found.Object}{(found.Count is { } count ? $" {count}" : "")}");

    private static async Task<Plan> PlanAsync(PostgresDatabase database, DatabaseUrl url, string script)
    {
        using var folder = new TemporaryFolder();
        var pending = script.Split('\n').Where(line => line.StartsWith("-- pending: ", StringComparison.Ordinal)).Select(line => line["-- pending: ".Length..]);
        await File.WriteAllLinesAsync(Path.Combine(folder.Path, "001_pending.sql"), pending.Append("select 1;"), TestContext.Current.CancellationToken);
        var runbook = ShortForm.Create(url, folder.Path, folder.Path, [], rehearse: false);
        return await database.PlanAsync(runbook, runbook.Environments.Values.Single(), TestContext.Current.CancellationToken);
    }
}

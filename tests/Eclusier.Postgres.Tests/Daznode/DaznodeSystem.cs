using Eclusier.Catalog;
using Eclusier.Files;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sandbox;
using Npgsql;

namespace Eclusier.Postgres.Tests.Daznode;

/// <summary>The CRM of DazNode, a small one with every fault of the large, at the stages of its guide. Each stage is built once, with psql as a user would; a test gets a copy of it.</summary>
public sealed class DaznodeSystem
{
    public static readonly string Folder = Examples.Folder("daznode-crm");

    private readonly PostgresServer _server;
    private readonly Dictionary<string, Lazy<Task<string>>> _stages;

    public DaznodeSystem(PostgresServer server)
    {
        _server = server;
        _stages = new Dictionary<string, Lazy<Task<string>>>(StringComparer.Ordinal)
        {
            ["before"] = new(BuildAsync),
            ["diagnosed"] = new(() => NextAsync("before", "pre_migration_diagnostic")),
            ["safe"] = new(() => NextAsync("diagnosed", "crm_optimization_safe", "crm_optimization_indexes_concurrent")),
            ["complete"] = new(() => NextAsync("diagnosed", "crm_optimization_complete", "crm_optimization_indexes_concurrent")),
        };
    }

    /// <summary>The faults of the README's table: check -> count.</summary>
    public static IReadOnlyDictionary<string, long> Faults { get; } = File.ReadLines(Path.Combine(Folder, "README.md"))
        .SkipWhile(line => !line.StartsWith("| check | count |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[1].Trim('`'), cells => long.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <param name="stage"><c>before</c>, <c>diagnosed</c>, <c>safe</c> or <c>complete</c>.</param>
    public async Task<DatabaseUrl> AtAsync(string stage) => await _server.NewDatabaseAsync(await _stages[stage].Value);

    /// <param name="script">Relative to the example's folder.</param>
    public static async Task PsqlAsync(DatabaseUrl url, string script, params string[] more)
    {
        var environment = new Dictionary<string, string?>(PostgresUrl.ChildEnvironment(url), StringComparer.Ordinal) { ["DAZNODE_PROFILES"] = "1000", ["DAZNODE_SENDS"] = "20000" };
        var psql = (await PostgresTools.FindAsync("psql", CancellationToken.None)).Path("psql");
        var result = await ChildProcess.RunAsync(psql, ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", .. more, "--file", script], environment, CancellationToken.None, workingFolder: Folder);
        Assert.True(result.Succeeded, $"psql --file {script}: {result.LastLines()}");
    }

    /// <summary>Every row as one line, its cells apart by bars.</summary>
    public static async Task<IReadOnlyList<string>> LinesAsync(DatabaseUrl url, string sql)
    {
        await using var connection = await PostgresServer.ConnectAsync(url);
        return await LinesAsync(connection, sql);
    }

    /// <summary>As somebody who is signed in, or as nobody.</summary>
    /// <param name="person">The number of a person in the generated data; null: not signed in.</param>
    public static async Task<IReadOnlyList<string>> SeenByAsync(int? person, DatabaseUrl url, string sql)
    {
        await using var connection = await PostgresServer.ConnectAsync(url);
        var role = person is null ? "anon" : "authenticated";
        var claims = person is null ? """jsonb_build_object('role', 'anon')""" : $"jsonb_build_object('role', 'authenticated', 'sub', md5('person{person}')::uuid)";
        await LinesAsync(connection, $"select set_config('request.jwt.claims', ({claims})::text, false)");
        await LinesAsync(connection, $"select set_config('role', '{role}', false)");
        return await LinesAsync(connection, sql);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "" : reader.GetString(column))));
        return lines;
    }

    private async Task<string> BuildAsync()
    {
        var url = await (await _server.SandboxAsync()).CreateEmptyDatabaseAsync(template: null, CancellationToken.None);
        await StandIn.PrepareAsync(url, new Surroundings("supabase", "postgres", [], []), CancellationToken.None);
        await PsqlAsync(url, "data/production.sql", "--single-transaction");
        return PostgresUrl.Parse(url).Database;
    }

    private async Task<string> NextAsync(string stage, params string[] migrations)
    {
        var url = await (await _server.SandboxAsync()).CreateEmptyDatabaseAsync(await _stages[stage].Value, CancellationToken.None);
        foreach (var migration in migrations)
            await PsqlAsync(url, $"supabase/migrations/20250105_{migration}.sql");
        return PostgresUrl.Parse(url).Database;
    }
}

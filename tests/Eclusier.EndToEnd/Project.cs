using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.EndToEnd;

/// <summary>A user's folder: a runbook, migrations, and an empty database of its own on the shared server.</summary>
internal sealed class Project : IAsyncDisposable
{
    private Project(string folder, DatabaseUrl url)
    {
        Folder = folder;
        Url = url;
    }

    public string Folder { get; }

    public DatabaseUrl Url { get; }

    public static async Task<Project> CreateAsync(PostgresServer server) => Create(await server.NewDatabaseAsync());

    /// <param name="url">Its database, which is empty.</param>
    public static Project Create(DatabaseUrl url)
    {
        var folder = Directory.CreateTempSubdirectory("eclusier-e2e").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "migrations"));
        return new Project(folder, url);
    }

    public Project Migration(string file, string sql)
    {
        File.WriteAllText(Path.Combine(Folder, "migrations", file), sql);
        return this;
    }

    /// <summary>Three migrations on a table of people; the first makes it and fills it.</summary>
    public Project WithPeople() => this
        .Migration("001_people.sql", "create table people (id int primary key, role text not null);\ninsert into people select n, case n % 3 when 0 then 'admin' else 'member' end from generate_series(1, 300) n;")
        .Migration("002_email.sql", "alter table people add column email text;")
        .Migration("003_index.sql", "create table visits (id int primary key, person int references people);\ncreate index visits_person on visits (person);");

    /// <summary>The runbook: the environments and migrations that every test needs, and what the test adds.</summary>
    public Project Runbook(string more = "", string production = "protected: false")
    {
        File.WriteAllText(
            Path.Combine(Folder, "eclusier.yaml"),
            $$"""
            name: Test
            environments:
              production: { url: "${TEST_DATABASE_URL}", {{production}} }
            migrations: { path: migrations, layout: numbered, target: production }
            {{more}}
            """);
        return this;
    }

    /// <summary>Adds <c>depends</c> to the runbook's migrations.</summary>
    public Project Depends(string yaml) => Setting("depends", yaml);

    /// <summary>Adds <c>skip</c> to the runbook's migrations.</summary>
    public Project Skip(string yaml) => Setting("skip", yaml);

    /// <summary>Adds <c>replaces</c> to the runbook's migrations.</summary>
    public Project Replaces(string yaml) => Setting("replaces", yaml);

    /// <summary>Adds <c>probe</c> to the runbook's migrations.</summary>
    public Project Probe(string yaml) => Setting("probe", yaml);

    public Project Setting(string key, string yaml)
    {
        var file = Path.Combine(Folder, "eclusier.yaml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("target: production }", $"target: production, {key}: {yaml} }}", StringComparison.Ordinal));
        return this;
    }

    public Task<CliResult> RunAsync(params string[] arguments) => Cli.RunAsync(arguments, Folder, Environment());

    public Dictionary<string, string?> Environment() => new(StringComparer.Ordinal)
    {
        ["TEST_DATABASE_URL"] = Url.Reveal(),
        ["LANG"] = "en_US.UTF-8",
    };

    public async Task<string?> ScalarAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }

    public async Task ExecuteAsync(params string[] scripts)
    {
        foreach (var sql in scripts)
            await PostgresServer.ExecuteAsync(Url, sql);
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(PostgresUrl.ConnectionString(Url, "test"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Polls until the query answers <c>t</c>.</summary>
    public async Task UntilAsync(string condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (await ScalarAsync(condition) != "t")
            await Task.Delay(20, patience.Token);
    }

    public async Task UntilJournalSaysAsync(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!Journal().Contains(text, StringComparison.Ordinal))
            await Task.Delay(20, patience.Token);
    }

    /// <summary>Of the last run; empty as long as there is none.</summary>
    public string Journal()
    {
        var runs = Path.Combine(Folder, ".eclusier", "runs");
        var last = Directory.Exists(runs) ? Directory.GetFiles(runs, "journal.jsonl", SearchOption.AllDirectories).Max(StringComparer.Ordinal) : null;
        if (last is null)
            return "";
        using var reader = new StreamReader(new FileStream(last, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    /// <summary>Of the last run.</summary>
    public string Report() =>
        File.ReadAllText(Directory.GetFiles(Path.Combine(Folder, ".eclusier"), "report.md", SearchOption.AllDirectories).Max(StringComparer.Ordinal)!);

    public Task<string?> AppliedAsync() => ScalarAsync("select string_agg(version, ',' order by version) from schema_migrations where success");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

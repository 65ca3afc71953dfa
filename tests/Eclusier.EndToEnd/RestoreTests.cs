using System.Text.Json;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.EndToEnd;

/// <summary>The full rollback: a backup takes the place of the live database by a change of names, and the former one stays.</summary>
public sealed class RestoreTests(PostgresServer server)
{
    private const string Backup = "backup: { to: [./a, ./b] }";

    [Fact]
    public async Task The_backup_is_live_again_and_the_former_database_is_kept_with_what_was_written_since()
    {
        await using var project = await MigratedAsync($"{Backup}\ninvariants: [{{ name: admins, sql: \"select count(*) from people where role = 'admin'\" }}]\nhooks: {{ before_swap: [\"touch stopped\"] }}");
        var name = await project.ScalarAsync("select current_database()::text");
        await PostgresServer.ExecuteAsync(project.Url, $"alter database {name} set work_mem = '7MB'; insert into people values (1000, 'admin', 'x');");
        using var busy = new CancellationTokenSource();
        var client = KeepConnectingAsync(project.Url, busy.Token);

        var record = await JsonAsync(project, 0, "rollback", "--restore", "--yes");
        await busy.CancelAsync();

        Assert.True(await client > 0);
        var restore = record.GetProperty("restore");
        Assert.Contains("public.people 301 300", restore.GetProperty("written_since").EnumerateArray().Select(since => $"{since.GetProperty("table")} {since.GetProperty("now")} {since.GetProperty("then")}"));
        Assert.StartsWith("admins: ", restore.GetProperty("invariants_since")[0].GetString(), StringComparison.Ordinal);
        Assert.True(restore.GetProperty("downtime_ms").GetDouble() > 0);
        Assert.True(File.Exists(Path.Combine(project.Folder, "stopped")));
        Assert.Equal("300|7MB", await project.ScalarAsync("select count(*) || '|' || current_setting('work_mem') from people"));
        Assert.Equal("0", await project.ScalarAsync("select count(*) from pg_attribute where attrelid = 'people'::regclass and attname = 'email'"));
        var kept = PostgresUrl.WithDatabase(project.Url, restore.GetProperty("kept").GetString()!);
        Assert.Equal(301, await PostgresServer.ScalarAsync<long>(kept, "select count(*) from people"));
        // What is live again can be migrated again.
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        await DropAsync(kept);
    }

    [Fact]
    public async Task When_a_check_fails_the_former_database_is_live_again()
    {
        await using var project = await MigratedAsync(Backup);
        await PostgresServer.ExecuteAsync(project.Url, "insert into people values (1000, 'admin', 'x');");
        project.Runbook($"{Backup}\nchecks: [{{ name: nobody, sql: \"select count(*) from people where id = 1000\", equals: 1, before: true }}]");

        var record = await JsonAsync(project, 5, "rollback", "--restore", "--yes");

        Assert.True(record.GetProperty("restore").GetProperty("swapped_back").GetBoolean());
        Assert.Equal("301", await project.ScalarAsync("select count(*) from people"));
        Assert.Equal("001,002", await project.AppliedAsync());
        var name = await project.ScalarAsync("select current_database()::text");
        await DropAsync(PostgresUrl.WithDatabase(project.Url, (await project.ScalarAsync($"select datname::text from pg_database where datname like '{name}_restored%'"))!));
    }

    [Theory]
    [InlineData("hooks: { before_swap: [\"exit 3\"] }", null)]
    [InlineData("", "a b")]
    [InlineData("policy: { only_on: [staging] }", null)]
    public async Task Refused_nothing_is_changed_and_nothing_is_left_behind(string more, string? altered)
    {
        await using var project = await MigratedAsync(Backup);
        var runbook = $"{Backup}\n{more}".Replace("only_on: [staging]", "only_on: [other]", StringComparison.Ordinal);
        project.Runbook(runbook);
        if (more.Contains("only_on", StringComparison.Ordinal))
            File.WriteAllText(Path.Combine(project.Folder, "eclusier.yaml"), (await File.ReadAllTextAsync(Path.Combine(project.Folder, "eclusier.yaml"), TestContext.Current.CancellationToken)).Replace("environments:", "environments:\n  other: { url: \"postgresql://nowhere/x\" }", StringComparison.Ordinal));
        foreach (var folder in altered?.Split(' ') ?? [])
        {
            var file = Directory.GetFiles(Path.Combine(project.Folder, folder), "database.dump", SearchOption.AllDirectories)[0];
            await File.AppendAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        }

        var result = await project.RunAsync("rollback", "--restore", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Equal("001,002", await project.AppliedAsync());
        var name = await project.ScalarAsync("select current_database()::text");
        Assert.Equal("0", await project.ScalarAsync($"select count(*) from pg_database where datname like '{name}\\_%'"));
    }

    [Fact]
    public async Task One_whole_copy_is_enough_and_a_backup_may_be_named()
    {
        await using var project = await MigratedAsync(Backup);
        var id = Path.GetFileName(Directory.GetDirectories(Path.Combine(project.Folder, "a"))[0]);
        await File.AppendAllTextAsync(Path.Combine(project.Folder, "b", id, "database.dump"), "x", TestContext.Current.CancellationToken);

        var unknown = await project.RunAsync("rollback", "--restore", "20200101-000000-production", "--yes");
        var record = await JsonAsync(project, 0, "rollback", "--restore", id, "--yes");

        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains(id, unknown.Error, StringComparison.Ordinal);
        Assert.Equal("001", await project.AppliedAsync());
        await DropAsync(PostgresUrl.WithDatabase(project.Url, record.GetProperty("restore").GetProperty("kept").GetString()!));
    }

    [Fact]
    public async Task Where_databases_cannot_be_renamed_it_says_so_and_restores_in_place_when_asked()
    {
        var superuser = await server.NewDatabaseAsync();
        var (role, name) = ($"owner_{Guid.NewGuid():N}", PostgresUrl.Describe(superuser).Split('/')[^1]);
        await PostgresServer.ExecuteAsync(superuser, $"""
            create role {role} login password 'secret';
            alter database {name} owner to {role};
            create schema hosted; create table hosted.kept (id int); insert into hosted.kept values (1); grant usage on schema hosted to {role}; grant select on hosted.kept to {role};
            """);
        await using var project = await MigratedAsync(Project.Create(new DatabaseUrl(new UriBuilder(superuser.Reveal()) { UserName = role, Password = "secret" }.Uri.ToString())), Backup);
        await PostgresServer.ExecuteAsync(project.Url, "insert into people values (1000, 'new', null); create view later as select id from people;");

        var refused = await project.RunAsync("rollback", "--restore", "--yes");
        var done = await project.RunAsync("rollback", "--restore", "--in-place", "--yes");

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("neither owns the database", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--in-place", refused.Error, StringComparison.Ordinal);
        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.Equal("300|001|1", await project.ScalarAsync("select (select count(*) from people) || '|' || (select string_agg(version, ',') from schema_migrations) || '|' || (select count(*) from hosted.kept)"));
        Assert.Null(await project.ScalarAsync("select to_regclass('later')::text"));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(project.Folder, "a")).Length);
        await PostgresServer.ExecuteAsync(superuser, $"alter database {name} owner to postgres; reassign owned by {role} to postgres; drop owned by {role}; drop role {role};");
    }

    private async Task<Project> MigratedAsync(string runbook) => await MigratedAsync(await Project.CreateAsync(server), runbook);

    private static async Task<Project> MigratedAsync(Project project, string runbook)
    {
        project.Runbook(Backup)
            .Migration("001_people.sql", "create table people (id int primary key, role text not null);\ninsert into people select n, 'member' from generate_series(1, 300) n;");
        var first = await project.RunAsync("migrate", "--yes");
        Assert.True(first.ExitCode == 0, first.ToString());
        foreach (var folder in new[] { "a", "b" })
            Directory.Delete(Path.Combine(project.Folder, folder), recursive: true);
        project.Runbook(runbook).Migration("002_email.sql", "alter table people add column email text;");
        var second = await project.RunAsync("migrate", "--yes");
        Assert.True(second.ExitCode == 0, second.ToString());
        return project;
    }

    /// <summary>An application that connects again and again, whatever happens.</summary>
    /// <returns>How often it was served.</returns>
    private static async Task<int> KeepConnectingAsync(DatabaseUrl url, CancellationToken stop)
    {
        var served = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(PostgresUrl.ConnectionString(url, "application"));
                await connection.OpenAsync(CancellationToken.None);
                await using var command = new NpgsqlCommand("select count(*) from people", connection);
                await command.ExecuteScalarAsync(CancellationToken.None);
                served++;
            }
            catch (NpgsqlException)
            {
                // Sent away in the middle of the swap.
            }
        }

        return served;
    }

    private static async Task DropAsync(DatabaseUrl url)
    {
        var name = PostgresUrl.Describe(url).Split('/')[^1];
        await PostgresServer.ExecuteAsync(PostgresUrl.WithDatabase(url, "postgres"), $"drop database \"{name}\" with (force);");
    }

    private static async Task<JsonElement> JsonAsync(Project project, int exitCode, params string[] arguments)
    {
        var result = await project.RunAsync([.. arguments, "--format", "json"]);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }
}

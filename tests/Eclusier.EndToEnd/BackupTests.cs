using System.Diagnostics;
using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>Where backups go, and what becomes of a place that cannot take one.</summary>
public sealed class BackupTests(PostgresServer server)
{
    [Fact]
    public async Task A_backup_is_for_its_owner_only_and_can_be_restored_by_hand()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("backup: { to: [./backups, ./offsite] }");
        await PostgresServer.ExecuteAsync(project.Url, "create table kept (id int primary key); insert into kept values (1), (2);");

        Assert.Equal(0, (await project.RunAsync("backup")).ExitCode);

        foreach (var place in new[] { "backups", "offsite" })
        {
            var folder = Directory.GetDirectories(Path.Combine(project.Folder, place)).Single();
            Assert.Equal(["database.dump", "manifest.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.All(Directory.GetFiles(folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        var dump = Directory.GetFiles(Path.Combine(project.Folder, "offsite"), "*.dump", SearchOption.AllDirectories).Single();
        var copy = await server.NewDatabaseAsync();
        using var restore = Process.Start("pg_restore", [$"--dbname={copy.Reveal()}", "--no-owner", dump]);
        await restore.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, restore.ExitCode);
        Assert.Equal(2, await PostgresServer.ScalarAsync<long>(copy, "select count(*) from kept"));
    }

    [Fact]
    public async Task A_remote_that_rclone_reaches_holds_a_verified_copy()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("backup: { to: [./backups, \"rclone:far:prod/db\"] }");
        var environment = WithRemote(project);

        var result = await Cli.RunAsync(["migrate", "--yes", "--format", "json"], project.Folder, environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        using var run = JsonDocument.Parse(result.Output);
        Assert.All(run.RootElement.GetProperty("backup").GetProperty("copies").EnumerateArray(), copy => Assert.True(copy.GetProperty("verified").GetBoolean()));
        Assert.Single(Directory.GetFiles(Path.Combine(project.Folder, "far", "prod", "db"), "*.dump", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_altered_copy_on_a_remote_is_found()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("backup: { to: [./backups, \"rclone:far:prod\"] }");
        var environment = WithRemote(project);
        Assert.Equal(0, (await Cli.RunAsync(["backup"], project.Folder, environment)).ExitCode);
        var copy = Directory.GetFiles(Path.Combine(project.Folder, "far"), "*.dump", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(copy, bytes, TestContext.Current.CancellationToken);

        var result = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Null(await project.ScalarAsync("select to_regclass('people')::text"));
    }

    [Theory]
    [InlineData("/proc/nowhere/backups")]
    [InlineData("rclone:there-is-no-such-remote:x")]
    public async Task A_place_that_cannot_be_written_to_is_a_no_go_that_names_it(string place)
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook($"backup: {{ to: [./backups, \"{place}\"] }}");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains(place.Split(':')[^1].Split('/')[1..] is [var first, ..] ? first : "there-is-no-such-remote", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Null(await project.ScalarAsync("select to_regclass('people')::text"));
    }

    /// <summary>A remote of rclone's type <c>alias</c>, which leads to a folder: the program and its protocol of copy, cat and list are the real ones.</summary>
    private static Dictionary<string, string?> WithRemote(Project project)
    {
        var environment = project.Environment();
        environment["RCLONE_CONFIG_FAR_TYPE"] = "alias";
        environment["RCLONE_CONFIG_FAR_REMOTE"] = Path.Combine(project.Folder, "far");
        return environment;
    }
}

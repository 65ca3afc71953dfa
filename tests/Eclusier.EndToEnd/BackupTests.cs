using System.Diagnostics;
using System.Text.Json;
using Eclusier.Files;

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

    /// <summary>rclone passes over settings that its backend does not have.</summary>
    [Theory]
    [InlineData("far")]
    [InlineData(":alias,remote='{0}'")]
    public async Task Keys_among_the_settings_of_a_remote_are_in_no_output_in_no_file_and_on_no_command_line(string remote)
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople();
        var there = remote.Replace("{0}", Path.Combine(project.Folder, "there"), StringComparison.Ordinal);
        project.Runbook($"backup: {{ to: [\"rclone:{there},client_secret=Zkeyword,pass='Zqu,o:ted',token=Zt1,endpoint='https://me:Zurl@h':prod\"], copies: 1 }}");
        var environment = WithRemote(project);
        // The real rclone, and a note of what everybody could read.
        var bin = Directory.CreateDirectory(Path.Combine(project.Folder, "bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(bin, "rclone"), "#!/bin/sh\necho \"$@\" >> \"$(dirname \"$0\")/said\"\nPATH=${PATH#*:} exec rclone \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(bin, "rclone"), (UnixFileMode)0b111_000_000);
        environment["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}";

        foreach (var command in new[] { "backup", "migrate --yes --format json", "status", "report", "rollback --restore --yes" })
        {
            var result = await Cli.RunAsync(command.Split(' '), project.Folder, environment);
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.DoesNotMatch("Zkeyword|Zqu|Zt1|Zurl", result.Output + result.Error);
        }

        foreach (var file in Directory.GetFiles(Path.Combine(project.Folder, ".eclusier"), "*", SearchOption.AllDirectories))
            Assert.DoesNotMatch("Zkeyword|Zqu|Zt1|Zurl", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var said = await File.ReadAllTextAsync(Path.Combine(bin, "said"), TestContext.Current.CancellationToken);
        Assert.Contains("copyto", said, StringComparison.Ordinal);
        Assert.DoesNotMatch("Zkeyword|Zqu|Zt1|Zurl", said);
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

    [Fact]
    public async Task A_remote_that_ends_in_the_folder_beside_it_is_no_second_copy_and_two_folders_of_a_disk_are_told()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("backup: { to: [./far/bk, \"rclone:far:bk\"] }");
        var environment = WithRemote(project);

        // The second time, a recent backup is there: it is one all the same.
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var result = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);
            Assert.True(result.ExitCode == 3, result.ToString());
            Assert.Contains("same place", result.Output + result.Error, StringComparison.Ordinal);
            Assert.Null(await project.ScalarAsync("select to_regclass('people')::text"));
        }

        project.Runbook("backup: { to: [./a, ./b] }");
        var told = await project.RunAsync("migrate", "--yes");
        Assert.True(told.ExitCode == 0, told.ToString());
        Assert.Contains("2 copies on 1 device", told.Output + told.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scp://nobody@127.0.0.1:1/backups")]
    [InlineData("sftp://nobody@127.0.0.1:1/backups")]
    [InlineData("s3://no-such-bucket-zq/x")]
    public async Task A_server_that_does_not_answer_is_tried_and_named(string place)
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook($"backup: {{ to: [\"{place}\", ./b], restore: false }}");
        var environment = project.Environment();
        environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";

        var result = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains(place, result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal([".eclusier", "b", "migrations"], Directory.GetDirectories(project.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Null(await project.ScalarAsync("select to_regclass('people')::text"));
    }

    [Fact]
    public async Task Whatever_the_umask_all_of_it_is_its_owner_s_and_out_of_version_control()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople();
        var environment = WithRemote(project);
        environment["PROGRAM"] = Cli.Program;
        const string Script = """
            umask 000; set -e
            git init -q .; printf 'node_modules' > .gitignore
            "$PROGRAM" init >&2; rm eclusier.yaml
            printf '%s\n' 'environments: { production: { url: "${TEST_DATABASE_URL}" } }' 'migrations: { path: migrations }' \
              'backup: { to: [./backups, ./deep/er/bk, "rclone:far:bk"], copies: 3 }' 'hooks: { after_apply: ["echo done"] }' > eclusier.yaml
            "$PROGRAM" migrate --yes >&2
            "$PROGRAM" inspect --snapshot .eclusier/snapshot.json >&2
            git add -A -n
            """;

        var result = await ChildProcess.RunAsync("sh", ["-c", Script], environment, TestContext.Current.CancellationToken, workingFolder: project.Folder);

        Assert.True(result.Succeeded, result.Error);
        Assert.Equal(["add '.gitignore'", "add 'eclusier.yaml'", "add 'migrations/001_people.sql'", "add 'migrations/002_email.sql'", "add 'migrations/003_index.sql'"],
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("'far/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal("node_modules\n.eclusier/\n/backups/\n", await File.ReadAllTextAsync(Path.Combine(project.Folder, ".gitignore"), TestContext.Current.CancellationToken));
        foreach (var ours in new[] { ".eclusier", "backups", "deep", "far" }.Select(name => Path.Combine(project.Folder, name)))
        {
            Assert.All(Directory.GetDirectories(ours, "*", SearchOption.AllDirectories).Append(ours), folder => Assert.Equal((folder, OwnerOnly.Folder), (folder, File.GetUnixFileMode(folder))));
            Assert.All(Directory.GetFiles(ours, "*", SearchOption.AllDirectories), file => Assert.Equal((file, OwnerOnly.File), (file, File.GetUnixFileMode(file))));
        }
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

using System.Text.Json;

namespace Eclusier.EndToEnd;

public sealed class DiffTests(PostgresServer server)
{
    [Fact]
    public async Task Environments_files_and_folders_are_compared_and_differences_end_with_six()
    {
        await using var staging = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await staging.RunAsync("migrate", "--yes");
        project.Migration("004_more.sql", "create table more (id int);");
        await project.RunAsync("migrate", "--yes");
        File.Delete(Path.Combine(project.Folder, "migrations", "004_more.sql"));
        await PostgresServer.ExecuteAsync(project.Url, "alter table people alter column role set default 'x';");
        var runbook = Path.Combine(project.Folder, "eclusier.yaml");
        await File.WriteAllTextAsync(runbook, (await File.ReadAllTextAsync(runbook, TestContext.Current.CancellationToken)).Replace("environments:", $"environments:\n  staging: {{ url: \"{staging.Url.Reveal()}\" }}", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var environments = await project.RunAsync("diff", "production", "staging", "--format", "json");
        var folder = await project.RunAsync("diff", "staging", "migrations");
        var written = await project.RunAsync("inspect", "--snapshot", "now.json");
        var file = await project.RunAsync("diff", "now.json", "production");
        var wrong = await project.RunAsync("diff", "nowhere", "production");

        Assert.True(environments.ExitCode == 6, environments.ToString());
        using var json = JsonDocument.Parse(environments.Output);
        Assert.Equal(["public.more left_only", "public.people.role left_only"], json.RootElement.GetProperty("objects").EnumerateArray().Select(found => $"{found.GetProperty("name")} {found.GetProperty("difference")}"));
        Assert.Equal("004", Assert.Single(json.RootElement.GetProperty("tracking").EnumerateArray()).GetProperty("migration").GetString());
        Assert.True(folder.ExitCode == 0, folder.ToString());
        Assert.Equal((0, 0), (written.ExitCode, file.ExitCode));
        Assert.Equal(2, wrong.ExitCode);
        await File.AppendAllTextAsync(runbook, "ignore: [public.more, \"default *\"]\n", TestContext.Current.CancellationToken);
        var ignored = await project.RunAsync("diff", "production", "staging");
        Assert.DoesNotContain("public.people", ignored.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("postgres:", environments.Output + folder.Output, StringComparison.Ordinal);
    }
}

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

    [Fact]
    public async Task A_folder_is_replayed_with_the_roles_of_the_environment_beside_it_and_owners_are_nobodys_choice()
    {
        var role = $"reader_{Guid.NewGuid():N}"[..20];
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook().Migration("004_grant.sql", $"grant select on people to {role};");
        await project.ExecuteAsync($"create role {role}");
        try
        {
            await project.RunAsync("migrate", "--yes");
            await project.ExecuteAsync($"alter table visits owner to {role}");

            var equal = await project.RunAsync("diff", "production", "migrations");
            await project.ExecuteAsync($"revoke select on people from {role}");
            var different = await project.RunAsync("diff", "production", "migrations");

            Assert.True(equal.ExitCode == 0, equal.ToString());
            Assert.True(different.ExitCode == 6, different.ToString());
            Assert.Contains($"+ grant SELECT on table public.people to {role}", different.Output, StringComparison.Ordinal);
        }
        finally
        {
            await project.ExecuteAsync($"drop owned by {role}", $"drop role {role}");
        }
    }

    [Fact]
    public async Task What_stands_for_others_and_what_is_skipped_is_no_difference_between_tracking_tables()
    {
        await using var staging = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await using var project = (await Project.CreateAsync(server)).WithPeople().Migration("004_rest.sql", "alter table people add column email text;\ncreate table visits (id int primary key, person int references people);\ncreate index visits_person on visits (person);").Runbook().Replaces("""{ "004": ["002", "003"] }""");
        File.Delete(Path.Combine(project.Folder, "migrations", "002_email.sql"));
        File.Delete(Path.Combine(project.Folder, "migrations", "003_index.sql"));
        await staging.RunAsync("migrate", "--yes");
        await project.RunAsync("migrate", "--yes");
        var runbook = Path.Combine(project.Folder, "eclusier.yaml");
        await File.WriteAllTextAsync(runbook, (await File.ReadAllTextAsync(runbook, TestContext.Current.CancellationToken)).Replace("environments:", $"environments:\n  staging: {{ url: \"{staging.Url.Reveal()}\" }}", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var result = await project.RunAsync("diff", "production", "staging", "--format", "json");

        Assert.Equal("[]", JsonDocument.Parse(result.Output).RootElement.GetProperty("tracking").GetRawText());
    }
}

namespace Eclusier.EndToEnd;

/// <summary>A password and a token go in; nothing that comes out, and no file, holds them.</summary>
public sealed class SecretTests(PostgresServer server)
{
    /// <summary>Its middle is no hexadecimal number: a hash would hold a short one by chance.</summary>
    private const string Password = "Hush@w0rd/2d'9";
    private const string Token = "tok-71c0ffee55";
    private const string BodyPassword = "opensesame-88";

    [Fact]
    public async Task Nothing_that_a_run_prints_or_writes_holds_a_secret()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook($$"""
            backup: { to: [./backups, ./offsite] }
            rehearsal: { on: sandbox }
            checks:
              - { name: api, http: "http://127.0.0.1:1/?token=${API_TOKEN}", headers: { Authorization: "Bearer ${API_TOKEN}" } }
              - { name: login, http: "http://127.0.0.1:1/", method: POST, body: '{"user": "ann", "password": "${API_PASSWORD}"}' }
            hooks: { after_apply: ["echo $TEST_DATABASE_URL $API_TOKEN $API_PASSWORD", "echo $API_TOKEN >&2; exit 3"] }
            """);
        var role = $"keeper_{Guid.NewGuid():N}";
        await PostgresServer.ExecuteAsync(project.Url, $"create role {role} superuser login password '{Password.Replace("'", "''", StringComparison.Ordinal)}'");
        var environment = project.Environment();
        environment["API_TOKEN"] = Token;
        environment["API_PASSWORD"] = BodyPassword;
        environment["TEST_DATABASE_URL"] = WithUser(project.Url.Reveal(), role, Uri.EscapeDataString(Password));
        try
        {
            var run = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);
            Assert.True(run.ExitCode == 5, run.ToString());
            project.Migration("004_fails.sql", $"create role {role}_x password '{Token}' login; select 1 / 0;");
            string[][] others = [["migrate", "--yes"], ["inspect", "--format", "json"], ["status", "--format", "json"], ["verify"], ["report", "--format", "json"]];
            var results = new List<CliResult> { run };
            foreach (var arguments in others)
                results.Add(await Cli.RunAsync(arguments, project.Folder, environment));
            environment["TEST_DATABASE_URL"] = WithUser(project.Url.Reveal(), role, Uri.EscapeDataString(Password) + "x");
            results.Add(await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment));

            Assert.All(results, result => AssertClean(result.ToString()));
            AssertFilesAreClean(project.Folder);
        }
        finally
        {
            await PostgresServer.ExecuteAsync(project.Url, $"drop owned by {role} cascade; drop role {role}");
        }
    }

    private static void AssertFilesAreClean(string folder)
    {
        var files = Directory.GetFiles(Path.Combine(folder, ".eclusier"), "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(folder, "manifest.json", SearchOption.AllDirectories))
            .ToList();
        Assert.True(files.Count >= 8, string.Join('\n', files));
        Assert.All(files, file => AssertClean(File.ReadAllText(file)));
    }

    private static void AssertClean(string text)
    {
        Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(Password), text, StringComparison.Ordinal);
        Assert.DoesNotContain("w0rd", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(BodyPassword, text, StringComparison.Ordinal);
    }

    private static string WithUser(string url, string user, string password) =>
        $"postgresql://{user}:{password}@{url[(url.LastIndexOf('@') + 1)..]}";
}

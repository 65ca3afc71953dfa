using System.Text.Json;
using Eclusier.Postgres.Connections;

namespace Eclusier.EndToEnd;

/// <summary>A password and a token go in; nothing that comes out, and no file, holds them.</summary>
public sealed class SecretTests(PostgresServer server)
{
    /// <summary>Its middle is no hexadecimal number: a hash would hold a short one by chance.</summary>
    private const string Password = "Hush@w0rd/2d'9\"\\&<é";
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

    /// <summary>The defaults of local Supabase and of many a compose file: user, password and database are one word. And words that JSON or we ourselves use.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("migrate")]
    [InlineData("true")]
    [InlineData("2026")]
    public async Task A_password_that_is_a_word_is_in_nobodys_way(string word)
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        var name = PostgresUrl.Describe(project.Url).Split('/')[^1];
        var password = word.Length == 0 ? name : word;
        await PostgresServer.ExecuteAsync(project.Url, $"create role \"{name}\" superuser login password '{password}'");
        var environment = project.Environment();
        environment["TEST_DATABASE_URL"] = WithUser(project.Url.Reveal(), name, password);
        try
        {
            foreach (var arguments in new[] { new[] { "plan" }, ["migrate", "--yes"], ["status"], ["report"], ["rollback", "--yes"] })
            {
                var result = await Cli.RunAsync([.. arguments, "--format", "json"], project.Folder, environment);
                Assert.True(result.ExitCode == 0, $"{arguments[0]}: {result}");
                using var json = JsonDocument.Parse(result.Output);
                if (arguments[0] is "plan")
                    Assert.EndsWith($"/{name}", json.RootElement.GetProperty("target").GetString(), StringComparison.Ordinal);
                if (arguments[0] is "migrate")
                    Assert.Equal(("done", "production"), (json.RootElement.GetProperty("outcome").GetString(), json.RootElement.GetProperty("environment").GetString()));
            }

            Assert.Equal("f", await project.ScalarAsync("select to_regclass('people') is not null"));
        }
        finally
        {
            await PostgresServer.ExecuteAsync(project.Url, $"drop owned by \"{name}\" cascade; drop role \"{name}\"");
        }
    }

    /// <summary>What a rollback executes was once written down with <c>***</c> in it, and came back so.</summary>
    [Fact]
    public async Task Definitions_with_passwords_come_back_to_the_letter()
    {
        const string State = """
            select md5(pg_get_functiondef('remote'::regproc) || (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'cfg'::regclass) || pg_get_viewdef('v'::regclass))
            """;
        await using var project = (await Project.CreateAsync(server)).Runbook().Migration("001_remote.sql", """
            create or replace function remote() returns text language sql as $$ select 'new' $$;
            alter table cfg alter column dsn set default 'none';
            create or replace view v as select 'u'::text as u;
            """);
        await project.ExecuteAsync("""
            create function remote() returns text language sql as $$ select 'host=h password=geheim-1 dbname=x https://user:tok3n-tok3n@example.com/' $$;
            create table cfg(id int, dsn text default 'postgresql://svc:svcpw-77@db/x');
            create view v as select 'password=alpha beta'::text as u;
            """);
        var before = await project.ScalarAsync(State);

        var migrated = await project.RunAsync("migrate", "--yes");
        var changed = await project.ScalarAsync(State);
        var undone = await project.RunAsync("rollback", "--yes");

        Assert.True(migrated.ExitCode == 0 && undone.ExitCode == 0, $"{migrated}\n{undone}");
        Assert.NotEqual(before, changed);
        Assert.Equal(before, await project.ScalarAsync(State));
        Assert.DoesNotContain("geheim-1", $"{migrated} {undone} {project.Journal()}", StringComparison.Ordinal);
    }

    /// <summary>Passwords of others, which no URL ever told us.</summary>
    [Fact]
    public async Task A_password_that_stands_in_a_migration_is_shown_nowhere()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_role.sql", "create role\n  r1 login password\n  'geheim' ; select 1 frm geheim;")
            .Migration("002_more.sql", """
                alter role r1 encrypted password E'ge\'he\'im';
                create user mapping for r1 server s options (user 'u', password 'gehe.im2');
                create subscription s connection 'host=h password=gehe.im3' publication p;
                select dblink_connect('host=h password=gehe.im4'), set_config('app.jwt_secret', 'gehe.im5', false);
                alter database d set app.settings.jwt_secret to 'gehe.im6';
                """);

        foreach (var arguments in new[] { new[] { "lint" }, ["lint", "--format", "github"], ["lint", "--format", "sarif"], ["lint", "--format", "json"], ["plan"], ["plan", "--format", "json"], ["migrate", "--yes"] })
        {
            var result = await project.RunAsync(arguments);
            Assert.True(result.ExitCode != 1, result.ToString());
            Assert.DoesNotMatch("geheim|gehe.im|ge.?.?'he", result.ToString());
        }

        Assert.All(Directory.GetFiles(Path.Combine(project.Folder, ".eclusier"), "*", SearchOption.AllDirectories), file => Assert.DoesNotMatch("geheim|gehe.im|ge.?.?'he", File.ReadAllText(file)));
    }

    [Theory]
    [InlineData("postgresql://app:wr/ZSEC1@127.0.0.1:1/db")]
    [InlineData("postgresql://app:%zzZSEC2@127.0.0.1:1/db")]
    [InlineData("postgresql://app@127.0.0.1:1/db?pasword=ZSEC3")]
    [InlineData("postgres//app:ZSEC4@127.0.0.1:1/db")]
    [InlineData("mongodb://u:ZSEC5/x@127.0.0.1:1/db")]
    [InlineData("host=127.0.0.1 port=1 user=app password='a ZSEC6 b' dbname=db")]
    public async Task An_address_with_a_fault_is_refused_and_not_repeated(string url)
    {
        await using var project = Project.Create(new DatabaseUrl(url)).Migration("001_a.sql", "select 1;").Runbook();

        foreach (var arguments in new[] { new[] { "status", "--url", url, "--path", "migrations" }, ["status", url], ["plan"], ["inspect", "--format", "json"] })
        {
            var result = await project.RunAsync(arguments);
            Assert.True(result.ExitCode is 2 or 7, result.ToString());
            Assert.DoesNotContain("ZSEC", result.ToString(), StringComparison.Ordinal);
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
        string[] encodings =
        [
            Password, Uri.EscapeDataString(Password), Uri.EscapeDataString(Password).ToLowerInvariant(), System.Net.WebUtility.UrlEncode(Password), System.Net.WebUtility.HtmlEncode(Password),
            JsonSerializer.Serialize(Password).Trim('"'), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Password), Password.Replace("'", "''", StringComparison.Ordinal),
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Password)),
        ];
        Assert.All(encodings, encoding => Assert.DoesNotContain(encoding, text, StringComparison.Ordinal));
        Assert.DoesNotContain("w0rd", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(BodyPassword, text, StringComparison.Ordinal);
    }

    private static string WithUser(string url, string user, string password) =>
        $"postgresql://{user}:{password}@{url[(url.LastIndexOf('@') + 1)..]}";
}

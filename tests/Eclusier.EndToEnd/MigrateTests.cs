using System.Text.Json;

namespace Eclusier.EndToEnd;

public sealed class MigrateTests(PostgresServer server)
{
    private const string Everything =
        """
        policy: { lock_timeout: 1s, retry_for: 2s }
        backup: { to: [./backups, ./offsite], copies: 2 }
        rehearsal: { on: sandbox }
        invariants:
          - { name: people per role, sql: "select role, count(*) from people group by role order by role" }
        checks:
          - { name: email column, sql: "select count(*) from information_schema.columns where table_name = 'people' and column_name = 'email'", equals: 1, before: { equals: 0 } }
          - { name: people, sql: "select id from people", rows: 300 }
          - { name: roles, sql: "select distinct role from people", contains: admin }
          - { name: quick, sql: "select 1", under: 5s, samples: 5 }
        hooks: { after_apply: ["echo restarted > restarted.txt"] }
        """;

    [Fact]
    public async Task A_run_goes_through_all_phases_and_leaves_its_evidence()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople();
        await project.Runbook().RunAsync("migrate", "--yes");
        await project.ScalarAsync("delete from schema_migrations where version > '001'; ");
        await project.ScalarAsync("drop table visits");
        await project.ScalarAsync("alter table people drop column email");

        var result = await project.Runbook(Everything).RunAsync("migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var run = json.RootElement;
        Assert.Equal("go", run.GetProperty("decision").GetProperty("outcome").GetString());
        Assert.Equal(["002", "003"], run.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("migration").GetString()));
        Assert.All(run.GetProperty("steps").EnumerateArray(), step => Assert.Equal("applied", step.GetProperty("status").GetString()));
        Assert.Equal([true, true], run.GetProperty("backup").GetProperty("copies").EnumerateArray().Select(copy => copy.GetProperty("verified").GetBoolean()));
        Assert.True(run.GetProperty("backup").GetProperty("restore").GetProperty("passed").GetBoolean());
        Assert.True(run.GetProperty("rehearsal").GetProperty("passed").GetBoolean());
        Assert.All(run.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("passed").GetBoolean()));
        Assert.True(File.Exists(run.GetProperty("report").GetProperty("html").GetString()));
        Assert.True(File.Exists(Path.Combine(project.Folder, "restarted.txt")));
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    [Fact]
    public async Task A_rehearsal_within_a_run_reads_dates_as_the_target_does()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook("backup: { to: [./backups], copies: 1 }\nrehearsal: { on: sandbox }")
            .Migration("001_days.sql", "create table days (day date, shown text); insert into days values ('21/02/2026', '02/01/2026'::date::text);");
        await project.ExecuteAsync("do $$ begin execute format('alter database %I set datestyle = \"SQL, DMY\"', current_database()); end $$");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("02/01/2026", await project.ScalarAsync("select shown from days where day = '2026-02-21'"));
    }

    [Fact]
    public async Task Data_in_the_file_is_copied_within_the_migration()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook("backup: { to: [./backups], copies: 1 }\nrehearsal: { on: sandbox }")
            .Migration("001_data.sql", "create table t (id int, name text);\ncopy t (id, name) from stdin;\n1\ta;b\n2\tit's\n\\.\ncreate index on t (id);\n")
            .Migration("002_more.sql", "copy t from stdin with (format csv);\n3,\"c;d\"\n\\.\n");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("1 a;b,2 it's,3 c;d", await project.ScalarAsync("select string_agg(id || ' ' || name, ',' order by id) from t"));

        project.Runbook().Migration("003_bad.sql", "create table u (id int);\ncopy u from stdin;\n1\nx\n\\.\n");
        var failed = await project.RunAsync("migrate", "--yes");
        Assert.True(failed.ExitCode == 4, failed.ToString());
        Assert.Contains("migrations/003_bad.sql:2", failed.Output, StringComparison.Ordinal);
        Assert.Null(await project.ScalarAsync("select to_regclass('u')::text"));
    }

    [Fact]
    public async Task A_hook_runs_in_the_runbooks_folder_and_has_nothing_to_read()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("hooks: { after_apply: [\"pwd > where.txt; cat > input.txt\"] }");
        using var elsewhere = new TemporaryFolder();

        var result = await Cli.RunAsync(["migrate", "--yes", "--runbook", project.Folder], elsewhere.Path, project.Environment());

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(project.Folder, (await File.ReadAllTextAsync(Path.Combine(project.Folder, "where.txt"), TestContext.Current.CancellationToken)).Trim());
        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(project.Folder, "input.txt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task With_nothing_pending_nothing_is_done()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        var runs = Directory.GetDirectories(Path.Combine(project.Folder, ".eclusier", "runs")).Length;

        var result = await project.RunAsync("migrate", "--format", "json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("\"nothing_to_do\"", result.Output, StringComparison.Ordinal);
        Assert.Equal(runs, Directory.GetDirectories(Path.Combine(project.Folder, ".eclusier", "runs")).Length);
    }

    [Fact]
    public async Task The_short_form_needs_no_runbook()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople();

        var result = await project.RunAsync("migrate", "--yes", "--url", project.Url.Reveal(), "--path", "migrations");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    [Fact]
    public async Task A_statement_that_cannot_run_in_a_transaction_is_applied_and_recorded()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook()
            .Migration("004_concurrent.sql", "create index concurrently people_role on people (role);");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("001,002,003,004", await project.AppliedAsync());
        Assert.Equal("t", await project.ScalarAsync("select indisvalid from pg_index where indexrelid = 'people_role'::regclass"));
    }

    [Fact]
    public async Task Settings_and_roles_of_one_migration_do_not_reach_the_next()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_settings.sql", "create schema other; set search_path = other; set work_mem = '123MB'; create table in_other (id int); create role limited_reader; set role limited_reader;")
            .Migration("002_plain.sql", "create table plain as select current_setting('work_mem') as memory, current_user::text as who;");

        var result = await project.RunAsync("migrate", "--yes");
        await project.ScalarAsync("drop role limited_reader");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("001,002", await project.AppliedAsync());
        Assert.Equal("t", await project.ScalarAsync("select memory <> '123MB' and who = current_user from public.plain"));
        Assert.Equal("1", await project.ScalarAsync("select count(*) from other.in_other right join (select 1) one on true"));
    }
}

using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>Undoing what a run made, and only that: by rollback file where there is one, else from the catalog before and after.</summary>
public sealed class RollbackTests(PostgresServer server)
{
    [Fact]
    public async Task Rollback_files_run_in_reverse_order_and_their_rows_go_with_them()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_people.sql", "create table people (id int primary key);").Migration("001_people_rollback.sql", "drop table people;")
            .Migration("002_pets.sql", "create table pets (id int primary key, person int references people);\n-- eclusier: rollback\ndrop table pets;\n")
            .Migration("003_seed.sql", "insert into people values (1);").Migration("003_seed_rollback.sql", "delete from people where id = 1;");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);

        var result = await project.RunAsync("rollback", "--to", "001", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var record = JsonDocument.Parse(result.Output);
        Assert.Equal("rollback", record.RootElement.GetProperty("kind").GetString());
        Assert.Equal(["003", "002"], record.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("migration").GetString()));
        Assert.Equal("001", await project.AppliedAsync());
        Assert.Equal("0|", await project.ScalarAsync("select (select count(*) from people) || '|' || coalesce(to_regclass('pets')::text, '')"));

        var again = await project.RunAsync("migrate", "--yes");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    [Fact]
    public async Task Without_files_the_catalog_tells_what_the_run_made_and_nothing_else_is_touched()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        project.Migration("004_more.sql", "create index people_role on people (role);\ncreate table orders (id int primary key);\ncreate table kept (id int);\nalter table people add column phone text default '1';\ncreate or replace function f() returns int language sql as 'select 1 -- keep-this-out';");
        await project.RunAsync("migrate", "--yes");
        Assert.DoesNotContain("keep-this-out", project.Journal(), StringComparison.Ordinal);
        await PostgresServer.ExecuteAsync(project.Url, "create index people_email on people (email); create table other (id int); insert into orders values (1), (2); alter table kept add column mine int; insert into people (id, role, phone) values (900, 'x', null);");

        var result = await project.RunAsync("rollback", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var record = JsonDocument.Parse(result.Output);
        var rollback = record.RootElement.GetProperty("rollback");
        Assert.Equal(["orders null 2", "people phone 300"], rollback.GetProperty("losses").EnumerateArray().Select(loss => $"{loss.GetProperty("relation")} {loss.GetProperty("column").GetString() ?? "null"} {loss.GetProperty("rows")}").Order(StringComparer.Ordinal));
        Assert.Equal("table public.kept was changed since", rollback.GetProperty("reversals")[0].GetProperty("changed_since")[0].GetString());
        Assert.Equal("generated", rollback.GetProperty("reversals")[0].GetProperty("source").GetString());
        Assert.Equal("001,002,003", await project.AppliedAsync());
        Assert.Equal("kept,other,people,people_email,people_pkey,visits", await project.ScalarAsync(
            "select string_agg(relname, ',' order by relname) from pg_class where relnamespace = 'public'::regnamespace and relname ~ '^(people|orders|kept|other|visits$|f$)'"));
        Assert.Equal("0", await project.ScalarAsync("select count(*) from pg_attribute where attrelid = 'people'::regclass and attname = 'phone'"));
    }

    [Fact]
    public async Task A_run_is_undone_by_its_name_and_newer_ones_stay_unless_they_depend_on_it()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        project.Migration("004_a.sql", "create table a (id int primary key);");
        var run = await JsonAsync(project, "migrate", "--yes");
        project.Migration("005_b.sql", "create table b (id int);");
        await project.RunAsync("migrate", "--yes");
        project.Depends("{ \"005\": [\"004\"] }");
        var id = run.GetProperty("run").GetString()!;

        var refused = await project.RunAsync("rollback", "--run", id, "--yes");
        project.Runbook();
        var done = await project.RunAsync("rollback", "--run", id, "--yes");
        var twice = await project.RunAsync("rollback", "--run", id, "--yes");

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("005 stays and needs 004", refused.Error, StringComparison.Ordinal);
        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.Equal("001,002,003,005", await project.AppliedAsync());
        Assert.True(twice.ExitCode == 2, twice.ToString());
        Assert.Contains("is there any more", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_way_back_the_plan_says_so_and_nothing_is_changed()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        project.Migration("004_safe.sql", "create table safe (id int);").Migration("005_loses.sql", "alter table people drop column email;").Migration("006_writes.sql", "update people set role = 'x';");
        var plan = await JsonAsync(project, "plan");

        Assert.Equal(["yes", "loses_data", "no"], plan.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("reversible").GetString()));
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        var refused = await project.RunAsync("rollback", "--to", "003", "--yes");

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("005 has no rollback file, and none can be made: line 1: alter-table", refused.Error, StringComparison.Ordinal);
        Assert.Contains("rollback --restore", refused.Error, StringComparison.Ordinal);
        Assert.Equal("001,002,003,004,005,006", await project.AppliedAsync());
        Assert.Equal("safe", await project.ScalarAsync("select to_regclass('safe')::text"));
    }

    [Fact]
    public async Task A_rollback_file_that_fails_leaves_its_migration_whole_and_applied()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook()
            .Migration("004_a.sql", "create table a (id int);").Migration("004_a_rollback.sql", "drop table a;\ndrop table nothing;")
            .Migration("005_b.sql", "create table b (id int);").Migration("005_b_rollback.sql", "drop table b;");
        await project.RunAsync("migrate", "--yes");

        var failed = await project.RunAsync("rollback", "--to", "003", "--yes");

        Assert.True(failed.ExitCode == 4, failed.ToString());
        Assert.Contains("migrations/004_a_rollback.sql:2:", failed.Output, StringComparison.Ordinal);
        Assert.Contains("undone: 005; failed: 004; still applied: 004", failed.Output, StringComparison.Ordinal);
        Assert.Equal("001,002,003,004", await project.AppliedAsync());
        Assert.Equal("a", await project.ScalarAsync("select to_regclass('a')::text"));

        project.Migration("004_a_rollback.sql", "drop table a;");
        Assert.Equal(0, (await project.RunAsync("rollback", "--to", "003", "--yes")).ExitCode);
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    [Fact]
    public async Task A_rollback_file_that_is_no_sql_is_known_before_anybody_needs_it()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("rehearsal: { on: sandbox }\npolicy: { require_rollback: true }")
            .Migration("004_a.sql", "create table a (id int);").Migration("004_a_rollback.sql", "drop table a;\nrevoke select on people to public;");

        var plan = await project.RunAsync("plan");
        var refused = await project.RunAsync("migrate", "--yes");
        project.Runbook();
        var applied = await project.RunAsync("migrate", "--yes");
        var back = await project.RunAsync("rollback", "--to", "003", "--yes");

        Assert.Contains("its rollback file is not understood (migrations/004_a_rollback.sql:2)", plan.Output, StringComparison.Ordinal);
        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Equal(0, applied.ExitCode);
        Assert.True(back.ExitCode == 3, back.ToString());
        Assert.Contains("migrations/004_a_rollback.sql:2", back.Output + back.Error, StringComparison.Ordinal);
        Assert.Equal("a", await project.ScalarAsync("select to_regclass('a')::text"));
    }

    [Fact]
    public async Task What_cannot_be_undone_without_a_file_is_not_blamed_on_one()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        project.Migration("004_a.sql", "create table a (id int);");
        await project.RunAsync("migrate", "--yes");
        await project.ExecuteAsync("create view mine as select id from a");

        var failed = await project.RunAsync("rollback", "--yes");

        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("mine", failed.Output + failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Mend the rollback file", failed.Output + failed.Error, StringComparison.Ordinal);
        Assert.Equal("001,002,003,004", await project.AppliedAsync());
    }

    [Theory]
    [InlineData("create table a (id int);", "drop table a;", "proven", 0, "passed")]
    [InlineData("create table a (id int); create index on people (role);", "drop table a;", "not_proven", 3, "index public.people_role_idx is left")]
    [InlineData("create table a (id int);", "drop table b;", "not_proven", 3, "table \"b\" does not exist")]
    [InlineData("create table a (id int);", null, "proven", 0, "passed")]
    [InlineData("drop index people_role_idx_old; alter table people alter role drop not null;", null, "proven", 0, "passed")]
    [InlineData("alter table people drop column email;", null, "none", 0, "none can be made")]
    [InlineData("insert into people values (1000, 'x', null);", "delete from people where id = 1000;", "proven", 0, "passed")]
    [InlineData("alter table people add column n int; update people set role = upper(role);", "alter table people drop column n;", "not_proven", 3, "people")]
    [InlineData("create table kept as select id, role from people; update people set role = upper(role);", "update people p set role = k.role from kept k where k.id = p.id; drop table kept;", "proven", 0, "passed")]
    public async Task The_rehearsal_proves_the_way_back_on_the_copy(string up, string? down, string verdict, int exitCode, string said)
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        await PostgresServer.ExecuteAsync(project.Url, "create index people_role_idx_old on people (role);");
        project.Runbook("rehearsal: { on: sandbox }").Migration("004_case.sql", up);
        if (down is not null)
            project.Migration("004_case_rollback.sql", down);

        var result = await project.RunAsync("migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == exitCode, result.ToString());
        using var record = JsonDocument.Parse(result.Output);
        Assert.Equal(verdict, record.RootElement.GetProperty("rehearsal").GetProperty("rollback").GetString());
        var criterion = record.RootElement.GetProperty("decision").GetProperty("criteria").EnumerateArray().Single(found => found.GetProperty("id").GetString() == "rollback");
        Assert.Contains(said, criterion.ToString().Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runbook_may_demand_a_proven_way_back()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("rehearsal: { on: sandbox }\npolicy: { require_rollback: true }");

        var refused = await project.RunAsync("migrate", "--yes");
        project.Migration("001_people_rollback.sql", "drop table people;");
        var done = await project.RunAsync("migrate", "--yes");

        Assert.True(refused.ExitCode == 0 || refused.Error.Contains("001 people", StringComparison.Ordinal), refused.ToString());
        Assert.True(done.ExitCode == 0, done.ToString());
    }

    [Fact]
    public async Task A_protected_environment_approves_the_way_back_by_its_plan_id()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        project.Runbook(production: "protected: true");

        var asked = await JsonAsync(project, "rollback", "--to", "002");
        var wrong = await project.RunAsync("rollback", "--to", "002", "--approve", "0000000000000000");
        var done = await project.RunAsync("rollback", "--to", "002", "--approve", asked.GetProperty("decision").GetProperty("plan_id").GetString()!);

        Assert.Equal("no_go", asked.GetProperty("decision").GetProperty("outcome").GetString());
        Assert.Equal(3, wrong.ExitCode);
        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.Equal("001,002", await project.AppliedAsync());
    }

    [Fact]
    public async Task The_backup_and_the_trial_on_the_copy_come_before_it()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        project.Runbook("backup: { to: [./a, ./b] }\nrehearsal: { on: sandbox }").Migration("003_index_rollback.sql", "drop table visits; drop table nothing;");

        var refused = await JsonAsync(project, "rollback", "--to", "002", "--yes");
        project.Migration("003_index_rollback.sql", "drop table visits;");
        var done = await JsonAsync(project, "rollback", "--to", "002", "--yes");

        Assert.Equal("failed", Verdict(refused, "rehearsal"));
        Assert.Equal("done", done.GetProperty("outcome").GetString());
        Assert.Equal("passed", Verdict(done, "restore"));
        Assert.Equal("001,002", await project.AppliedAsync());
    }

    [Fact]
    public async Task What_a_failed_migration_left_half_done_is_undone_and_a_cut_off_run_is_given_up()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.RunAsync("migrate", "--yes");
        project.Migration("004_half.sql", "create index concurrently people_role on people (role);\ncreate table half (id int);\nselect 1 / 0;");
        Assert.Equal(4, (await project.RunAsync("migrate", "--yes")).ExitCode);
        Assert.Equal("half", await project.ScalarAsync("select to_regclass('half')::text"));

        var undone = await project.RunAsync("rollback", "--yes");

        // Dividing by zero is a query that a plan cannot know the effect of; the rest is in the catalog.
        Assert.True(undone.ExitCode == 0, undone.ToString());
        Assert.Equal("||", await project.ScalarAsync("select coalesce(to_regclass('half')::text, '') || '|' || coalesce(to_regclass('people_role')::text, '') || '|' || coalesce(to_regclass('eclusier_progress')::text, '')"));
        Assert.Equal("001,002,003", await project.AppliedAsync());
        Assert.Equal("0", await project.ScalarAsync("select count(*) from schema_migrations where not success"));
    }

    [Fact]
    public async Task After_a_kill_the_cut_off_run_is_undone_and_migrate_makes_a_new_plan()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook()
            .Migration("004_slow.sql", "create table slow (id int);\nselect pg_sleep(30);").Migration("004_slow_rollback.sql", "drop table slow;");
        using (var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment()))
        {
            await project.UntilAsync("select exists (select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active' and datname = current_database())");
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await PostgresServer.ExecuteAsync(project.Url, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        var undone = await project.RunAsync("rollback", "--to", "002", "--yes");
        project.Migration("004_slow.sql", "create table slow (id int);");
        var next = await project.RunAsync("migrate", "--yes");

        Assert.True(undone.ExitCode == 0, undone.ToString());
        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal("001,002,003,004", await project.AppliedAsync());
        Assert.Equal("visits|slow", await project.ScalarAsync("select to_regclass('visits') || '|' || to_regclass('slow')"));
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        var nothing = await project.RunAsync("rollback", "--yes");
        await project.RunAsync("migrate", "--yes");

        Assert.Equal((2, 2, 2, 2), (nothing.ExitCode, (await project.RunAsync("rollback", "--to", "009", "--yes")).ExitCode,
            (await project.RunAsync("rollback", "--run", "nothing", "--yes")).ExitCode, (await project.RunAsync("rollback", "--run", "x", "--to", "001", "--yes")).ExitCode));
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    private static string? Verdict(JsonElement record, string criterion) =>
        record.GetProperty("decision").GetProperty("criteria").EnumerateArray().Single(found => found.GetProperty("id").GetString() == criterion).GetProperty("verdict").GetString();

    private static async Task<JsonElement> JsonAsync(Project project, params string[] arguments)
    {
        var result = await project.RunAsync([.. arguments, "--format", "json"]);
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }
}

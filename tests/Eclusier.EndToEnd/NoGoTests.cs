namespace Eclusier.EndToEnd;

/// <summary>Each of these is refused with exit code 3, and the database stays as it was.</summary>
public sealed class NoGoTests(PostgresServer server)
{
    private const string Backup = "backup: { to: [./backups, ./offsite], copies: 2 }\n";

    [Fact]
    public Task Fewer_backup_copies_than_wanted() =>
        RefusedAsync("backup: { to: [./backups], copies: 2 }", "1 verified, 2 wanted");

    [Fact]
    public Task An_invariant_that_a_migration_breaks_in_rehearsal() => RefusedAsync(
        Backup + "rehearsal: { on: sandbox }\ninvariants: [{ name: people, sql: \"select count(*) from people\" }]",
        "people",
        "delete from people where id < 10;");

    [Fact]
    public Task A_migration_that_fails_in_rehearsal() =>
        RefusedAsync(Backup + "rehearsal: { on: sandbox }", "division by zero", "alter table people add column age int;\nselect 1 / 0;");

    [Fact]
    public Task A_protected_environment_without_approval() =>
        RefusedAsync("", "--approve", production: "protected: true");

    [Fact]
    public Task An_approval_of_another_plan() =>
        RefusedAsync("", "0123456789abcdef", production: "protected: true", arguments: ["--approve", "0123456789abcdef"]);

    [Fact]
    public Task An_environment_outside_only_on() =>
        RefusedAsync("policy: { only_on: [staging] }", "only_on", extra: "  staging: { url: \"${TEST_DATABASE_URL}\" }\n");

    [Fact]
    public Task A_forbidden_statement() =>
        RefusedAsync("policy: { forbid: [drop-table] }", "drop-table: migrations/002_next.sql:1", "drop table people;");

    /// <summary>The rules of a guide that permits only new columns and indexes: no seed, no truncate, drop, delete or update.</summary>
    [Theory]
    [InlineData("insert into people values (1000, 'x');", "insert: migrations/002_next.sql:1")]
    [InlineData("do $$ begin delete from people; end $$;", "delete: migrations/002_next.sql:1")]
    [InlineData("alter table people add column x int;\ncreate table more (id int);", "create-table: migrations/002_next.sql:2")]
    [InlineData("truncate people;", "truncate: migrations/002_next.sql:1")]
    public Task A_kind_of_statement_that_the_policy_forbids(string sql, string where) =>
        RefusedAsync("policy: { forbid: [insert, truncate, drop-table, delete, update, create-table] }", where, sql);

    /// <summary>The same rules the other way round.</summary>
    [Theory]
    [InlineData("create index i on people (role);\nalter table people add column x int;\nalter table people drop column role;", "alter-table: migrations/002_next.sql:3")]
    [InlineData("analyze people;\ndo $$ begin null; end $$;", "do: migrations/002_next.sql:2")]
    public Task A_kind_of_statement_that_is_not_among_those_permitted(string sql, string where) =>
        RefusedAsync("policy: { only: [create-index, alter-table-add-column, analyze] }", where, sql);

    [Fact]
    public async Task What_is_among_the_permitted_kinds_runs()
    {
        await using var project = await BaseAsync();
        project.Runbook("policy: { only: [create-index, alter-table, analyze] }").Migration("002_next.sql", "create index i on people (role);\nalter table people add column x int;\nanalyze people;");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public async Task An_unknown_kind_is_told_with_the_nearest_one()
    {
        await using var project = await BaseAsync();
        project.Runbook("policy: { only: [create-indx] }").Migration("002_next.sql", "select 1;");

        var result = await project.RunAsync("plan");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("create-index", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_check_that_must_hold_before() =>
        RefusedAsync("checks: [{ name: empty, sql: \"select count(*) from people\", equals: 0, before: true }]", "empty");

    [Fact]
    public async Task A_changed_file_of_an_applied_migration()
    {
        await using var project = await BaseAsync();
        project.Runbook().Migration("001_people.sql", "create table people (id int);").Migration("002_next.sql", "create table next (id int);");

        await AssertRefusedAsync(project, await project.RunAsync("migrate", "--yes"), "001");
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("alter")]
    [InlineData("delete")]
    public async Task A_backup_copy_that_was_damaged_after_it_was_made(string damage)
    {
        await using var project = await BaseAsync();
        project.Runbook(Backup).Migration("002_next.sql", "create table next (id int);");
        Assert.Equal(0, (await project.RunAsync("backup")).ExitCode);
        var copy = Directory.GetFiles(Path.Combine(project.Folder, "offsite"), "*.dump", SearchOption.AllDirectories).Single();
        Damage(copy, damage);

        await AssertRefusedAsync(project, await project.RunAsync("migrate", "--yes"), "offsite");
    }

    private static void Damage(string file, string damage)
    {
        if (damage == "delete")
        {
            File.Delete(file);
            return;
        }

        var bytes = File.ReadAllBytes(file);
        if (damage == "alter")
            bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(file, damage == "truncate" ? bytes[..^1] : bytes);
    }

    private async Task RefusedAsync(string runbook, string because, string next = "create table next (id int);", string production = "protected: false", string[]? arguments = null, string extra = "")
    {
        await using var project = await BaseAsync();
        project.Runbook(runbook, production).Migration("002_next.sql", next);
        if (extra.Length > 0)
        {
            var file = Path.Combine(project.Folder, "eclusier.yaml");
            File.WriteAllText(file, File.ReadAllText(file).Replace("environments:\n", "environments:\n" + extra, StringComparison.Ordinal));
        }

        await AssertRefusedAsync(project, await project.RunAsync(["migrate", "--yes", .. arguments ?? []]), because);
    }

    private static async Task AssertRefusedAsync(Project project, CliResult result, string because)
    {
        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains(because, result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal("001", await project.AppliedAsync());
        Assert.Equal("300", await project.ScalarAsync("select count(*) from people"));
        Assert.Null(await project.ScalarAsync("select to_regclass('next')::text"));
    }

    /// <summary>A database that stands at migration 001.</summary>
    private async Task<Project> BaseAsync()
    {
        var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        File.Delete(Path.Combine(project.Folder, "migrations", "002_email.sql"));
        File.Delete(Path.Combine(project.Folder, "migrations", "003_index.sql"));
        var result = await project.RunAsync("migrate", "--yes");
        Assert.True(result.ExitCode == 0, result.ToString());
        return project;
    }
}

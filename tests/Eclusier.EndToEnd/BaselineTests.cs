using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>A database without tracking, or with half of it: which migrations it has is proven, not guessed.</summary>
public sealed class BaselineTests(PostgresServer server)
{
    private const string People = "create table people (id int primary key, role text not null default 'member', created_at timestamptz not null default now());";
    private const string Email = "alter table people add column email text;\nalter table people add constraint people_email unique (email);";
    private const string Visits = "create table visits (id int primary key, person int references people);\ncreate index visits_person on visits (person) where person is not null;";
    private const string View = "create view members as select * from people where role = 'member';\ncreate function members_count() returns bigint language sql as 'select count(*) from members';";
    /// <summary>Scratch databases on the tests' own server are quicker than a sandbox for each.</summary>
    private const string OnItsServer = "rehearsal: { url: \"${TEST_DATABASE_URL}\" }";
    private const string Lower = "update people set email = lower(email);";

    [Fact]
    public async Task What_is_there_is_recorded_and_what_is_not_is_applied_afterwards()
    {
        await using var project = (await ProjectAsync()).Runbook(OnItsServer);
        await project.ExecuteAsync(People, Email);

        var baseline = await project.RunAsync("baseline", "--yes");

        Assert.True(baseline.ExitCode == 0, baseline.ToString());
        Assert.Contains("2 migrations recorded as applied to production; 2 pending", baseline.Output, StringComparison.Ordinal);
        Assert.Equal("001,002", await project.AppliedAsync());
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        Assert.Equal("001,002,003,004", await project.AppliedAsync());
        Assert.Contains("0 migrations recorded", (await project.RunAsync("baseline", "--yes")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_without_approval_and_the_approval_is_for_what_was_shown()
    {
        await using var project = (await ProjectAsync()).Runbook(OnItsServer, "protected: true");
        await project.ExecuteAsync(People, Email);

        var asked = await project.RunAsync("baseline", "--format", "json");
        var id = JsonDocument.Parse(asked.Output).RootElement.GetProperty("decision").GetProperty("plan_id").GetString()!;
        Assert.Equal(3, asked.ExitCode);
        Assert.Equal("f", await project.ScalarAsync("select to_regclass('schema_migrations') is not null"));

        await project.ExecuteAsync(Visits);
        var stale = await project.RunAsync("baseline", "--approve", id);
        Assert.True(stale.ExitCode == 3, stale.ToString());

        var again = JsonDocument.Parse((await project.RunAsync("baseline", "--format", "json")).Output).RootElement.GetProperty("decision").GetProperty("plan_id").GetString()!;
        var done = await project.RunAsync("baseline", "--approve", again);
        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    [Theory]
    [InlineData("alter table people alter column role set default 'guest'", "001", "default public.people.role")]
    [InlineData("alter table people drop constraint people_email", "002", "constraint people_email on public.people")]
    [InlineData("drop index visits_person; create index visits_person on visits (person) where person > 0", "003", "index public.visits_person")]
    [InlineData("create or replace function members_count() returns bigint language sql as 'select count(*) from members where true'", "004", "function public.members_count()")]
    public async Task What_was_changed_by_hand_makes_its_migration_partial_and_is_named(string byHand, string migration, string named)
    {
        await using var project = (await ProjectAsync()).Runbook(OnItsServer);
        await project.ExecuteAsync(People, Email, Visits, View, byHand);

        var result = await project.RunAsync("baseline", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 6, result.ToString());
        var verdicts = Verdicts(result);
        Assert.All(verdicts, verdict => Assert.Equal(verdict.Key == migration ? "partial" : "present", verdict.Value.GetProperty("verdict").GetString()));
        Assert.Contains(verdicts[migration].GetProperty("findings").EnumerateArray(), found => $"{found.GetProperty("kind")} {found.GetProperty("name")}" == named && found.GetProperty("finding").GetString() is "different" or "missing");
        Assert.Equal(string.Join(',', verdicts.Keys.Where(version => version != migration).Order(StringComparer.Ordinal)), await project.AppliedAsync());
    }

    [Fact]
    public async Task A_hole_is_found_although_it_changes_what_later_migrations_make()
    {
        await using var project = (await ProjectAsync()).Runbook(OnItsServer);
        await project.ExecuteAsync(People, Visits, View); // The view of all columns has one less than in the history.

        var result = await project.RunAsync("baseline", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("001 present, 002 absent, 003 present, 004 present", Said(result));
    }

    [Fact]
    public async Task What_no_migration_explains_is_listed_as_drift_unless_the_runbook_names_it()
    {
        await using var project = (await ProjectAsync()).Runbook($"ignore: [\"public.support_*\"]\n{OnItsServer}");
        await project.ExecuteAsync(People, Email, Visits, View, "create index people_created on people (created_at)", "create table support_notes (id int)");

        var result = await project.RunAsync("baseline", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("+ index public.people_created", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("support_notes", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_of_rows_alone_is_undecidable_until_a_probe_decides_it()
    {
        await using var project = (await ProjectAsync()).Migration("0025_lower.sql", Lower).Migration("005_pets.sql", "create table pets (id int);").Runbook(OnItsServer);
        await project.ExecuteAsync(People, Email, Visits, View, "create table pets (id int)", "insert into people values (1, 'member', now(), 'a@b.c')");

        var without = await project.RunAsync("baseline", "--yes", "--format", "json");
        project.Probe("""{ "0025": "select not exists (select from people where email <> lower(email))" }""");
        var with = await project.RunAsync("baseline", "--yes", "--format", "json");

        Assert.Equal(6, without.ExitCode);
        Assert.Equal("undecidable", Verdicts(without)["0025"].GetProperty("verdict").GetString());
        Assert.True(with.ExitCode == 0, with.ToString());
        Assert.Equal("present", Verdicts(with)["0025"].GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task What_was_made_and_removed_again_is_judged_by_the_others()
    {
        await using var project = (await ProjectAsync())
            .Migration("005_scratch.sql", "create table scratch (id int);\nalter table people add column nick text;")
            .Migration("006_no_scratch.sql", "drop table scratch;")
            .Migration("007_pets.sql", "create table pets (id int);")
            .Runbook(OnItsServer);
        await project.ExecuteAsync(People, Email, Visits, View, "alter table people add column nick text", "create table pets (id int)");

        var all = await project.RunAsync("baseline", "--yes", "--format", "json");
        await project.ExecuteAsync("drop table pets", "create table scratch (id int)");
        var before = await project.RunAsync("baseline", "--yes", "--format", "json");

        Assert.Equal("001 present, 002 present, 003 present, 004 present, 005 present, 006 present, 007 present", Said(all));
        Assert.Equal("001 present, 002 present, 003 present, 004 present, 005 present, 006 absent, 007 absent", Said(before));
    }

    [Fact]
    public async Task A_recorded_migration_that_is_not_there_is_told()
    {
        await using var project = (await ProjectAsync()).Runbook(OnItsServer);
        await project.RunAsync("migrate", "--yes");
        await project.ExecuteAsync("drop table visits");

        var result = await project.RunAsync("baseline", "--yes");

        Assert.True(result.ExitCode == 6, result.ToString());
        Assert.Contains("003 visits  absent       recorded", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consolidated_migration_stands_for_those_it_replaces()
    {
        await using var project = (await ProjectAsync())
            .Migration("004_view.sql", "create view members as select id from people;")
            .Migration("005_all.sql", "alter table people add column if not exists email text;\nalter table people add constraint people_email unique (email);\n" + Visits)
            .Runbook(OnItsServer)
            .Replaces("""{ "005": ["002", "003"] }""");
        await project.ExecuteAsync(People);

        var baseline = await project.RunAsync("baseline", "--yes", "--format", "json");
        var migrated = await project.RunAsync("migrate", "--yes");

        Assert.True(baseline.ExitCode == 0, baseline.ToString());
        Assert.True(JsonDocument.Parse(baseline.Output).RootElement.GetProperty("baseline").GetProperty("replacements")[0].GetProperty("equivalent").GetBoolean());
        Assert.True(migrated.ExitCode == 0, migrated.ToString());
        Assert.Equal("001,004,005", await project.AppliedAsync());
        Assert.Equal(0, (await project.RunAsync("status", "--check")).ExitCode);
    }

    [Fact]
    public async Task Where_the_replaced_ones_are_applied_the_consolidated_one_is_not_needed_and_half_of_them_is_a_no_go()
    {
        await using var project = (await ProjectAsync()).Migration("005_all.sql", Visits).Runbook(OnItsServer).Replaces("""{ "005": ["002", "003"] }""");
        await project.ExecuteAsync(People, Email);
        await project.RunAsync("baseline", "--yes");

        var half = await project.RunAsync("migrate", "--yes");
        Assert.True(half.ExitCode == 3, half.ToString());
        await project.ExecuteAsync(Visits, View);
        await project.RunAsync("baseline", "--yes");
        var status = await project.RunAsync("status", "--check");

        Assert.Contains("005 replaces 002", half.Error, StringComparison.Ordinal);
        Assert.True(status.ExitCode == 0, status.ToString());
        Assert.Contains("002, 003 do the same, and are applied", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_that_migrations_grant_to_exist_when_they_are_replayed_and_owners_do_not_matter()
    {
        var role = $"app_{Guid.NewGuid():N}"[..20];
        await using var project = (await ProjectAsync()).Migration("005_grant.sql", $"grant select on people to {role};\nalter default privileges in schema public grant select on tables to {role};").Runbook(OnItsServer);
        await project.ExecuteAsync($"create role {role}");
        try
        {
            await project.ExecuteAsync(People, Email, Visits, View, $"grant select on people to {role}", $"alter table visits owner to {role}");

            var result = await project.RunAsync("baseline", "--yes", "--format", "json");

            Assert.Equal("001 present, 002 present, 003 present, 004 present, 005 partial", Said(result));
        }
        finally
        {
            await project.ExecuteAsync($"drop owned by {role}", $"drop role {role}");
        }
    }

    [Fact]
    public async Task The_report_shows_the_evidence_in_french()
    {
        await using var project = (await ProjectAsync()).Runbook("language: fr");
        await project.ExecuteAsync(People, Email, Visits, "create index people_created on people (created_at)");

        var result = await project.RunAsync("baseline", "--yes", "--format", "json");

        var report = await File.ReadAllTextAsync(JsonDocument.Parse(result.Output).RootElement.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken);
        Assert.Contains("Rapport de baseline", report, StringComparison.Ordinal);
        Assert.Contains("| 004 view | absente | non enregistrée |", report, StringComparison.Ordinal);
        Assert.Contains("index public.people\\_created: créé par aucune migration", report, StringComparison.Ordinal);
    }

    private async Task<Project> ProjectAsync() => (await Project.CreateAsync(server))
        .Migration("001_people.sql", People).Migration("002_email.sql", Email).Migration("003_visits.sql", Visits).Migration("004_view.sql", View);

    private static Dictionary<string, JsonElement> Verdicts(CliResult result)
    {
        Assert.True(result.Output.StartsWith('{'), result.ToString());
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("baseline").GetProperty("verdicts").EnumerateArray().ToDictionary(verdict => verdict.GetProperty("migration").GetString()!, verdict => verdict);
    }

    private static string Said(CliResult result) => string.Join(", ", Verdicts(result).Select(verdict => $"{verdict.Key} {verdict.Value.GetProperty("verdict").GetString()}"));
}

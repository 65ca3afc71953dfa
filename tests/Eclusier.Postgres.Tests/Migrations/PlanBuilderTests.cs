using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Plans;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Tests.Migrations;

[Trait("Needs", "no server")]
public sealed class PlanBuilderTests
{
    private static readonly MigrationFile[] Files =
    [
        File("001", "users", "create table users (id int)"),
        File("002", "orders", "create table orders (id int); create index on orders (id)"),
        File("003", "index", "create index on users (id)", rollback: true),
        File("010", "drop", "drop table users"),
    ];

    [Fact]
    public void What_is_not_successfully_tracked_is_pending()
    {
        var plan = Build(tracked: [Row("001"), Row("002", success: false)]);

        Assert.Equal(["002", "003", "010"], plan.Steps.Select(step => step.Migration));
        Assert.Equal(["001"], plan.Applied.Select(row => row.Version));
        Assert.Equal((Risk.Low, "no hazard"), (plan.Steps[0].Risk, plan.Steps[0].RiskReason.En));
        Assert.Equal("creates table orders, 1 index", plan.Steps[0].Description.En);
        Assert.Equal([Risk.Low, Risk.Medium, Risk.High], plan.Steps.Select(step => step.Risk));
        Assert.Equal(["migrations/002_orders.sql", "migrations/003_index.sql", "migrations/010_drop.sql"], plan.Steps.Select(step => step.File));
        Assert.Equal("migrations/003_index_rollback.sql", plan.Steps[1].RollbackFile);
        Assert.Empty(plan.Problems);
    }

    [Fact]
    public void With_everything_applied_nothing_is_pending_and_nothing_is_parsed()
    {
        var plan = Build([File("001", "broken", "select 'never ends")], [Row("001")]);

        Assert.Empty(plan.Steps);
        Assert.Empty(plan.Problems);
    }

    [Fact]
    public void Hazards_on_what_the_plan_itself_creates_are_none()
    {
        var plan = Build();

        Assert.Equal([0, 0, 0, 0], plan.Steps.Select(step => step.Hazards.Count));
    }

    [Fact]
    public void A_skipped_migration_keeps_its_place_and_its_reason_and_creates_nothing()
    {
        var plan = Build(settings: new() { Path = "/app/migrations", Target = "production", Skip = new Dictionary<string, string>(StringComparer.Ordinal) { ["001_users"] = "done by hand" } });

        Assert.Equal("done by hand", plan.Steps[0].SkipReason?.En);
        Assert.Equal(["create-index"], plan.Steps[2].Hazards.Select(hazard => hazard.Rule));
    }

    [Fact]
    public void Groups_name_files_by_version_or_file_name()
    {
        var plan = Build(settings: new() { Path = "/app/migrations", Target = "production", Groups = [new("Tables", ["001", "002_orders.sql"]), new("Rest", ["003_index"])] });

        Assert.Equal(["Tables", "Tables", "Rest", null], plan.Steps.Select(step => step.Group));
    }

    [Fact]
    public void A_changed_file_blocks_and_an_unknown_checksum_does_not()
    {
        var plan = Build(tracked: [Row("001", checksum: new string('0', 64)), Row("002", checksum: null), Row("003", checksum: "from elsewhere")]);

        Assert.Equal([("changed", "001", true)], plan.Problems.Select(problem => (problem.Kind, problem.Migration, problem.Blocks)));
    }

    [Fact]
    public void A_missing_file_and_a_late_migration_are_warnings()
    {
        var plan = Build(tracked: [Row("001"), Row("002"), Row("009"), Row("010")]);

        Assert.Equal([("missing", "009", false), ("out-of-order", "003", false)], plan.Problems.Select(problem => (problem.Kind, problem.Migration, problem.Blocks)));
    }

    [Fact]
    public void A_dependency_on_what_is_skipped_blocks_and_one_on_what_is_applied_or_will_run_does_not()
    {
        var plan = Build(tracked: [Row("001")], settings: new()
        {
            Path = "/app/migrations",
            Target = "production",
            Skip = new Dictionary<string, string>(StringComparer.Ordinal) { ["002"] = "not wanted" },
            Depends = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["003"] = ["002"], ["010"] = ["001", "003"] },
        });

        Assert.Equal([("unmet-dependency", "003", true)], plan.Problems.Select(problem => (problem.Kind, problem.Migration, problem.Blocks)));
    }

    [Fact]
    public void An_allowed_hazard_is_shown_with_its_reason_and_does_not_count()
    {
        var policy = new Policy { Allow = [new("drop-table", "010", "replaced by people"), new("create-index", "010_drop.sql", "elsewhere")] };

        var plan = Build(tracked: [Row("001")], policy: policy);

        Assert.Equal(["replaced by people"], plan.Steps[2].Hazards.Select(hazard => hazard.AllowedBecause));
        Assert.Equal(Risk.Low, plan.Steps[2].Risk);
        Assert.Null(Assert.Single(plan.Steps[1].Hazards).AllowedBecause);
    }

    [Fact]
    public void A_hazard_can_be_allowed_in_the_file()
    {
        var plan = Build([File("001", "drop", "-- eclusier: allow drop-table -- empty since May\ndrop table t;")]);

        Assert.Equal("empty since May", Assert.Single(Assert.Single(plan.Steps).Hazards).AllowedBecause);
    }

    [Fact]
    public void To_allow_what_is_no_hazard_is_an_error_with_its_line()
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Build([File("001", "drop", "select 1;\n-- eclusier: allow drop-tables -- empty since May\ndrop table t;")]));

        Assert.EndsWith("001_drop.sql:2:1", error.Where, StringComparison.Ordinal);
        Assert.Contains("drop-tables", error.Problem.En, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_mean_nothing_are_errors()
    {
        Assert.Contains("groups", Problem(settings: new() { Path = "/app/migrations", Target = "production", Groups = [new("x", ["011"])] }));
        Assert.Contains("drop-tables", Problem(policy: new() { Forbid = ["drop-tables"] }));
        Assert.Contains("policy.allow", Problem(policy: new() { Allow = [new("drop-table", "099", "x")] }));
    }

    [Fact]
    public void To_skip_what_is_not_there_blocks_the_plan_but_can_be_looked_at()
    {
        var plan = Build(settings: new() { Path = "/app/migrations", Target = "production", Skip = new Dictionary<string, string>(StringComparer.Ordinal) { ["011"] = "x" } });

        Assert.Contains(plan.Problems, problem => problem is { Kind: "unknown", Migration: "011", Blocks: true });
    }

    [Fact]
    public void The_plan_id_changes_with_a_file_and_with_what_is_applied()
    {
        MigrationFile[] changed = [.. Files[..3], File("010", "drop", "drop table orders")];

        Assert.Equal(Build().Id, Build().Id);
        Assert.NotEqual(Build().Id, Build(changed).Id);
        Assert.NotEqual(Build().Id, Build(tracked: [Row("001")]).Id);
    }

    [Fact]
    public void An_error_in_a_migration_names_file_and_line()
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Build([File("001", "a", "select 1;\nbegin;")]));

        Assert.Equal("migrations/001_a.sql:2:1", error.Where);
    }

    private static string Problem(MigrationSettings? settings = null, Policy? policy = null)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Build(settings: settings, policy: policy));
        Assert.Equal((typeof(InvalidInputException), "/app/eclusier.yaml"), (error.GetType(), error.Where));
        return error.Problem.En;
    }

    private static Plan Build(MigrationFile[]? files = null, TrackedMigration[]? tracked = null, MigrationSettings? settings = null, Policy? policy = null)
    {
        var production = new TargetEnvironment("production", new DatabaseUrl("postgresql://db/app"));
        var runbook = new Runbook
        {
            File = "/app/eclusier.yaml",
            Directory = "/app",
            Name = "test",
            Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal) { ["production"] = production },
            Migrations = settings ?? new() { Path = "/app/migrations", Target = "production" },
            Policy = policy ?? new(),
        };
        return PlanBuilder.Build(runbook, production, "db:5432/app", "f00d", files ?? Files, tracked ?? [], new Dictionary<string, TableFacts>(StringComparer.Ordinal));
    }

    private static MigrationFile File(string version, string name, string sql, bool rollback = false)
    {
        var path = $"/app/migrations/{version}_{name}.sql";
        return new MigrationFile(version, name, path, path["/app/".Length..], new ScriptSource(sql, path["/app/".Length..]), Checksum(version, sql), rollback ? $"/app/migrations/{version}_{name}_rollback.sql" : null);
    }

    private static string Checksum(string version, string sql) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(version + sql)));

    private static TrackedMigration Row(string version, bool success = true, string? checksum = null) =>
        new(version, "x", checksum, null, null, success, success ? null : "failed");
}

using AngleSharp.Html.Parser;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Reports;
using Eclusier.Tests.Shared;

namespace Eclusier.Tests.Reports;

/// <summary>
/// The reports are golden files beside this one. After a change that is meant, run the tests with
/// <c>ECLUSIER_UPDATE_GOLDEN=1</c>, and read the difference before it is committed.
/// </summary>
public sealed class ReportTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 1, 59, 26, TimeSpan.Zero);

    [Theory]
    [InlineData(Language.En, "report.en.md")]
    [InlineData(Language.Fr, "report.fr.md")]
    public void The_report_is_as_it_was(Language language, string golden)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(GoldenFolder(), golden);
        var written = File.ReadAllText(ReportWriter.Write(Failed, language, folder.Path).Markdown);
        if (Environment.GetEnvironmentVariable("ECLUSIER_UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, written);

        Assert.Equal(File.ReadAllText(file), written);
    }

    [Fact]
    public void The_page_has_no_script_fetches_nothing_and_shows_foreign_text_as_text()
    {
        using var folder = new TemporaryFolder();

        var page = new HtmlParser().ParseDocument(File.ReadAllText(ReportWriter.Write(Failed, Language.En, folder.Path).Html));

        Assert.Empty(page.QuerySelectorAll("script, img, link, iframe, object, a[href]"));
        Assert.Contains("<script>alert(1)</script> | *x* `y` [z](http://evil)", page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("bad", page.Body!.ClassName);
        Assert.Contains(page.QuerySelectorAll("td.bad"), cell => cell.TextContent == "FAILED");
        Assert.All(page.QuerySelectorAll("table.rows td:not(:empty)[data-name]"), cell => Assert.NotEqual("", cell.GetAttribute("data-name")));
        Assert.Equal("Verdict", page.QuerySelectorAll("td.good")[0].GetAttribute("data-name"));
    }

    [Fact]
    public void Bars_are_as_long_as_their_figures_and_read_without_colour()
    {
        using var folder = new TemporaryFolder();

        var page = new HtmlParser().ParseDocument(File.ReadAllText(ReportWriter.Write(Failed, Language.En, folder.Path).Html));

        var widths = page.QuerySelectorAll("td.bar span").Select(bar => bar.GetAttribute("style")).ToList();
        Assert.Equal(11, widths.Count);
        Assert.Equal("width:100%", widths[0]);
        Assert.Equal("width:0.5%", widths[1]);
        Assert.All(page.QuerySelectorAll("td.bar"), bar => Assert.EndsWith(" ms", bar.PreviousElementSibling!.TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_owner_can_read_it()
    {
        using var folder = new TemporaryFolder();

        var report = ReportWriter.Write(Failed, Language.En, folder.Path);

        Assert.All([report.Markdown, report.Html], file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Theory]
    [InlineData(RunOutcome.Done, "good")]
    [InlineData(RunOutcome.NoGo, "bad")]
    [InlineData(RunOutcome.ChecksFailed, "warning")]
    [InlineData(null, "warning")]
    public void The_colour_of_the_page_is_the_outcome(RunOutcome? outcome, string colour)
    {
        using var folder = new TemporaryFolder();

        var html = File.ReadAllText(ReportWriter.Write(Failed with { Outcome = outcome }, Language.Fr, folder.Path).Html);

        Assert.Contains($"<body class=\"{colour}\">", html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"fr\">", html, StringComparison.Ordinal);
    }

    /// <summary>A run in which all that a report can show is there, and a name that tries to be more than text.</summary>
    private static RunRecord Failed => new()
    {
        Run = "20260314-015926-production",
        Name = "<script>alert(1)</script> | *x* `y` [z](http://evil)",
        Environment = "production",
        StartedAt = Start,
        FinishedAt = Start.AddSeconds(83.4),
        ExecutedBy = "ana@laptop",
        Tool = "0.1.0",
        Resumed = 1,
        Outcome = RunOutcome.MigrationFailed,
        Inspection = Inspected(Start, 2, "002") with
        {
            Findings =
            [
                new Finding("orphaned-rows", Risk.High, "public.visits.person", new Text("12 rows refer to no row of public.people", "12 lignes ne désignent aucune ligne de public.people"), Text.Same("delete from public.visits where …;"), 12) { Table = "public.visits" },
                new Finding("unused-index", Risk.Low, "public.people_role", new Text("no scan since 2026-01-01", "aucun parcours depuis le 2026-01-01"), Text.Same("drop index concurrently public.people_role;")) { Table = "public.people" },
            ],
        },
        Plan = new Plan
        {
            Id = "0123456789abcdef",
            Environment = "production",
            Target = "db:5432/app",
            SchemaFingerprint = "f00d",
            Steps = [Step("003", "add_email", Risk.Low), Step("004", "drop_visits", Risk.High), Step("005", "later", Risk.Low) with { SkipReason = Text.Same("done by hand") }],
            Applied = [],
            Problems = [new PlanProblem("out-of-order", "003", new Text("003 is older than 004", "003 est antérieure à 004"), Blocks: false)],
        },
        Backup = BackupOf("20260314-015930-production", 'a') with
        {
            Copies = [new BackupCopy("./backups", "/srv/backups/1", Verified: true), new BackupCopy("rclone:far:prod", "far:prod/1", Verified: false, new Text("SHA-256 differs", "le SHA-256 diffère"))],
            Restore = new RestoreCheck(Passed: true, 1, 1234567, [], 2500) { On = "sandbox", MissingExtensions = [Vector] },
            DurationMs = 9100,
        },
        Rehearsal = new Rehearsal(
            true,
            "sandbox",
            [
                Result("003", "add_email", StepStatus.Applied) with { Statements = [new StatementTiming("alter-table", 1, 12.3, null)] },
                Result("007", "embed", StepStatus.Unproven) with { MissingExtension = "vector", Error = new StepError(Text.Same("type \"vector\" does not exist"), "42704", "migrations/007_embed.sql:1:40") },
            ],
            [new InvariantResult("items", false, "", null, new Text("unproven without extension vector", "non prouvé sans l'extension vector"), Skipped: true)],
            [],
            412)
        { MissingExtensions = [Vector] },
        Decision = new Decision(Outcome.Go, "0123456789abcdef", [
            new Criterion("backup", new Text("Backup in enough places", "Sauvegarde en lieux suffisants"), Verdict.Passed, new Text("2 verified", "2 vérifiées")),
            new Criterion("risk", new Text("Risk within bounds", "Risque acceptable"), Verdict.Warning, new Text("highest: high", "maximum : élevé")),
        ], new Approval("ana@laptop", ApprovalKind.Typed, Start.AddSeconds(60))),
        Steps =
        [
            Result("003", "add_email", StepStatus.Applied),
            Result("004", "drop_visits", StepStatus.Failed) with { Error = new StepError(Text.Same("relation \"visits\" does not exist"), "42P01", "migrations/004_drop_visits.sql:1:1") { Detail = "a | detail" } },
            Result("005", "later", StepStatus.Skipped) with { SkipReason = Text.Same("done by hand") },
            Result("006", "last", StepStatus.Pending),
        ],
        Hooks = [new HookResult("docker compose restart", 1, 1200)],
        Invariants = [new InvariantResult("people", true, "3", "3"), new InvariantResult("roles", false, "2", "1")],
        Checks =
        [
            new CheckResult("tables", "sql", true, Text.Same("43"), Text.Same("43")),
            new CheckResult("slow", "sql", false, new Text("under 100 ms", "sous 100 ms"), new Text("1 rows", "1 lignes"), new Latency(20, 80, 101, 180.5, 200, 100)),
            new CheckResult("no orphans", "finding", true, Text.Same("0"), Text.Same("0")) { Findings = [] },
        ],
        Compared = new ComparedStates("20260314-015926-production", Start.AddHours(1), "sandbox", "20260314-015930-production", After: null),
        Comparisons =
        [
            new Comparison(
                "sends of a campaign",
                Measured(812.4, 830, 11_000, "Aggregate", "Seq Scan on crm_email_sends"),
                Measured(2.104, 2.9, 12, "Aggregate", "Index Scan using idx_sends_campaign on crm_email_sends"),
                Measured(3.4, 5, 15, "Aggregate", "Index Scan using idx_sends_campaign on crm_email_sends"),
                Faster: 5),
            new Comparison("as before", Measured(0.042, 0.05, 3, "Result"), Measured(0.041, 0.05, 3, "Result"), Measured(0.05, 0.06, 3, "Result"), Faster: 1000),
            new Comparison(
                "statistics",
                new Measurement { Problem = new Text("not possible before: relation \"stats_mv\" does not exist", "impossible avant : relation \"stats_mv\" does not exist") },
                Measured(0.5, 0.6, 4, "Seq Scan on stats_mv"), Measured(0.6, 0.7, 4, "Seq Scan on stats_mv"),
                Faster: null),
            new Comparison("slower", Measured(10, 11, 40, "Result"), Measured(25, 26, 90, "Result"), Measured(20, 21, 90, "Result"), Faster: null),
        ],
        After = Inspected(Start.AddSeconds(80), 3, "003"),
        Reference = new ReferenceEvidence("staging_2", new DatabaseComparison(
            "db:5432/app", "stage:5432/app",
            [
                new ObjectDifference("table", "public.visits", "public.visits", "sha256:1", null),
                new ObjectDifference("index", "public.people_email", "public.people", null, "sha256:2"),
                new ObjectDifference("default", "public.people.role", "public.people", "sha256:3", "sha256:4"),
            ],
            [])
        { LeftFingerprint = new string('c', 64), RightFingerprint = new string('d', 64) }),
        BackupAfter = BackupOf("20260314-020048-production", 'e'),
        Problems = [new Text("004 drop_visits: it failed", "004 drop_visits : en échec")],
        Timeline = [new PhaseTime(Phase.Inspect, Start, 31), new PhaseTime(Phase.Apply, Start.AddSeconds(61), null)],
    };

    private static Measurement Measured(double median, double p95, long blocks, params string[] plan) =>
        new() { Samples = 20, MedianMs = median, P95Ms = p95, Rows = 1, BuffersHit = blocks - 2, BuffersRead = 2, Plan = plan };

    private static Backup BackupOf(string id, char hash) => new()
    {
        Manifest = new BackupManifest
        {
            Id = id,
            TakenAt = Start.AddSeconds(4),
            Environment = "production",
            Target = "db:5432/app",
            ServerVersion = "15.4",
            Dump = new Dump("database.dump", "pg_dump 15.4", new Dictionary<string, long>(StringComparer.Ordinal) { ["public.people"] = 1234567 }, ["ann"], "f00d"),
            SizeBytes = 73_400_320,
            Sha256 = new string(hash, 64),
            CreatedBy = "ana@laptop",
        },
        Copies = [new BackupCopy("./backups", "/srv/backups/2", Verified: true)],
        Restore = new RestoreCheck(Passed: true, 1, 1234567, [], 2500),
        DurationMs = 9100,
    };

    private static MissingExtension Vector => new(
        "vector", "postgresql-15-pgvector", [new UnprovenObject("table", "public.items"), new UnprovenObject("index", "public.items_hnsw", "public.items"), new UnprovenObject("constraint", "orders_item_fkey on public.orders")]);

    private static Inspection Inspected(DateTimeOffset at, int applied, string last) => new()
    {
        TakenAt = at,
        Target = "db:5432/app",
        ServerVersion = "15.4",
        User = "ann",
        Superuser = false,
        InRecovery = false,
        SizeBytes = 64_500_000,
        Tables = [new TableFacts("public", "people", 1234567, 60_000_000, 4_000_000, RowSecurity: true, 2)],
        IndexCount = 7 + applied,
        InvalidIndexes = ["public.people_email"],
        LongTransactions = [new LongTransaction(4711, "psql", "bob", "idle in transaction", 754)],
        Tracking = new TrackingState("numbered", "public.schema_migrations", Exists: true, applied, 0, last),
    };

    private static Step Step(string version, string name, Risk risk) => new()
    {
        Migration = version,
        Name = name,
        File = $"migrations/{version}_{name}.sql",
        Group = "Corrections",
        Checksum = new string('b', 64),
        Statements = [],
        Hazards = risk == Risk.High ? [new Hazard("drop-table", Risk.High, new Text("drops visits", "supprime visits"), 1, 1)] : [],
        Risk = risk,
        Description = new Text("1 table change", "1 modification de table"),
        RiskReason = new Text("nobody allowed it", "personne ne l'a autorisé"),
    };

    private static StepResult Result(string version, string name, StepStatus status) => new() { Migration = version, Name = name, Status = status, DurationMs = 12.3 };

    private static string GoldenFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

using Eclusier.Planning;
using Eclusier.Redaction;
using Eclusier.Runbooks;
using Eclusier.Tests.Shared;
using FsCheck;
using FsCheck.Fluent;

namespace Eclusier.Tests.Runbooks;

public sealed class RunbookReaderTests : IDisposable
{
    private const string Minimal = """
        environments:
          production: { url: "${URL}" }
        migrations:
          path: migrations
        """;

    private readonly TemporaryFolder _folder = new();

    public RunbookReaderTests() => Directory.CreateDirectory(Path.Combine(_folder.Path, "migrations"));

    [Fact]
    public void Four_lines_are_a_runbook()
    {
        var runbook = Read(Minimal);

        Assert.Equal("production", runbook.Migrations.Target);
        Assert.Equal("numbered", runbook.Migrations.Layout);
        Assert.Equal(Path.Combine(_folder.Path, "migrations"), runbook.Migrations.Path);
        Assert.Equal(Path.GetFileName(_folder.Path), runbook.Name);
        Assert.Null(runbook.Backup);
        Assert.Equal(TimeSpan.FromSeconds(2), runbook.Policy.LockTimeout);
    }

    [Fact]
    public void Where_the_environments_are_misspelt_nothing_else_is_said_of_them()
    {
        var refused = Assert.ThrowsAny<EclusierException>(() => Read("enviroments: { production: { url: \"${URL}\" } }\nmigrations: { path: migrations }\npolicy: { only_on: [production] }"));

        Assert.Contains("did you mean \"environments\"?", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("several environments", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not one of", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Each of these was passed over in silence, or ended the process.</summary>
    [Theory]
    [InlineData("---\npolicy: { forbid: [drop-table] }", "second YAML document")]
    [InlineData("...\n---\nenvironments: {}", "second YAML document")]
    [InlineData("policy: { max_risk: low, max_risk: high }", "uplicate key")]
    [InlineData("policy: { max_risk: low }\npolicy: { max_risk: high }", "uplicate key")]
    [InlineData("checks: *nowhere", "*nowhere")]
    [InlineData("checks: &a [ *a ]", "*a")]
    [InlineData("? [policy]\n: { max_risk: low }", "A key must be a word")]
    [InlineData("hooks: { ? { a: b } : c }", "A key must be a word")]
    public void What_YAML_allows_and_nobody_would_read_is_refused(string more, string named)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Read($"{Minimal}\n{more}"));

        Assert.Contains(named, error.Problem.En, StringComparison.Ordinal);
        Assert.Matches(@":\d+:\d+$", error.Where!);
        Assert.IsType<InvalidInputException>(error);
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("x", 5_000_000)]
    public void A_file_of_brackets_is_refused_and_ends_nothing(string piece, int count)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Read($"{Minimal}\nchecks: {string.Concat(Enumerable.Repeat(piece, count))}"));

        Assert.IsType<InvalidInputException>(error);
    }

    [Fact]
    public void Aliases_are_counted_as_all_that_they_stand_for()
    {
        var bomb = string.Concat(Enumerable.Range(1, 20).Select(level => $"  - &l{level} [{string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 10))}]\n"));
        var error = Assert.ThrowsAny<EclusierException>(() => Read($"{Minimal}\nchecks:\n  - &l0 [x]\n{bomb}"));
        Assert.Contains("aliases", error.Problem.En);

        // A few are a convenience.
        Assert.Equal("low", Read($"{Minimal}\nname: &n low\npolicy: {{ max_risk: *n }}").Name);
    }

    [Fact]
    public void One_document_may_have_its_marks()
    {
        Assert.Equal("x", Read($"---\nname: x\n{Minimal}\n...\n").Name);
    }

    /// <summary>The engine's parser says what is a query; the runbook says where it stands.</summary>
    [Fact]
    public void What_is_no_query_is_named_with_its_place()
    {
        var file = Path.Combine(_folder.Path, "eclusier.yaml");
        File.WriteAllText(file, $$"""
            environments:
              production: { url: "${URL}" }
            migrations:
              path: migrations
              probe: { "001": "bad 1" }
            policy: { pause_while: "bad 2" }
            invariants: [ { name: a, sql: "bad 3" } ]
            checks:
              - { name: b, sql: "bad 4", equals: 1 }
              - { name: c, sql: "good", equals: 1, before: { sql: "bad 5" } }
            """);

        var error = Assert.ThrowsAny<EclusierException>(() => RunbookReader.Read(
            file, new Dictionary<string, string?>(StringComparer.Ordinal) { ["URL"] = "postgresql://db/app" },
            rules: new KnownRules([], [], []) { QueryProblem = sql => sql == "good" ? null : Text.Same($"is {sql}") }));

        Assert.Equal(
            ["5: \"migrations.probe.001\" is bad 1", "6: \"policy.pause_while\" is bad 2", "7: \"invariants[0].sql\" is bad 3", "9: \"checks[0].sql\" is bad 4", "10: \"checks[1].before.sql\" is bad 5"],
            error.Problem.En.Split('\n').Select(line => line.Split(':', 4)).Select(line => $"{line[1]}:{line[3]}"));
    }

    [Fact]
    public void Every_section_is_understood()
    {
        var runbook = Read($$"""
            name: Level
            language: fr
            environments:
              staging: { url: "${NOT_ON_THIS_MACHINE}" }
              production: { url: "${URL}", protected: true, platform: supabase }
            migrations:
              path: migrations
              target: production
              order: ["002"]
              groups: [ { title: First, files: ["001"] } ]
              skip: { "003": by hand }
              depends: { "004": ["001", "002"] }
            policy:
              only_on: [production]
              forbid: [drop-table]
              allow: [ { hazard: update, migration: "005", because: backfill } ]
              max_risk: medium
              lock_timeout: 500ms
              retry_for: 1m30s
              statement_timeout: 1h
            backup: { to: [./backups, "rclone:far:prod", ~/safe], copies: 3, max_age: 1d, restore: false, after: true }
            rehearsal: { url: "postgresql://rehearsal/" }
            invariants: [ { name: people, sql: "select 1" } ]
            checks:
              - { name: one, sql: "select 1", equals: 1, before: true }
              - { name: api, http: "https://example.com", headers: { Authorization: "Bearer ${TOKEN}" }, status: 204, under: 100ms, samples: 5 }
              - { name: search, http: "https://example.com", method: POST, body: "{\"key\": \"${BODY_KEY}\"}" }
            hooks: { after_apply: ["true"] }
            """);

        Assert.Equal(Language.Fr, runbook.Language);
        Assert.Equal(["production"], runbook.Environments.Keys);
        Assert.True(runbook.Environments["production"].Protected);
        Assert.Equal(["001", "002"], runbook.Migrations.Depends["004"]);
        Assert.Equal(Risk.Medium, runbook.Policy.MaxRisk);
        Assert.Equal(TimeSpan.FromSeconds(90), runbook.Policy.RetryFor);
        Assert.Equal(Path.Combine(_folder.Path, "backups"), runbook.Backup!.To[0]);
        Assert.Equal("rclone:far:prod", runbook.Backup.To[1]);
        Assert.StartsWith("/", runbook.Backup.To[2], StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(1), runbook.Backup.MaxAge);
        Assert.True(runbook.Backup.After);
        Assert.Equal("1", runbook.Checks[0].Before!.EqualTo);
        Assert.Equal(204, runbook.Checks[1].Expect.Status);
        Assert.Equal("Bearer s3cr3t-t0ken", runbook.Checks[1].Headers["authorization"]);
        Assert.Equal(("GET", null), (runbook.Checks[1].Method, runbook.Checks[1].Body));
        Assert.Equal(("POST", "{\"key\": \"b0dy-k3y\"}"), (runbook.Checks[2].Method, runbook.Checks[2].Body));
        Assert.Equal("the key is ***", Secrets.Redact("the key is b0dy-k3y"));
        Assert.DoesNotContain("s3cr3t", Secrets.Redact("the token is s3cr3t-t0ken"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_watch_is_understood()
    {
        var watch = Read($$"""
            {{Minimal}}
            watch: { for: 2d, every: 30s, slow: 1s, rollbacks: 2.5%, deadlocks: 3, blocked: 5s, transactions: 1h, lag: 1m, temp_files: 1.5GB, stop_on_failure: true, notify: { command: cat, url: "https://hooks.example.com/${TOKEN}" } }
            """).Watch;

        Assert.Equal((TimeSpan.FromDays(2), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1)), (watch.For, watch.Every, watch.Slow));
        Assert.Equal((0.025, 3L, 1610612736L), (watch.Rollbacks, watch.Deadlocks, watch.TempFiles));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)), (watch.Blocked, watch.Transactions, watch.Lag));
        Assert.True(watch.StopOnFailure);
        Assert.Equal(("cat", "https://hooks.example.com/s3cr3t-t0ken"), (watch.Notify.Command, watch.Notify.Url));
        Assert.DoesNotContain("hooks.example.com", Secrets.Redact($"posting to {watch.Notify.Url} now"), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_size_and_any_share_is_read_as_it_is_written()
    {
        Prop.ForAll(Gen.Choose(0, 999_999).Zip(Gen.Elements(("kB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40))).Zip(Gen.Choose(0, 100)).ToArbitrary(), given =>
        {
            var ((number, unit), share) = given;
            var watch = Read($"{Minimal}\nwatch: {{ temp_files: {number}{unit.Item1}, rollbacks: {share}% }}").Watch;
            return watch.TempFiles == number * unit.Item2 && watch.Rollbacks == share / 100.0;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("sql: select 1, under: 1s", true, null)]
    [InlineData("sql: select 1, equals: 1", false, null)]
    [InlineData("sql: select 1, faster: 2.5", true, null)]
    [InlineData("sql: select 1, compare: true", true, null)]
    [InlineData("sql: select 1, under: 1s, compare: false", false, null)]
    [InlineData("sql: select 1, rows: 1, before: { sql: select 2 }", true, "select 2")]
    public void Queries_with_a_limit_a_demand_or_former_words_are_compared(string check, bool compared, string? before)
    {
        var read = Assert.Single(Read($"{Minimal}\nchecks: [ {{ name: a, {check} }} ]").Checks);

        Assert.Equal((compared, before), (read.Compare, read.BeforeQuery));
        Assert.Null(read.Before);
    }

    [Theory]
    [InlineData("polcy: {}", "5:1", "policy")]
    [InlineData("policy: { lock_timout: 2s }", "5:11", "lock_timeout")]
    [InlineData("policy: { lock_timeout: soon }", "5:25", "100ms")]
    [InlineData("policy: { max_risk: enormous }", "5:21", "medium")]
    [InlineData("policy: { only_on: [prod] }", "5:20", "production")]
    [InlineData("policy: { allow: [ { hazard: update } ] }", "5:20", "because")]
    [InlineData("policy: [a]", "5:9", "policy")]
    [InlineData("backup: { to: ./b }", "5:15", "list")]
    [InlineData("backup: { to: [./b], copies: 0 }", "5:30", "1 to 100")]
    [InlineData("backup: { copies: 2 }", "5:9", "backup.to")]
    [InlineData("rehearsal: { on: moon }", "5:18", "sandbox")]
    [InlineData("checks: [ { name: a } ]", "5:11", "sql")]
    [InlineData("checks: [ { name: a, sql: select 1 } ]", "5:11", "expects nothing")]
    [InlineData("checks: [ { name: a, sql: select 1, http: http://x, equals: 1 } ]", "5:11", "either")]
    [InlineData("checks: [ { name: a, http: http://x, method: post } ]", "5:46", "POST")]
    [InlineData("checks: [ { name: a, http: http://x, body: b } ]", "5:44", "a method that takes one: POST, PUT, PATCH, DELETE")]
    [InlineData("checks: [ { name: a, http: http://x, method: HEAD, body: b } ]", "5:58", "a method that takes one")]
    [InlineData("checks: [ { name: a, http: http://x, method: POST, body: { b: 1 } } ]", "5:58", "text")]
    [InlineData("checks: [ { name: a, http: api.example.com/users } ]", "5:28", "an absolute address")]
    [InlineData("checks: [ { name: a, http: /users } ]", "5:28", "an absolute address")]
    [InlineData("checks: [ { name: a, http: ftp://x } ]", "5:28", "https://")]
    [InlineData("checks: [ { name: a, sql: x, rows: 1, method: GET } ]", "5:47", "\"method\" belongs to an HTTP check")]
    [InlineData("checks: [ { name: a, sql: x, rows: 1, body: b } ]", "5:45", "\"body\" belongs to an HTTP check")]
    [InlineData("invariants: { name: a }", "5:13", "list")]
    [InlineData("language: de", "5:11", "en, fr")]
    [InlineData("collections: {}", "5:14", "collections.from")]
    [InlineData("baseline: {}", "5:1", "not supported")]
    [InlineData("watch: { every: 1ms }", "5:8", "100ms at least")]
    [InlineData("watch: { rollbacks: 5 }", "5:21", "5% or 0.5%")]
    [InlineData("watch: { rollbacks: 101% }", "5:21", "5% or 0.5%")]
    [InlineData("watch: { temp_files: 64 }", "5:22", "64MB")]
    [InlineData("watch: { deadlocks: -1 }", "5:21", "0 to")]
    [InlineData("watch: { notfy: { url: 'https://a/' } }", "5:10", "notify")]
    [InlineData("watch: { notify: {} }", "5:18", "a \"command\" or a \"url\"")]
    [InlineData("watch: { notify: { url: ftp://a/ } }", "5:25", "https://")]
    [InlineData("checks: [ { name: a, http: x, faster: 5 } ]", "5:39", "belongs to a check with \"sql\"")]
    [InlineData("checks: [ { name: a, http: x, compare: true } ]", "5:40", "belongs to a check with \"sql\"")]
    [InlineData("checks: [ { name: a, sql: x, faster: 0 } ]", "5:38", "0.01")]
    [InlineData("checks: [ { name: a, sql: x, faster: 2, compare: false } ]", "5:50", "compare: false")]
    [InlineData("checks: [ { name: a, count: Message, equals: 1 } ]", "5:29", "needs the section `collections`")]
    [InlineData("checks: [ { name: a, sql: select 1, filter: { a: 1 }, equals: 1 } ]", "5:45", "\"filter\" belongs to: count, find")]
    [InlineData("checks: [ { name: a, finding: orphan-rows, equals: 0 } ]", "5:31", "Did you mean \"orphaned-rows\"")]
    [InlineData("checks: [ { name: a, finding: nonsense, equals: 0 } ]", "5:31", "Known: dead-rows, orphaned-rows")]
    [InlineData("checks: [ { name: a, finding: dead-rows } ]", "5:11", "needs \"equals\"")]
    [InlineData("checks: [ { name: a, finding: dead-rows, rows: 1, equals: 0 } ]", "5:48", "\"rows\" does not belong")]
    [InlineData("checks: [ { name: a, finding: dead-rows, equals: 0, before: { contains: b } } ]", "5:73", "\"contains\" does not belong")]
    [InlineData("checks: [ { name: a, finding: dead-rows, sql: x, equals: 0 } ]", "5:11", "either \"finding\" or")]
    [InlineData("checks: [ { name: a, sql: x, on: b, equals: 0 } ]", "5:34", "\"on\" belongs to: finding")]
    [InlineData("inspect: { budget: soon }", "5:20", "duration")]
    [InlineData("inspect: { ignore: all }", "5:20", "list")]
    [InlineData("name: ${NOWHERE}", "5:7", "NOWHERE")]
    public void An_error_gives_line_column_and_what_is_right(string line, string place, string word)
    {
        var error = Refused($"{Minimal}\n{line}");

        Assert.Contains($"eclusier.yaml:{place}:", error.Problem.En, StringComparison.Ordinal);
        Assert.Contains(word, error.Problem.En, StringComparison.Ordinal);
        Assert.Contains($"eclusier.yaml:{place}:", error.Problem.Fr, StringComparison.Ordinal);
        Assert.IsType<InvalidInputException>(error);
    }

    [Fact]
    public void A_check_asks_a_finding_without_what_the_team_accepts_and_the_platform_brings_along()
    {
        var all = Read($"{Minimal.Replace("url: ", "platform: supabase, url: ", StringComparison.Ordinal)}\ninspect: {{ ignore: [\"public.tmp_*\"], budget: 2s }}\nchecks: [ {{ name: a, finding: orphaned-rows, on: \"public.crm_*\", equals: 0, before: {{ equals: 12 }} }} ]");

        var check = Assert.Single(all.For(all.Environments["production"]).Checks);

        Assert.Equal(("finding", "12", "0", DatabaseSystem.PostgreSql), (check.Kind, check.Before?.EqualTo, check.Expect.EqualTo, check.System));
        Assert.Equal(("orphaned-rows", "public.crm_*", "supabase", 2.0), (check.Finding?.Rule, check.Finding?.On, check.Finding?.Platform, check.Finding?.Budget.TotalSeconds));
        Assert.Equal(["public.tmp_*"], check.Finding!.Ignore);
    }

    [Fact]
    public void MongoDB_has_no_findings()
    {
        var error = Refused("environments: { a: { url: \"mongodb://h/a\" }, b: { url: \"mongodb://h/b\" } }\ncollections: { from: a, to: b }\nchecks: [ { name: a, finding: orphaned-rows, equals: 0 } ]");

        Assert.Contains("eclusier.yaml:3:31: \"finding\" asks a PostgreSQL database", error.Problem.En, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_told_at_once_in_the_order_of_the_file()
    {
        var error = Refused($"{Minimal}\nlanguage: de\npolcy: {{}}\nbackup: {{}}");

        Assert.Equal([5, 6, 7], error.Problem.En.Split('\n').Select(line => int.Parse(line.Split(':')[1])));
    }

    [Theory]
    [InlineData("environments: {}\nmigrations: { path: migrations }", "environments")]
    [InlineData("a: [", "YAML")]
    [InlineData("- a", "mapping")]
    [InlineData("", "empty")]
    [InlineData("environments: { a: { url: mysql://x } }\nmigrations: { path: migrations }", "postgresql://")]
    [InlineData("environments: { a: { url: mongodb://x } }\nmigrations: { path: migrations }", "postgresql://")]
    [InlineData("environments: { a: { url: \"postgresql://x\" }, b: { url: \"postgresql://y\" } }\nmigrations: { path: migrations }", "migrations.target")]
    [InlineData("environments: { a: { url: \"postgresql://x\" } }\nmigrations: { path: migrations, target: z }", "z")]
    [InlineData("environments: { a: { url: \"postgresql://x\" } }\nmigrations: { path: elsewhere }", "elsewhere")]
    [InlineData("environments: { a: { url: \"postgresql://x\" } }\nmigrations: { path: migrations, tracking: { } }", "migrations.tracking")]
    public void What_is_no_runbook_is_refused(string yaml, string word) =>
        Assert.Contains(word, Refused(yaml).Problem.En, StringComparison.Ordinal);

    [Fact]
    public void Durations_are_sums_of_numbers_with_units() => Prop.ForAll(
        ArbMap.Default.ArbFor<(PositiveInt Hours, PositiveInt Seconds, PositiveInt Milliseconds)>(),
        parts =>
        {
            var (hours, seconds, milliseconds) = (parts.Hours.Get % 999, parts.Seconds.Get % 999_999, parts.Milliseconds.Get % 999_999);
            var runbook = Read($"{Minimal}\npolicy: {{ retry_for: {hours}h{seconds}s{milliseconds}ms }}");
            return runbook.Policy.RetryFor == new TimeSpan(0, hours, 0, seconds, milliseconds);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1 s")]
    [InlineData("-1s")]
    [InlineData("1sec")]
    [InlineData("9999999s")]
    public void Anything_else_is_no_duration(string text) =>
        Assert.Contains("duration", Refused($"{Minimal}\npolicy: {{ retry_for: {text} }}").Problem.En, StringComparison.Ordinal);

    [Fact]
    public void Variables_come_from_the_environment_then_from_the_env_file_then_from_the_default()
    {
        File.WriteAllText(Path.Combine(_folder.Path, ".env"), "# secrets\nexport FROM_FILE='a b' # why\nURL=postgresql://file/\n");

        Assert.Equal("a b", Read($"{Minimal}\nname: ${{FROM_FILE}}").Name);
        Assert.Equal("none", Read($"{Minimal}\nname: ${{FROM_NOWHERE:-none}}").Name);
        Assert.Equal("postgresql://environment/", Read(Minimal).Environments["production"].Url.Reveal());
    }

    [Fact]
    public void Every_misspelt_rule_of_the_policy_is_told_at_once_with_its_line_and_its_nearest()
    {
        var refused = Refused($"{Minimal}\npolicy:\n  forbid: [drop-tabel, update]\n  only: [crete-table]\n  allow:\n    - {{ hazard: updat, because: a }}\n  max_risk: hihg").Problem;

        foreach (var (name, meant) in new[] { ("drop-tabel", "drop-table"), ("crete-table", "create-table"), ("updat", "update") })
        {
            Assert.Contains($"\"{name}\" is unknown. Did you mean \"{meant}\"?", refused.En, StringComparison.Ordinal);
            Assert.Contains($"« {name} » est inconnu. Vouliez-vous dire « {meant} » ?", refused.Fr, StringComparison.Ordinal);
        }

        Assert.Contains("hihg", refused.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_env_file_is_told_with_its_line()
    {
        File.WriteAllText(Path.Combine(_folder.Path, ".env"), "A=1\nnonsense\n");

        Assert.EndsWith(".env:2", Refused(Minimal).Where, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private EclusierException Refused(string yaml) => Assert.ThrowsAny<EclusierException>(() => Read(yaml));

    private Runbook Read(string yaml)
    {
        var file = Path.Combine(_folder.Path, "eclusier.yaml");
        File.WriteAllText(file, yaml);
        return RunbookReader.Read(file, new Dictionary<string, string?>(StringComparer.Ordinal) { ["URL"] = "postgresql://environment/", ["TOKEN"] = "s3cr3t-t0ken", ["BODY_KEY"] = "b0dy-k3y" }, rules: new KnownRules(["orphaned-rows", "dead-rows"], ["drop-table", "update"], ["create-table", "insert"]));
    }
}

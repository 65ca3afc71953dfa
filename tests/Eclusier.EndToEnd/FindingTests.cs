using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>The diagnosis: told by inspect, demanded by checks, kept in the report.</summary>
public sealed class FindingTests(PostgresServer server)
{
    private const string Orphans = """
        create table customers (id int primary key);
        create table orders (id int primary key, customer_id int);
        create index orders_customer on orders (customer_id);
        insert into orders values (1, 7), (2, 7), (3, null);
        alter table orders add constraint orders_customer foreign key (customer_id) references customers not valid;
        """;

    private const string Cleanup = """
        delete from orders o where customer_id is not null and not exists (select from customers c where c.id = o.customer_id);
        alter table orders validate constraint orders_customer;
        """;

    [Theory]
    [InlineData("en", """
        Diagnostic: 1 high, 1 medium

        high
          orphaned-rows         public.orders.customer_id         2 rows refer to no row of public.customers; foreign key orders_customer (NOT VALID)
                                -> Mend or delete them: select * from only public.orders c where (c.customer_id is not null) and not exists (select from only public.customers p where p.id operator(pg_catalog.=) c.customer_id); Then: alter table public.orders validate constraint orders_customer;

        medium
          not-valid-constraint  orders_customer on public.orders  old rows were never held against it: FOREIGN KEY (customer_id) REFERENCES public.customers(id) NOT VALID
                                -> alter table public.orders validate constraint orders_customer;
        """)]
    [InlineData("fr", """
        Diagnostic : 1 élevé, 1 moyen

        élevé
          orphaned-rows         public.orders.customer_id         2 lignes ne désignent aucune ligne de public.customers ; clé étrangère orders_customer (NOT VALID)
                                -> Corrigez-les ou supprimez-les : select * from only public.orders c where (c.customer_id is not null) and not exists (select from only public.customers p where p.id operator(pg_catalog.=) c.customer_id); Puis : alter table public.orders validate constraint orders_customer;

        moyen
          not-valid-constraint  orders_customer on public.orders  les anciennes lignes n'ont jamais été vérifiées : FOREIGN KEY (customer_id) REFERENCES public.customers(id) NOT VALID
                                -> alter table public.orders validate constraint orders_customer;
        """)]
    public async Task Inspect_tells_findings_by_severity_with_evidence_and_remedy(string language, string expected)
    {
        await using var project = (await Project.CreateAsync(server)).Runbook();
        await project.ExecuteAsync(Orphans);

        var text = await project.RunAsync("inspect", "--lang", language);

        Assert.True(text.ExitCode == 0, text.ToString());
        Assert.EndsWith($"\n\n{expected}", text.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_prints_findings_as_json_without_those_that_the_team_accepts()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook("inspect: { ignore: [\"not-valid-constraint * on public.orders\"] }");
        await project.ExecuteAsync(Orphans);

        using var json = JsonDocument.Parse((await project.RunAsync("inspect", "--format", "json")).Output);

        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal(("orphaned-rows", "high", "public.orders.customer_id", "public.orders", 2, false), (
            finding.GetProperty("rule").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("object").GetString(),
            finding.GetProperty("table").GetString(), finding.GetProperty("count").GetInt32(), finding.GetProperty("unanswered").GetBoolean()));
    }

    [Fact]
    public async Task A_healthy_database_has_nothing_to_tell()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);

        var text = await project.RunAsync("inspect");

        Assert.EndsWith("\nDiagnostic: nothing found", text.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checks_demand_findings_before_on_the_copy_and_after_and_the_report_tells_them()
    {
        await using var project = (await Project.CreateAsync(server)).Migration("001_cleanup.sql", Cleanup).Runbook("""
            rehearsal: { on: sandbox }
            inspect: { in_runs: true }
            checks:
              - { name: no orphans, finding: orphaned-rows, on: "public.*", equals: 0, before: { equals: 2 } }
              - { name: all proved, finding: not-valid-constraint, equals: 0 }
              - { name: nobody dead, finding: dead-rows, equals: 0 }
            """);
        await project.ExecuteAsync(Orphans);

        var result = await project.RunAsync("migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var rehearsed = json.RootElement.GetProperty("rehearsal").GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => check);
        Assert.True(rehearsed["no orphans"].GetProperty("passed").GetBoolean());
        Assert.True(rehearsed["nobody dead"].GetProperty("skipped").GetBoolean());
        Assert.Equal("a copy has none", rehearsed["nobody dead"].GetProperty("actual").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("inspection").GetProperty("findings").GetArrayLength());
        Assert.All(json.RootElement.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("passed").GetBoolean()));
        var report = await File.ReadAllTextAsync(json.RootElement.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken);
        Assert.Contains("## Diagnostic\n\nBefore the migrations:\n\n", report, StringComparison.Ordinal);
        Assert.Contains("| high | orphaned-rows | public.orders.customer\\_id | 2 rows refer to no row of public.customers", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finding_too_many_before_is_a_no_go_and_afterwards_a_failed_check()
    {
        await using var project = (await Project.CreateAsync(server)).Migration("001_more.sql", "insert into orders values (4, 8) on conflict do nothing;\nalter table orders add column note text;").Runbook("checks: [{ name: orphans, finding: orphaned-rows, equals: 0, before: { equals: 1 } }]");
        await project.ExecuteAsync(Orphans, "alter table orders disable trigger all");

        var refused = await project.RunAsync("migrate", "--yes");
        project.Runbook("checks: [{ name: orphans, finding: orphaned-rows, equals: 0 }]");
        var failed = await project.RunAsync("migrate", "--yes");

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("2: public.orders.customer_id (2)", refused.ToString(), StringComparison.Ordinal);
        Assert.True(failed.ExitCode == 5, failed.ToString());
        Assert.Contains("3: public.orders.customer_id (3)", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_counted_passes_no_check()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook("""
            inspect: { budget: 5ms }
            checks: [{ name: no orphans, finding: orphaned-rows, equals: 0 }]
            """);
        await project.ExecuteAsync(Orphans, "insert into customers select generate_series(10, 400000)", "insert into orders select n, n from generate_series(10, 400000) n");

        var result = await project.RunAsync("verify");

        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Contains("not counted within 5 ms", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_does_not_exist_is_an_error_of_the_runbook()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook("checks: [{ name: a, finding: orphaned-row, equals: 0 }]");

        var result = await project.RunAsync("verify");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("eclusier.yaml:5:30: \"checks[0].finding\": \"orphaned-row\" is unknown. Did you mean \"orphaned-rows\"?", result.Error, StringComparison.Ordinal);
    }
}

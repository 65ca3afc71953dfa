using Eclusier.Runbooks;
using Eclusier.Tests.Shared;

namespace Eclusier.Tests.Runbooks;

public sealed class MaintenanceSectionTests : IDisposable
{
    private const string Head = "environments: { production: { url: \"postgresql://db/\" } }\nmigrations: { path: . }\n";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Every_kind_of_job_is_read_with_its_defaults()
    {
        var jobs = Read(
            """
            maintenance:
              - { job: email partitions, partitions: crm_email_sends, ahead: 3, keep: 24, old: drop, unattended: true, schedule: "0 2 1 * *" }
              - { job: more partitions, partitions: public."Sends", ahead: 1 }
              - { job: crm statistics, refresh: [a_mv, b_mv] }
              - { job: orphans, orphans: { of: crm.sends."Contact.Id", in: contacts.id } }
              - { job: statistics, analyze: [profiles] }
              - { job: own, sql: "select cleanup_orphaned_records()" }
            """);

        Assert.Equal(["partitions", "partitions", "refresh", "orphans", "analyze", "sql"], jobs.Select(job => job.Kind));
        Assert.Equal(("crm_email_sends", 3, 24, true, true, "0 2 1 * *"), Assert.IsType<PartitionsJob>(jobs[0]) is var first ? (first.Table, first.Ahead, first.Keep!.Value, first.Drop, first.Unattended, first.Schedule!.Text) : default);
        Assert.Equal((null, false, false), Assert.IsType<PartitionsJob>(jobs[1]) is var second ? (second.Keep, second.Drop, second.Unattended) : default);
        Assert.Equal((new ColumnPath("crm.sends", "\"Contact.Id\""), new ColumnPath("contacts", "id"), 10_000), Assert.IsType<OrphansJob>(jobs[3]) is var orphans ? (orphans.Of, orphans.In, orphans.Max) : default);
        Assert.Equal(9, jobs[5].Line);
    }

    [Theory]
    [InlineData("- { job: a, partitions: t }", "4:5: \"ahead\" or \"keep\" is missing")]
    [InlineData("- { job: a, partitions: t, ahead: 1, old: drop }", "4:45: \"old\" needs \"keep\"")]
    [InlineData("- { job: a, partitions: t, keep: 1, old: delete }", "must be detach, drop, not \"delete\"")]
    [InlineData("- { job: a, partitons: t, ahead: 1 }", "a job has one of: partitions, refresh, orphans, analyze, sql")]
    [InlineData("- { job: a, analyze: [t], refresh: [v] }", "a job has one of: partitions, refresh, orphans, analyze, sql")]
    [InlineData("- { job: a, analyze: [t], shedule: \"0 0 * * *\" }", "unknown key \"shedule\"; did you mean \"schedule\"?")]
    [InlineData("- { job: a, analyze: [t], unattended: true }", "unknown key \"unattended\"")]
    [InlineData("- { job: a, analyze: [t], schedule: \"61 * * * *\" }", "4:39: \"maintenance[0].schedule\": \"61\" is no minute (0-59)")]
    [InlineData("- { job: a, analyze: [] }", "\"maintenance[0].analyze\" is empty")]
    [InlineData("- { analyze: [t] }", "\"maintenance[0].job\" is missing")]
    [InlineData("- { job: a, orphans: { of: contact, in: c.id } }", "\"maintenance[0].orphans.of\" must be table.column")]
    [InlineData("- { job: a, analyze: [t] }\n  - { job: a, analyze: [u] }", "5:5: there are two jobs \"a\"")]
    public void What_is_wrong_is_told_with_its_place(string jobs, string problem) =>
        Assert.Contains(problem, Assert.ThrowsAny<EclusierException>(() => Read($"maintenance:\n  {jobs}")).Problem.En, StringComparison.Ordinal);

    [Fact]
    public void Jobs_are_PostgreSQLs()
    {
        var file = Write("environments: { a: { url: \"mongodb://s/a\" }, b: { url: \"mongodb://p/a\" } }\ncollections: { from: a, to: b }\nmaintenance: [{ job: a, analyze: [t] }]");

        Assert.Contains("needs the section \"migrations\"", Assert.ThrowsAny<EclusierException>(() => RunbookReader.Read(file, new Dictionary<string, string?>(StringComparer.Ordinal))).Problem.En, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<MaintenanceJob> Read(string maintenance) => RunbookReader.Read(Write(Head + maintenance), new Dictionary<string, string?>(StringComparer.Ordinal)).Maintenance;

    private string Write(string yaml)
    {
        var file = Path.Combine(_folder.Path, "eclusier.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}

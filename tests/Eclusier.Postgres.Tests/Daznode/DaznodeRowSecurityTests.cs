using Npgsql;

namespace Eclusier.Postgres.Tests.Daznode;

/// <summary>Permissions are asked once in each query, and mean what they meant.</summary>
[Collection(typeof(DaznodeTests))]
public sealed class DaznodeRowSecurityTests(DaznodeSystem daznode)
{
    private const int Admin = 1;

    private const int Ordinary = 700;

    private static readonly string[] Tables = ["profiles", "contacts", "crm_segments", "crm_segment_members", "crm_campaigns", "crm_email_sends"];

    [Theory]
    [InlineData(Admin)]
    [InlineData(Ordinary)]
    [InlineData(987654)]
    [InlineData(null)]
    public async Task Everybody_sees_the_rows_that_the_naive_policies_showed(int? person)
    {
        var url = await daznode.AtAsync("before");
        var before = await VisibleAsync(url, person);

        await DaznodeSystem.PsqlAsync(url, "supabase/crm/row_security.sql");

        Assert.Equal(before, await VisibleAsync(url, person));
        if (person == Admin)
            Assert.Contains(before, line => line.StartsWith("profiles|1040|", StringComparison.Ordinal));
        if (person == Ordinary)
            Assert.Contains(before, line => line.StartsWith("profiles|1|", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("before", false)]
    [InlineData("safe", true)]
    [InlineData("complete", true)]
    public async Task The_planner_asks_is_admin_user_once(string stage, bool once)
    {
        var url = await daznode.AtAsync(stage);

        var plan = string.Join('\n', await DaznodeSystem.SeenByAsync(Ordinary, url, "explain (verbose, costs off) select * from crm_email_sends"));

        Assert.Equal(once, plan.Contains("InitPlan", StringComparison.Ordinal));
        Assert.Equal(!once, plan.Split('\n').Any(line => line.Contains("Filter", StringComparison.Ordinal) && line.Contains("is_admin_user()", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("safe")]
    [InlineData("complete")]
    public async Task Statistics_are_for_administrators_and_for_the_servers_own_roles(string stage)
    {
        var url = await daznode.AtAsync(stage);
        foreach (var (view, rows) in new[] { ("crm_segments_stats_mv", 12), ("crm_campaigns_analytics_mv", 65), ("crm_segments_overview", 12), ("crm_campaigns_overview", 65) })
        {
            Assert.Equal(rows, (await DaznodeSystem.LinesAsync(url, $"select id from {view}")).Count);
            Assert.Equal(rows, (await DaznodeSystem.SeenByAsync(Admin, url, $"select id from {view}")).Count);
            Assert.Empty(await DaznodeSystem.SeenByAsync(Ordinary, url, $"select id from {view}"));
            Assert.Empty(await DaznodeSystem.SeenByAsync(null, url, $"select id from {view}"));
        }
    }

    [Theory]
    [InlineData("select * from crm_private.crm_segments_stats_mv")]
    [InlineData("select * from crm_private.removed_records")]
    [InlineData("select refresh_crm_materialized_views()")]
    [InlineData("select cleanup_orphaned_records()")]
    [InlineData("select cleanup_old_email_partitions()")]
    [InlineData("select run_pre_migration_diagnostic()")]
    [InlineData("select diagnose_crm_performance()")]
    [InlineData("select * from crm_performance_monitor")]
    public async Task Nobody_reaches_the_workings_through_the_api(string sql)
    {
        var url = await daznode.AtAsync("complete");

        foreach (int? person in new int?[] { null, Ordinary, Admin })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => DaznodeSystem.SeenByAsync(person, url, sql));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_partition_asked_by_its_name_shows_nothing_that_the_table_would_not()
    {
        var url = await daznode.AtAsync("complete");
        var partitions = await DaznodeSystem.LinesAsync(url, "select inhrelid::regclass from pg_inherits where inhparent = 'crm_email_sends'::regclass");

        Assert.Contains("crm_email_sends_default", partitions);
        foreach (var partition in partitions)
            Assert.Empty(await DaznodeSystem.SeenByAsync(Ordinary, url, $"select id from {partition}"));
        Assert.NotEmpty(await DaznodeSystem.SeenByAsync(Ordinary, url, "select id from crm_email_sends"));
    }

    private static async Task<IReadOnlyList<string>> VisibleAsync(DatabaseUrl url, int? person)
    {
        var seen = new List<string>();
        foreach (var table in Tables)
            seen.AddRange(await DaznodeSystem.SeenByAsync(person, url, $"select '{table}', count(*), md5(string_agg(id::text, ',' order by id)) from {table}"));
        return seen;
    }
}

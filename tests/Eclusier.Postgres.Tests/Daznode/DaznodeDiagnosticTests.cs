namespace Eclusier.Postgres.Tests.Daznode;

/// <summary>Steps 1 and 2 of the guide: what the diagnostic finds, and what the clean-up takes out.</summary>
[Collection(typeof(DaznodeTests))]
public sealed class DaznodeDiagnosticTests(DaznodeSystem daznode)
{
    /// <summary>Whom and what the generated data mentions, and never made.</summary>
    private const string Gone = "(select md5('gone' || n)::uuid from generate_series(0, 1000) n)";

    [Fact]
    public async Task Each_planted_fault_is_found_and_nothing_else()
    {
        var url = await daznode.AtAsync("diagnosed");

        var found = await DaznodeSystem.LinesAsync(url, "select check_name, count from run_pre_migration_diagnostic() where status <> 'OK' or count > 0 order by check_name");

        Assert.Equal(15, DaznodeSystem.Faults.Count);
        Assert.Equal(DaznodeSystem.Faults.OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => $"{fault.Key}|{fault.Value}"), found);
    }

    [Fact]
    public async Task Every_finding_comes_with_a_recommendation_and_all_else_is_ok()
    {
        var url = await daznode.AtAsync("diagnosed");

        var lines = await DaznodeSystem.LinesAsync(url, "select status, recommendation is not null from run_pre_migration_diagnostic()");

        Assert.Equal(15, lines.Count(line => line == "WARNING|t"));
        Assert.Equal(3, lines.Count(line => line == "OK|f"));
        Assert.Equal(18, lines.Count);
    }

    [Fact]
    public async Task The_diagnostic_names_an_invalid_index()
    {
        var url = await daznode.AtAsync("diagnosed");
        await PostgresServer.ExecuteAsync(url, "update pg_index set indisvalid = false where indexrelid = 'crm_email_sends_campaign_idx'::regclass");

        var lines = await DaznodeSystem.LinesAsync(url, "select status, count, recommendation from run_pre_migration_diagnostic() where check_name = 'invalid_indexes'");

        Assert.Equal(["ERROR|1|Drop or rebuild: crm_email_sends_campaign_idx"], lines);
    }

    [Fact]
    public async Task The_clean_up_takes_out_exactly_the_planted_orphans_and_keeps_them_apart()
    {
        var url = await daznode.AtAsync("diagnosed");
        var rest = await KeysAsync(url, $"where campaign_id not in {Gone} and profile_id not in {Gone}", $"where segment_id not in {Gone} and profile_id not in {Gone}", $"where profile_id not in {Gone}");
        var orphans = await DaznodeSystem.LinesAsync(url, $"select id from crm_email_sends where campaign_id in {Gone} or profile_id in {Gone} order by id");

        var removed = await DaznodeSystem.LinesAsync(url, "select * from cleanup_orphaned_records()");

        Assert.Equal(DaznodeSystem.Faults.Where(fault => fault.Key.Contains("_without_", StringComparison.Ordinal) && fault.Key != "users_without_profile").OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => $"{fault.Key}|{fault.Value}"), removed);
        Assert.Equal(rest, await KeysAsync(url, "", "", ""));
        Assert.Equal(400, orphans.Count);
        Assert.Equal(orphans, await DaznodeSystem.LinesAsync(url, "select record ->> 'id' from crm_private.removed_records where table_name = 'crm_email_sends' order by 1"));
        Assert.Equal(["65|0|3"], await DaznodeSystem.LinesAsync(url, $"select count(*), count(*) filter (where segment_id in {Gone}), (select count(*) from crm_private.removed_records where table_name = 'crm_campaigns') from crm_campaigns"));
    }

    [Fact]
    public async Task Cleaned_up_once_there_is_nothing_left_to_clean()
    {
        var url = await daznode.AtAsync("diagnosed");
        await DaznodeSystem.LinesAsync(url, "select cleanup_orphaned_records()");

        Assert.Empty(await DaznodeSystem.LinesAsync(url, "select cleanup_orphaned_records()"));
        Assert.Equal(9, (await DaznodeSystem.LinesAsync(url, "select 1 from run_pre_migration_diagnostic() where status <> 'OK'")).Count);
    }

    private static Task<IReadOnlyList<string>> KeysAsync(DatabaseUrl url, string sends, string members, string contacts) => DaznodeSystem.LinesAsync(
        url,
        $"""
        select count(*), md5(string_agg(id::text, ',' order by id)) from crm_email_sends {sends}
        union all select count(*), md5(string_agg(id::text, ',' order by id)) from crm_segment_members {members}
        union all select count(*), md5(string_agg(id::text, ',' order by id)) from contacts {contacts}
        """);
}

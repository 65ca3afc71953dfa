using System.Globalization;
using Npgsql;

namespace Eclusier.Postgres.Tests.Daznode;

/// <summary>The guide's migration in both variants, run by psql: what it mends, what it keeps, and what its functions do afterwards.</summary>
[Collection(typeof(DaznodeTests))]
public sealed class DaznodeMigrationTests(DaznodeSystem daznode)
{
    /// <summary>Those that only change in place, or only gain; the others are kept apart when they go.</summary>
    private static readonly string[] NothingGoes = ["emails_to_normalize", "pubkeys_to_normalize", "users_without_profile", "pubkeys_only_in_users"];

    [Theory]
    [InlineData("safe")]
    [InlineData("complete")]
    public async Task Every_fault_is_gone_and_what_was_taken_out_is_kept(string variant)
    {
        var url = await daznode.AtAsync(variant);

        Assert.Empty(await DaznodeSystem.LinesAsync(url, "select * from run_pre_migration_diagnostic() where status <> 'OK' or count > 0"));
        Assert.Equal(
            DaznodeSystem.Faults.Where(fault => !NothingGoes.Contains(fault.Key, StringComparer.Ordinal)).OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => $"{fault.Key}|{fault.Value}"),
            await DaznodeSystem.LinesAsync(url, "select fault, count(*) from crm_private.removed_records group by fault order by fault collate \"C\""));
        Assert.Equal(["1120|"], await DaznodeSystem.LinesAsync(url, "select count(*), to_regclass('public.users') from profiles"));
        Assert.Equal(["90"], await DaznodeSystem.LinesAsync(url, "select count(pubkey) from profiles where id in (select md5('person' || n)::uuid from generate_series(501, 590) n)"));
        Assert.Equal(["120"], await DaznodeSystem.LinesAsync(url, "select count(*) from profiles where id in (select md5('person' || n)::uuid from generate_series(1101, 1220) n)"));
        Assert.Equal(["80"], await DaznodeSystem.LinesAsync(url, "select count(*) from profiles join generate_series(101, 180) n on id = md5('person' || n)::uuid and email = format('personne%s@exemple.fr', n)"));
    }

    [Theory]
    [InlineData("safe")]
    [InlineData("complete")]
    public async Task Emails_and_tokens_are_all_there(string variant)
    {
        const string sends = "select count(*), sum(hashtextextended(concat_ws('|', id, campaign_id, email, status, sent_at, opened_at, clicked_at, error_message), 0)::numeric) from crm_email_sends where campaign_id in (select id from crm_campaigns) and profile_id in (select id from profiles)";
        const string tokens = "select sum(t4g_tokens) from profiles";
        var (before, after) = (await daznode.AtAsync("before"), await daznode.AtAsync(variant));

        Assert.Equal(await DaznodeSystem.LinesAsync(before, sends), await DaznodeSystem.LinesAsync(after, sends));
        Assert.Equal(await DaznodeSystem.LinesAsync(before, tokens), await DaznodeSystem.LinesAsync(after, tokens));
    }

    [Fact]
    public async Task Who_signed_up_twice_has_one_profile_with_everything()
    {
        const string both = "(md5('person401')::uuid, md5('person1001')::uuid)";
        var (before, after) = (await daznode.AtAsync("before"), await daznode.AtAsync("safe"));
        var sends = await DaznodeSystem.LinesAsync(before, $"select id from crm_email_sends where profile_id in {both} order by id");
        var tokens = await DaznodeSystem.LinesAsync(before, $"select sum(t4g_tokens) from profiles where id in {both}");

        Assert.NotEmpty(sends);
        Assert.Equal(sends, await DaznodeSystem.LinesAsync(after, $"select send.id from crm_email_sends send join profiles person on person.id = send.profile_id where person.id in {both} order by send.id"));
        Assert.Equal([$"personne401@exemple.fr|{tokens[0]}"], await DaznodeSystem.LinesAsync(after, $"select email, t4g_tokens from profiles where id in {both}"));
    }

    [Theory]
    [InlineData("safe")]
    [InlineData("complete")]
    public async Task Statistics_are_those_that_the_former_views_would_count(string variant)
    {
        var url = await daznode.AtAsync(variant);
        var former = await File.ReadAllTextAsync(Path.Combine(DaznodeSystem.Folder, "supabase", "migrations", "20241118_crm_statistics.sql"), TestContext.Current.CancellationToken);
        await PostgresServer.ExecuteAsync(url, former.Replace("_overview", "_former", StringComparison.Ordinal));

        foreach (var view in new[] { "crm_segments", "crm_campaigns" })
        {
            Assert.Empty(await DaznodeSystem.LinesAsync(url, $"(select * from {view}_overview except select * from {view}_former) union all (select * from {view}_former except select * from {view}_overview)"));
            Assert.NotEmpty(await DaznodeSystem.LinesAsync(url, $"select * from {view}_overview"));
        }
    }

    [Theory]
    [InlineData("insert into profiles (email) values ('sans-arobase.fr')", PostgresErrorCodes.CheckViolation)]
    [InlineData("insert into profiles (email) values ('Majuscule@exemple.fr')", PostgresErrorCodes.CheckViolation)]
    [InlineData("insert into profiles (pubkey) values ('04' || repeat('ab', 32))", PostgresErrorCodes.CheckViolation)]
    [InlineData("update profiles set t4g_tokens = -1 where id = md5('person1')::uuid", PostgresErrorCodes.CheckViolation)]
    [InlineData("insert into profiles (email) values ('personne1@exemple.fr')", PostgresErrorCodes.UniqueViolation)]
    [InlineData("insert into contacts (profile_id, email) values (md5('person1')::uuid, 'contact')", PostgresErrorCodes.CheckViolation)]
    [InlineData("insert into contacts (profile_id) values (md5('gone1')::uuid)", PostgresErrorCodes.ForeignKeyViolation)]
    [InlineData("insert into crm_email_sends (campaign_id, email) values (md5('gone1')::uuid, 'a@exemple.fr')", PostgresErrorCodes.ForeignKeyViolation)]
    [InlineData("insert into crm_email_sends (campaign_id, profile_id, email) values (md5('campaign1')::uuid, md5('gone1')::uuid, 'a@exemple.fr')", PostgresErrorCodes.ForeignKeyViolation)]
    [InlineData("insert into crm_segment_members (segment_id, profile_id) select segment_id, profile_id from crm_segment_members limit 1", PostgresErrorCodes.UniqueViolation)]
    public async Task What_was_a_fault_can_no_longer_be_written(string sql, string state)
    {
        foreach (var variant in new[] { "safe", "complete" })
        {
            var url = await daznode.AtAsync(variant);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(url, sql));
            Assert.Equal(state, refused.SqlState);
        }
    }

    [Theory]
    [InlineData("safe")]
    [InlineData("complete")]
    public async Task Statistics_stay_until_they_are_refreshed(string variant)
    {
        const string sent = "select sent from crm_campaigns_analytics_mv where id = md5('campaign60')::uuid";
        var url = await daznode.AtAsync(variant);
        var before = await DaznodeSystem.LinesAsync(url, sent);
        await PostgresServer.ExecuteAsync(url, "insert into crm_email_sends (campaign_id, email) values (md5('campaign60')::uuid, 'a@exemple.fr')");
        var stale = await DaznodeSystem.LinesAsync(url, sent);
        var refreshed = await DaznodeSystem.LinesAsync(url, "select view_name from refresh_crm_materialized_views()");

        Assert.Equal(before, stale);
        Assert.Equal(["crm_segments_stats_mv", "crm_campaigns_analytics_mv"], refreshed);
        Assert.Equal([$"{int.Parse(before[0], CultureInfo.InvariantCulture) + 1}"], await DaznodeSystem.LinesAsync(url, sent));
    }

    [Theory]
    [InlineData("stale_statistics", "update crm_private.refreshes set refreshed_at = now() - interval '3 hours' where view_name = 'crm_segments_stats_mv'")]
    [InlineData("invalid_indexes", "update pg_index set indisvalid = false where indexrelid = 'idx_contacts_profile'::regclass")]
    [InlineData("unproven_constraints", "alter table contacts add constraint contacts_company check (company <> '') not valid")]
    [InlineData("policies_asking_per_row", "alter policy contacts_own on contacts using (is_admin_user())")]
    public async Task The_diagnosis_finds_what_is_wrong_and_nothing_else(string check, string harm)
    {
        const string found = "select check_name, status, value from diagnose_crm_performance() where status <> 'OK'";
        var url = await daznode.AtAsync("complete");
        // The server's statistics are not copied with a database, and come a moment late.
        await PostgresServer.ExecuteAsync(url, "analyze");
        Assert.Empty(await DaznodeSystem.LinesAsync(url, found));

        await PostgresServer.ExecuteAsync(url, harm);

        Assert.Equal([$"{check}|WARNING|1"], await DaznodeSystem.LinesAsync(url, found));
    }

    [Theory]
    [InlineData("safe")]
    [InlineData("complete")]
    public async Task The_monitor_shows_every_table_of_the_crm(string variant)
    {
        var url = await daznode.AtAsync(variant);

        var names = await DaznodeSystem.LinesAsync(url, "select name from crm_performance_monitor");

        Assert.Superset(new HashSet<string>(["profiles", "contacts", "crm_segments", "crm_segment_members", "crm_campaigns", "crm_segments_stats_mv", "crm_campaigns_analytics_mv"], StringComparer.Ordinal), names.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(
            await DaznodeSystem.LinesAsync(url, "select inhrelid::regclass from pg_inherits where inhparent = 'crm_email_sends'::regclass order by 1"),
            await DaznodeSystem.LinesAsync(url, "select name::regclass from crm_performance_monitor where kind = 'partition' order by 1"));
    }

    [Fact]
    public async Task The_guides_index_is_the_guides()
    {
        var url = await daznode.AtAsync("safe");

        Assert.Equal(
            ["CREATE INDEX idx_profiles_crm_advanced_segmentation ON public.profiles USING btree (email_verified, created_at, t4g_tokens, pubkey) WHERE ((email_verified = true) AND (pubkey IS NOT NULL))"],
            await DaznodeSystem.LinesAsync(url, "select indexdef from pg_indexes where indexname = 'idx_profiles_crm_advanced_segmentation'"));
    }
}

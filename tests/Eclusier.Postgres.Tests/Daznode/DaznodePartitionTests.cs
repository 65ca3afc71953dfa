namespace Eclusier.Postgres.Tests.Daznode;

/// <summary>The table of e-mails, month by month: what any other tool than Eclusier makes of the variant <c>complete</c>.</summary>
[Collection(typeof(DaznodeTests))]
public sealed class DaznodePartitionTests(DaznodeSystem daznode)
{
    private const string Partitions = "select inhrelid::regclass from pg_inherits where inhparent = 'crm_email_sends'::regclass order by inhrelid::regclass::text";

    [Fact]
    public async Task Every_email_is_in_its_month_and_none_elsewhere()
    {
        var url = await daznode.AtAsync("complete");

        Assert.Empty(await DaznodeSystem.LinesAsync(url, "select id from crm_email_sends where tableoid::regclass::text <> to_char(sent_at at time zone 'UTC', '\"crm_email_sends_\"YYYY_MM')"));
        Assert.Empty(await DaznodeSystem.LinesAsync(url, "select * from crm_email_sends_default"));
        Assert.Empty(await DaznodeSystem.LinesAsync(url, "(select * from crm_email_sends except select * from crm_email_sends_backup) union all (select * from crm_email_sends_backup except select * from crm_email_sends)"));
    }

    [Fact]
    public async Task Both_variants_give_the_table_the_same_indexes_constraints_and_policies()
    {
        const string definition =
            """
            select 'index', indexname, regexp_replace(indexdef, ' ON (ONLY )?', ' ON ') from pg_indexes where tablename = 'crm_email_sends' and indexname <> 'crm_email_sends_pkey'
            union all select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'crm_email_sends'::regclass and contype <> 'p'
            union all select 'policy', policyname, concat_ws(' ', cmd, roles, qual, with_check) from pg_policies where tablename = 'crm_email_sends'
            union all select 'column', attname, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = 'crm_email_sends'::regclass and attnum > 0
            union all select 'grant', grantee, privilege_type from information_schema.role_table_grants where table_name = 'crm_email_sends'
            union all select 'row security', '', relrowsecurity::text from pg_class where oid = 'crm_email_sends'::regclass
            order by 1, 2, 3
            """;

        Assert.Equal(await DaznodeSystem.LinesAsync(await daznode.AtAsync("safe"), definition), await DaznodeSystem.LinesAsync(await daznode.AtAsync("complete"), definition));
    }

    [Fact]
    public async Task Old_months_go_and_the_next_three_come()
    {
        var url = await daznode.AtAsync("complete");
        var before = await DaznodeSystem.LinesAsync(url, Partitions);
        var ahead = await DaznodeSystem.LinesAsync(url, "select to_char(now() at time zone 'UTC' + interval '2 months', '\"crm_email_sends_\"YYYY_MM')");
        await PostgresServer.ExecuteAsync(url, $"drop table {ahead[0]}");
        var old = await DaznodeSystem.LinesAsync(url, "select tableoid::regclass, 'dropped', count(*) from crm_email_sends where sent_at < date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '12 months' group by tableoid order by tableoid::regclass::text");
        Assert.NotEmpty(old);

        var done = await DaznodeSystem.LinesAsync(url, "select * from cleanup_old_email_partitions(12)");

        Assert.Equal([.. old, $"{ahead[0]}|created|0"], done);
        Assert.Equal(before.Except(old.Select(line => line.Split('|')[0]), StringComparer.Ordinal), await DaznodeSystem.LinesAsync(url, Partitions));
        Assert.Empty(await DaznodeSystem.LinesAsync(url, "select * from cleanup_old_email_partitions(12)"));
        Assert.Equal(["t"], await DaznodeSystem.LinesAsync(url, $"select relrowsecurity from pg_class where relname = '{ahead[0]}'"));
    }

    [Fact]
    public async Task Nothing_goes_before_two_years_unless_asked()
    {
        var url = await daznode.AtAsync("complete");

        Assert.Empty(await DaznodeSystem.LinesAsync(url, "select * from cleanup_old_email_partitions()"));
    }

    [Fact]
    public async Task Without_partitions_old_emails_are_deleted()
    {
        var url = await daznode.AtAsync("safe");
        var old = await DaznodeSystem.LinesAsync(url, "select 'crm_email_sends', 'deleted', count(*) from crm_email_sends where sent_at < date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '12 months'");

        Assert.Equal(old, await DaznodeSystem.LinesAsync(url, "select * from cleanup_old_email_partitions(12)"));
        Assert.Equal(["crm_email_sends|deleted|0"], await DaznodeSystem.LinesAsync(url, "select * from cleanup_old_email_partitions(12)"));
    }

    [Fact]
    public async Task The_diagnosis_misses_the_month_that_is_not_there()
    {
        var url = await daznode.AtAsync("complete");
        var next = await DaznodeSystem.LinesAsync(url, "select to_char(now() at time zone 'UTC' + interval '1 month', '\"crm_email_sends_\"YYYY_MM')");
        await PostgresServer.ExecuteAsync(url, $"drop table {next[0]}");

        Assert.Equal(["WARNING|1"], await DaznodeSystem.LinesAsync(url, "select status, value from diagnose_crm_performance() where check_name = 'months_without_partition'"));
    }

    [Fact]
    public async Task The_guides_way_back_brings_every_email_back_and_statistics_go_on()
    {
        var url = await daznode.AtAsync("complete");
        await PostgresServer.ExecuteAsync(url, "insert into crm_email_sends (campaign_id, email) values (md5('campaign60')::uuid, 'a@exemple.fr')");
        var sends = await DaznodeSystem.LinesAsync(url, "select * from crm_email_sends order by id");
        var readme = await File.ReadAllTextAsync(Path.Combine(DaznodeSystem.Folder, "README.md"), TestContext.Current.CancellationToken);

        await PostgresServer.ExecuteAsync(url, readme.Split("```sql\n")[1].Split("```")[0]);

        Assert.Equal(sends, await DaznodeSystem.LinesAsync(url, "select * from crm_email_sends order by id"));
        Assert.Equal(["r"], await DaznodeSystem.LinesAsync(url, "select relkind from pg_class where oid = 'crm_email_sends'::regclass"));
        await DaznodeSystem.LinesAsync(url, "select refresh_crm_materialized_views()");
        Assert.Equal([$"{sends.Count}"], await DaznodeSystem.LinesAsync(url, "select sum(sent) from crm_campaigns_overview"));
    }
}

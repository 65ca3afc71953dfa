namespace Eclusier.Postgres.Tests.Daznode;

/// <summary>Segments keep themselves up to date.</summary>
[Collection(typeof(DaznodeTests))]
public sealed class DaznodeSegmentTests(DaznodeSystem daznode)
{
    private const string Person = "md5('person700')::uuid";

    [Fact]
    public async Task Who_changes_joins_and_leaves_automatic_segments_and_stays_in_those_chosen_by_hand()
    {
        var url = await daznode.AtAsync("safe");
        await PostgresServer.ExecuteAsync(url, $"insert into crm_segment_members (segment_id, profile_id) select id, {Person} from crm_segments where name = 'Presse'");

        await PostgresServer.ExecuteAsync(url, $"update profiles set t4g_tokens = 450, email_verified = true, pubkey = null where id = {Person}");
        var rich = await SegmentsAsync(url);
        await PostgresServer.ExecuteAsync(url, $"update profiles set t4g_tokens = 0, email_verified = false, pubkey = '02' || repeat('ab', 32) where id = {Person}");
        var poor = await SegmentsAsync(url);

        Assert.Equal(["Adresse vérifiée", "Grands contributeurs", "Presse", "Sans nœud"], rich);
        Assert.Equal(["Adresse à vérifier", "Presse", "Sans jeton"], poor);
        await AssertUpToDateAsync(url);
    }

    [Fact]
    public async Task Who_signs_up_is_placed_and_who_leaves_is_gone()
    {
        var url = await daznode.AtAsync("safe");

        await PostgresServer.ExecuteAsync(url, "insert into profiles (id, email, t4g_tokens) values (md5('new')::uuid, 'nouvelle@exemple.fr', 250)");
        await AssertUpToDateAsync(url);
        await PostgresServer.ExecuteAsync(url, "delete from profiles where id = md5('new')::uuid");

        Assert.Empty(await DaznodeSystem.LinesAsync(url, "select 1 from crm_segment_members where profile_id = md5('new')::uuid"));
        await AssertUpToDateAsync(url);
    }

    [Fact]
    public async Task A_new_segment_fills_itself_and_new_criteria_fill_it_anew()
    {
        var url = await daznode.AtAsync("safe");

        await PostgresServer.ExecuteAsync(url, """insert into crm_segments (name, criteria) values ('Riches', '{"min_tokens": 490}')""");
        await AssertUpToDateAsync(url);
        var few = await DaznodeSystem.LinesAsync(url, "select member_count from crm_segments where name = 'Riches'");
        await PostgresServer.ExecuteAsync(url, """update crm_segments set criteria = '{"min_tokens": 100}' where name = 'Riches'""");
        await AssertUpToDateAsync(url);
        var many = await DaznodeSystem.LinesAsync(url, "select member_count from crm_segments where name = 'Riches'");

        Assert.Equal(await DaznodeSystem.LinesAsync(url, "select count(*) from profiles where t4g_tokens >= 100"), many);
        Assert.NotEqual(few, many);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_counts_and_members_are_right(int seed)
    {
        var url = await daznode.AtAsync("complete");
        var random = new Random(seed);
        for (var change = 0; change < 40; change++)
            await PostgresServer.ExecuteAsync(url, Change(random));

        await AssertUpToDateAsync(url);
    }

    private static string Change(Random random)
    {
        var people = $"(select id from profiles order by md5(id::text || {random.Next(1000)}) limit {random.Next(1, 30)})";
        var byHand = $"(select id from crm_segments where criteria is null order by md5(id::text || {random.Next(1000)}) limit 1)";
        return random.Next(7) switch
        {
            0 => $"update profiles set t4g_tokens = {random.Next(500)} where id in {people}",
            1 => $"update profiles set email_verified = not email_verified where id in {people}",
            2 => $"update profiles set pubkey = case when pubkey is null then '03' || md5(id::text) || md5('p' || id::text) end where id in {people}",
            3 => $"delete from profiles where id in {people}",
            4 => $"insert into crm_segment_members (segment_id, profile_id) select segment.id, person.id from {byHand} segment, {people} person on conflict do nothing",
            5 => $"delete from crm_segment_members where segment_id in {byHand} and profile_id in {people}",
            _ => $"update crm_segments set criteria = jsonb_build_object('min_tokens', {random.Next(500)}) where name in ('Contributeurs', 'Grands contributeurs')",
        };
    }

    private static Task<IReadOnlyList<string>> SegmentsAsync(DatabaseUrl url) => DaznodeSystem.LinesAsync(
        url,
        $"""
        select segment.name from crm_segment_members member join crm_segments segment on segment.id = member.segment_id
        where member.profile_id = {Person} and segment.criteria ->> 'created_after' is null and segment.criteria ->> 'created_before' is null
          and segment.name <> 'Opérateurs de nœud'
        order by segment.name collate "C"
        """);

    private static async Task AssertUpToDateAsync(DatabaseUrl url)
    {
        Assert.Empty(await DaznodeSystem.LinesAsync(
            url,
            """
            select segment.name, member_count, count(member.id) from crm_segments segment
            left join crm_segment_members member on member.segment_id = segment.id
            group by segment.id having member_count <> count(member.id)
            """));
        Assert.Empty(await DaznodeSystem.LinesAsync(
            url,
            """
            (select segment.id, person.id from crm_segments segment, profiles person where segment.criteria is not null and crm_segment_matches(segment.criteria, person)
             except select segment_id, profile_id from crm_segment_members)
            union all
            (select member.segment_id, member.profile_id from crm_segment_members member join crm_segments segment on segment.id = member.segment_id where segment.criteria is not null
             except select segment.id, person.id from crm_segments segment, profiles person where crm_segment_matches(segment.criteria, person))
            """));
    }
}

using Eclusier.Postgres.Diagnostics;

namespace Eclusier.Postgres.Tests.Diagnostics;

/// <summary>Each rule's own examples on a real server: it finds the planted fault, no rule finds anything else, and none finds anything in the near miss.</summary>
public sealed class FindingExampleTests(PostgresServer server)
{
    public static TheoryData<string> Rules => [.. FindingRules.Ids];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_planted_fault_is_found_and_nothing_else(string id)
    {
        var rule = FindingRules.All.Single(rule => rule.Id == id);
        var url = await BuiltAsync(rule.Bad);

        var findings = await Diagnosis.OfAsync(url, script: rule.Bad);

        var found = Assert.Single(findings);
        Assert.Equal((rule.Id, rule.Found, false), (found.Rule, found.Object, found.Unanswered));
        Assert.Equal(rule.Counts is null, found.Count is null);
        Assert.NotEqual(found.Evidence.En, found.Evidence.Fr);
        Assert.False(string.IsNullOrWhiteSpace(found.Remedy.En));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_near_miss_is_silent(string id)
    {
        var rule = FindingRules.All.Single(rule => rule.Id == id);
        var url = await BuiltAsync(rule.Good);

        var findings = await Diagnosis.OfAsync(url, script: rule.Good);

        Assert.Empty(Diagnosis.Told(findings));
    }

    [Fact]
    public void Rules_have_names_and_examples_of_their_own()
    {
        Assert.Equal(FindingRules.All.Count, FindingRules.Ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(FindingRules.All, rule =>
        {
            Assert.NotEqual(rule.Why.En, rule.Why.Fr);
            Assert.NotEqual(rule.Bad, rule.Good);
            Assert.Matches("^[a-z]+(-[a-z]+)+$", rule.Id);
        });
    }

    private async Task<DatabaseUrl> BuiltAsync(string script)
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, script);
        return url;
    }
}

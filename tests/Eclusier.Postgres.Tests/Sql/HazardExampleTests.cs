using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Linting;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Sql;

/// <summary>Each rule's own examples: it fires in the bad one, and is silent in the good one.</summary>
[Trait("Needs", "no server")]
public sealed class HazardExampleTests
{
    public static TheoryData<string> Rules => [.. HazardRules.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_bad_example_has_the_hazard(string id)
    {
        var rule = HazardRules.All.Single(rule => rule.Id == id);

        var hazard = Scan(rule.Bad).FirstOrDefault(hazard => hazard.Rule == id);

        Assert.NotNull(hazard);
        Assert.NotEqual(hazard.Message.En, hazard.Message.Fr);
        Assert.False(string.IsNullOrWhiteSpace(hazard.Remedy));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_good_example_is_silent(string id)
    {
        var rule = HazardRules.All.Single(rule => rule.Id == id);

        Assert.DoesNotContain(id, Scan(rule.Good).Select(hazard => hazard.Rule));
        Assert.DoesNotContain(Scan(rule.Good), hazard => hazard.Severity > rule.Severity || hazard.Severity == Risk.High);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_bad_example_is_silenced_by_a_comment_with_a_reason(string id)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "001_bad.sql");
        File.WriteAllText(file, $"-- eclusier: allow {id} -- meant so\n{HazardRules.All.Single(rule => rule.Id == id).Bad}\n");

        var hazards = Assert.Single(Linter.Lint(file, folder.Path)).Hazards;

        Assert.DoesNotContain(hazards, hazard => hazard.Rule == id || hazard.Rule == Linter.NeedlessAllow);
    }

    private static IReadOnlyList<Hazard> Scan(string script) =>
        new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal)).Scan(MigrationScript.Read(script, "m.sql"));
}

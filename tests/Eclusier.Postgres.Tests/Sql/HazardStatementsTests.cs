using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Sql;

/// <summary>Each rule names the statements that it is about, so that it is not asked about others. What it names must be all that it can find.</summary>
[Trait("Needs", "no server")]
public sealed class HazardStatementsTests
{
    [Fact]
    public void A_rule_finds_nothing_in_statements_that_it_does_not_name()
    {
        var nodes = SplitterCorpusTests.Statements
            .Concat(HazardTests.Examples.Select(row => row.Data.Item1))
            .SelectMany(script => StatementClassifier.Classify(ScriptSplitter.Split(script)))
            .ToArray();
        var missed =
            from rule in HazardRules.All
            where rule.Statements is not null
            from node in nodes
            where node.Tree is null || !rule.Statements!.Contains(node.Tree.Type)
            where rule.Check(node, HazardContext.Empty).Any()
            select $"{rule.Id}: {node.Statement.Sql}";

        Assert.Empty(missed);
    }
}

using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Sql;

[Trait("Needs", "no server")]
public sealed class LibPgQueryTests
{
    [Fact]
    public void An_expression_of_fifty_thousand_terms_is_parsed_and_classified()
    {
        var sql = "delete from t where x = " + string.Join("+", Enumerable.Repeat("1", 50_000));

        var node = Assert.Single(StatementClassifier.Classify(ScriptSplitter.Split(sql)));

        Assert.Equal(("delete", "t"), (node.Kind, node.Tree!.Table()!.Value.Name));
        Assert.True(node.Tree.Has("whereClause"));
    }

    [Fact]
    public void A_mistake_is_an_answer_and_the_parser_goes_on()
    {
        var outcomes = new[] { "selct 1", "select 1", "select '\0'" }.Select(LibPgQuery.Parse).ToArray();

        Assert.Contains("syntax error", outcomes[0].Error);
        Assert.NotNull(outcomes[1].Json);
        Assert.NotNull(outcomes[2].Error);
    }

    [Fact]
    public void Text_beyond_the_bound_is_not_parsed() =>
        Assert.NotNull(LibPgQuery.Parse($"select '{new string('x', LibPgQuery.LongestText)}'").Error);

    [Fact]
    public void Many_threads_may_ask_at_once() =>
        Parallel.For(0, 200, i => Assert.NotNull(LibPgQuery.Parse($"select {i}").Json));
}

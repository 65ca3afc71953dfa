using Eclusier.Planning;
using FsCheck;
using FsCheck.Fluent;

namespace Eclusier.Tests.Planning;

public sealed class MigrationOrderTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = new(StringComparer.Ordinal);

    [Fact]
    public void Versions_sort_by_number() =>
        Assert.Equal(["1", "002", "9", "10", "020", "100"], new[] { "100", "10", "9", "1", "020", "002" }.Order(VersionOrder.Instance));

    [Fact]
    public void Without_any_wish_the_order_is_that_of_the_files() =>
        Assert.Equal(["20250102000000", "20250103", "9"], Sort(["20250102000000", "20250103", "9"]));

    [Fact]
    public void Named_versions_come_first_in_their_order_and_the_rest_in_file_order() =>
        Assert.Equal(["003", "001", "002", "004"], Sort(["001", "002", "003", "004"], order: ["003", "001_x.sql"]));

    [Fact]
    public void A_migration_that_must_wait_moves_back_and_the_others_keep_their_places() =>
        Assert.Equal(["002", "003", "001", "004"], Sort(["001", "002", "003", "004"], depends: ("001", ["003_x"])));

    [Fact]
    public void A_dependency_wins_over_the_order() =>
        Assert.Equal(["001", "002", "003"], Sort(["001", "002", "003"], order: ["003", "001", "002"], depends: ("003", ["002"])));

    [Fact]
    public void A_cycle_is_shown()
    {
        var error = Assert.ThrowsAny<EclusierException>(() => MigrationOrder.Sort(
            Names(["004", "018", "020"]), [], Depends(("018", ["004"]), ("004", ["018"]), ("020", ["018"]))));

        Assert.Contains("018 -> 004 -> 018", error.Problem.En);
        Assert.IsType<InvalidInputException>(error);
    }

    [Fact]
    public void A_migration_cannot_depend_on_itself() =>
        Assert.Contains("001 -> 001", Assert.ThrowsAny<EclusierException>(() => Sort(["001"], depends: ("001", ["001"]))).Problem.En);

    [Fact]
    public void An_unknown_name_is_an_error_that_guesses_what_was_meant()
    {
        var inOrder = Assert.ThrowsAny<EclusierException>(() => Sort(["018", "019"], order: ["0018"]));
        var inDepends = Assert.ThrowsAny<EclusierException>(() => Sort(["018", "019"], depends: ("019", ["wholly different"])));

        Assert.Contains("\"order\"", inOrder.Problem.En);
        Assert.Equal("Did you mean \"018\"?", inOrder.Remedy!.En);
        Assert.Contains("wholly different", inDepends.Problem.Fr);
    }

    [Fact]
    public void Every_dependency_is_respected_and_an_order_that_respects_them_stays_as_it_is()
    {
        // Edges from a higher to a lower place in a shuffled list: never a cycle.
        var cases =
            from count in Gen.Choose(1, 25)
            from order in Gen.Shuffle(Enumerable.Range(1, count).Select(i => $"{i:000}"))
            from edges in Gen.ListOf(Gen.Two(Gen.Choose(0, count - 1)))
            select (Order: order, Edges: edges.Where(e => e.Item1 != e.Item2).Select(e => (First: Math.Min(e.Item1, e.Item2), Second: Math.Max(e.Item1, e.Item2))).ToArray());

        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var depends = example.Edges.GroupBy(e => example.Order[e.Second]).ToDictionary(
                group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(e => example.Order[e.First])], StringComparer.Ordinal);
            var names = Names(example.Order);

            var sorted = MigrationOrder.Sort(names, [], depends).Select(name => name.Version).ToList();
            var unchanged = MigrationOrder.Sort(names, example.Order, depends).Select(name => name.Version);

            Assert.Equal(example.Order.Order(StringComparer.Ordinal), sorted.Order(StringComparer.Ordinal));
            Assert.All(example.Edges, e => Assert.True(sorted.IndexOf(example.Order[e.First]) < sorted.IndexOf(example.Order[e.Second])));
            Assert.Equal(example.Order, unchanged);
        }).QuickCheckThrowOnFailure();
    }

    private static MigrationName[] Names(IEnumerable<string> versions) => [.. versions.Select(version => new MigrationName(version, $"{version}_x.sql"))];

    private static Dictionary<string, IReadOnlyList<string>> Depends(params (string Version, string[] On)[] depends) =>
        depends.ToDictionary(entry => entry.Version, entry => (IReadOnlyList<string>)entry.On, StringComparer.Ordinal);

    private static string[] Sort(string[] versions, string[]? order = null, params (string, string[])[] depends) =>
        [.. MigrationOrder.Sort(Names(versions), order ?? [], depends.Length == 0 ? Nothing : Depends(depends)).Select(name => name.Version)];
}

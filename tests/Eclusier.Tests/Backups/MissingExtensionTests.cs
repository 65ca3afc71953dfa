using System.Text.Json;
using Eclusier.Evidence;

namespace Eclusier.Tests.Backups;

public sealed class MissingExtensionTests
{
    private static UnprovenObject Table(string name) => new("table", name);

    [Fact]
    public void Evidence_of_before_reads_as_if_no_extension_were_missing()
    {
        var restore = JsonSerializer.Deserialize("""{"passed":true,"tables":1,"rows":2,"differences":[],"duration_ms":3}""", EclusierJson.Compact.RestoreCheck)!;
        var rehearsal = JsonSerializer.Deserialize("""{"passed":true,"on":"sandbox","steps":[],"invariants":[{"name":"a","passed":true,"before":"1"}],"checks":[],"duration_ms":3}""", EclusierJson.Compact.Rehearsal)!;

        Assert.Empty(restore.MissingExtensions);
        Assert.Empty(rehearsal.MissingExtensions);
        Assert.False(rehearsal.Invariants[0].Skipped);
    }

    [Theory]
    [InlineData("sandbox", "without extension vector, which this machine lacks: table public.a is unproven", "sans l'extension vector, absente de cette machine, rien n'est prouvé de : table public.a")]
    [InlineData("db:5432/app", "without extension vector, which db:5432/app lacks: table public.a is unproven", "sans l'extension vector, absente de db:5432/app, rien n'est prouvé de : table public.a")]
    public void It_is_said_what_is_unproven_and_where(string on, string english, string french) =>
        Assert.Equal(new Text(english, french), new MissingExtension("vector", null, [Table("public.a")]).Said(on));

    [Fact]
    public void Many_names_become_a_number_and_what_goes_with_a_table_goes_without_saying()
    {
        var missing = new MissingExtension("vector", null, [.. Enumerable.Range(1, 8).Select(n => Table($"t{n}")), new UnprovenObject("index", "t1_index", "t1")]);

        Assert.EndsWith("table t1, table t2, table t3, table t4, table t5, 3 more are unproven", missing.Said(null).En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql-15-pgvector", false, "sandbox", "apt-get install postgresql-15-pgvector, or set rehearsal.url to a server that has it")]
    [InlineData(null, false, "sandbox", "install it, or set rehearsal.url to a server that has it")]
    [InlineData("postgresql-15-pgvector", false, "db:5432/app", "install it there (Debian: postgresql-15-pgvector), or set rehearsal.url to a server that has it")]
    [InlineData(null, true, "sandbox", "it is installed there, but the server refuses it to this database; set rehearsal.url to a server that has it")]
    public void It_is_said_what_to_do(string? package, bool refused, string on, string remedy) =>
        Assert.Equal(remedy, new MissingExtension("vector", package, []) { Refused = refused }.Remedy(on).En);

    [Theory]
    [InlineData("table", "public.items", true)]
    [InlineData("table", "public.\"items\"", true)]
    [InlineData("view", "public.items", false)]
    [InlineData("table", "public.items2", false)]
    public void Names_are_the_same_with_and_without_quotes(string kind, string name, bool same) => Assert.Equal(same, Table("public.items").Is(kind, name));

    [Theory]
    [InlineData("public.near", "public.near(integer)", true)]
    [InlineData("public.near(text)", "public.near(integer)", false)]
    [InlineData("public.near", "public.nearest(integer)", false)]
    public void A_function_that_is_known_without_parameters_is_any_of_that_name(string known, string name, bool same) => Assert.Equal(same, new UnprovenObject("function", known).Is("function", name));
}

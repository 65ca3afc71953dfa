namespace Eclusier.Postgres.Tests.Sql;

/// <summary>A server reads comments, too: a database whose encoding lacks a character of them refuses the whole script.</summary>
[Trait("Needs", "no server")]
public sealed class EmbeddedSqlTests
{
    public static TheoryData<string> Scripts => [.. typeof(PostgresDatabase).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_of_ours_fits_every_encoding(string name)
    {
        using var reader = new StreamReader(typeof(PostgresDatabase).Assembly.GetManifestResourceStream(name)!);
        Assert.DoesNotContain(reader.ReadToEnd(), letter => letter > '\x7f');
    }
}

namespace Eclusier.Postgres.Connections;

/// <summary>
/// How the server writes what we read back and compare. A database, a role or a URL may have set these otherwise: then the same object would have another
/// definition. Migrations run under what was set, as they would with psql.
/// </summary>
internal static class OwnSettings
{
    private static readonly (string Name, string Value)[] All =
    [
        ("quote_all_identifiers", "off"),
        ("standard_conforming_strings", "on"),
        ("datestyle", "'ISO, MDY'"),
        ("intervalstyle", "postgres"),
        ("timezone", "'UTC'"),
        ("extra_float_digits", "1"),
        ("bytea_output", "hex"),
        ("xmlbinary", "base64"),
    ];

    /// <param name="set"><c>set</c> or <c>set local</c>.</param>
    public static IEnumerable<string> Set(string set) => All.Select(setting => $"{set} {setting.Name} = {setting.Value}");

    /// <summary>Back to what the database, the role and the URL say.</summary>
    /// <inheritdoc cref="Set" path="/param"/>
    public static IEnumerable<string> AsOthers(string set) => All.Select(setting => $"{set} {setting.Name} to default");
}

using Eclusier.Redaction;

namespace Eclusier.Mongo.Driver;

/// <summary>A connection string's parts that concern us; the driver understands the rest.</summary>
public static class MongoUrl
{
    private static readonly string[] SecretOptions = ["tlsCertificateKeyFilePassword", "sslClientCertificateKeyPassword", "authMechanismProperties"];
    private static readonly string[] FileOptions = ["tlsCAFile", "sslCertificateAuthorityFile", "tlsCertificateKeyFile", "sslClientCertificateKeyFile"];

    /// <summary>Hosts, and the database when there is one; no user, no secrets.</summary>
    public static string Describe(DatabaseUrl url) => $"{Hosts(url)}{(Database(url) is { } database ? $"/{database}" : "")}";

    /// <summary>The database that the connection string names; null when it names none.</summary>
    public static string? Database(DatabaseUrl url)
    {
        var rest = WithoutOptions(url);
        var slash = rest.LastIndexOf('/');
        // A slash before the last @ belongs to a password that was not encoded.
        return slash > rest.LastIndexOf('@') && slash + 1 < rest.Length ? Uri.UnescapeDataString(rest[(slash + 1)..]) : null;
    }

    /// <summary>The same server and options, another database; credentials stay those of the database that the first one named.</summary>
    public static DatabaseUrl WithDatabase(DatabaseUrl url, string database)
    {
        var text = url.Reveal();
        var scheme = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var rest = WithoutOptions(url);
        var options = text[(scheme + rest.Length)..];
        var at = rest.LastIndexOf('@');
        var slash = rest.IndexOf('/', Math.Max(at, 0));
        var server = slash < 0 ? rest : rest[..slash];
        if (at >= 0 && !options.Contains("authSource=", StringComparison.OrdinalIgnoreCase))
            options = $"{(options.Length > 1 ? $"{options}&" : "?")}authSource={Uri.EscapeDataString(Database(url) ?? "admin")}";
        return new DatabaseUrl($"{text[..scheme]}{server}/{Uri.EscapeDataString(database)}{options}");
    }

    /// <summary>Secrets that stand among the options never appear in any output from now on.</summary>
    internal static void RememberSecrets(DatabaseUrl url)
    {
        foreach (var (name, value) in Options(url))
        {
            if (SecretOptions.Contains(name, StringComparer.OrdinalIgnoreCase))
                Secrets.Remember(value);
        }
    }

    /// <summary>Files that options name.</summary>
    internal static IEnumerable<(string Option, string Path)> Files(DatabaseUrl url) => Options(url).Where(option => FileOptions.Contains(option.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>An option's value, under whichever of its names it stands first; null: it is not there.</summary>
    internal static string? Option(DatabaseUrl url, params IEnumerable<string> names) =>
        Options(url).Where(option => names.Contains(option.Name, StringComparer.OrdinalIgnoreCase)).Select(option => option.Value).FirstOrDefault();

    internal static bool IsTrue(DatabaseUrl url, params IEnumerable<string> names) => string.Equals(Option(url, names), "true", StringComparison.OrdinalIgnoreCase);

    internal static bool IsSrv(DatabaseUrl url) => url.Reveal().StartsWith("mongodb+srv:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Any option of TLS asks for it, unless <c>tls=false</c> says the opposite (specification: Connection Strings, TLS options).</summary>
    internal static bool UsesTls(DatabaseUrl url) => Option(url, "tls", "ssl") is not null
        ? IsTrue(url, "tls", "ssl")
        : IsSrv(url) || Options(url).Any(option => option.Name[..Math.Min(3, option.Name.Length)].ToUpperInvariant() is "TLS" or "SSL");

    private static IEnumerable<(string Name, string Value)> Options(DatabaseUrl url)
    {
        var text = url.Reveal();
        var question = text.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? [] : text[(question + 1)..].Split('&', ';')
            .Select(part => part.Split('=', 2))
            .Where(option => option.Length == 2)
            .Select(option => (option[0], Uri.UnescapeDataString(option[1])));
    }

    private static string Hosts(DatabaseUrl url)
    {
        var rest = WithoutOptions(url);
        var hosts = rest[(rest.LastIndexOf('@') + 1)..];
        var slash = hosts.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? hosts : hosts[..slash];
    }

    /// <summary>What stands between the scheme and the question mark.</summary>
    private static string WithoutOptions(DatabaseUrl url)
    {
        var text = url.Reveal();
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var question = rest.IndexOf('?', Math.Max(rest.LastIndexOf('@'), 0));
        return question < 0 ? rest : rest[..question];
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MongoDB.Driver;

namespace Eclusier.Mongo.Driver;

/// <summary>
/// The options of TLS as MongoDB's own tools know them (manual: Connection Strings, TLS Options); the driver reads only some of them from an address.
/// </summary>
internal static class TlsOptions
{
    private static readonly string[] KeyFile = ["tlsCertificateKeyFile", "sslClientCertificateKeyFile"];
    private static readonly string[] KeyPassword = ["tlsCertificateKeyFilePassword", "sslClientCertificateKeyPassword"];

    /// <exception cref="UnavailableException">A file cannot be read as what it should hold.</exception>
    public static void Apply(DatabaseUrl url, MongoClientSettings settings)
    {
        var anything = MongoUrl.IsTrue(url, "tlsInsecure");
        var trust = new ServerTrust(
            Read(url, "tlsCAFile", MongoUrl.Option(url, "tlsCAFile", "sslCertificateAuthorityFile"), Authorities),
            anything || MongoUrl.IsTrue(url, "tlsAllowInvalidCertificates", "sslAllowInvalidCertificates"),
            anything || MongoUrl.IsTrue(url, "tlsAllowInvalidHostnames", "sslAllowInvalidHostnames"));
        var own = Read(url, KeyFile[0], MongoUrl.Option(url, KeyFile), path => Own(path, MongoUrl.Option(url, KeyPassword)));
        settings.UseTls = true;
        // Else it would not ask us.
        settings.AllowInsecureTls = false;
        settings.SslSettings = new SslSettings
        {
            ServerCertificateValidationCallback = trust.Accepts,
            // Not by itself: it asks the authorities' servers, which a database's network seldom reaches.
            CheckCertificateRevocation = "false".Equals(MongoUrl.Option(url, "tlsDisableCertificateRevocationCheck"), StringComparison.OrdinalIgnoreCase),
            ClientCertificates = own is null ? null : [own],
        };
    }

    private static X509Certificate2Collection Authorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("There is no certificate in it.");
    }

    /// <summary>Its key is in the same file. What stands between it and the authority cannot be sent along: the driver takes one certificate.</summary>
    private static X509Certificate2 Own(string path, string? password)
    {
        var between = new X509Certificate2Collection();
        between.ImportFromPemFile(path);
        if (between.Skip(1).Any(certificate => !certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)))
            throw new CryptographicException("It holds certificates of intermediate authorities, which cannot be sent: the server's own file must have them.");
        return password is not null && File.ReadAllText(path).Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal)
            ? X509Certificate2.CreateFromEncryptedPemFile(path, password)
            : X509Certificate2.CreateFromPemFile(path);
    }

    private static T? Read<T>(DatabaseUrl url, string option, string? path, Func<string, T> read)
        where T : class
    {
        if (path is null)
            return null;
        try
        {
            return read(path);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw ConnectionFailure.Unreadable(url, option, error);
        }
    }
}

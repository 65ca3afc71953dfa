using System.Text;
using MongoDB.Driver;
using Official = MongoDB.Driver;

namespace Eclusier.Mongo.Driver;

/// <summary>Makes the driver's client of a connection string, and of what holds where that says nothing else.</summary>
internal static class ClientSettings
{
    /// <summary>Bytes (manual: <c>appName</c>).</summary>
    private const int LongestAppName = 128;

    /// <summary>A server's message about text that is not UTF-8 holds such text itself.</summary>
    private static readonly UTF8Encoding Lenient = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>Looks up the servers of a mongodb+srv address; opens no connection yet.</summary>
    /// <exception cref="InvalidInputException">
    /// The connection string is not valid or asks for what the driver cannot do; its name is not in the DNS, or a certificate cannot
    /// be read (<see cref="UnavailableException"/>).
    /// </exception>
    public static async Task<IMongoClient> OpenAsync(DatabaseUrl url, MongoClientOptions options, DriverErrors errors, CancellationToken cancellationToken)
    {
        UnknownOptions.Refuse(url);
        var address = Parse(url, () => new Official.MongoUrl(url.Reveal()));
        if (MongoUrl.IsSrv(url))
            address = await ResolveAsync(url, address, cancellationToken);
        var settings = Parse(url, () => Official.MongoClientSettings.FromUrl(address));
        SetDefaults(url, settings, options);
        if (MongoUrl.UsesTls(url))
            TlsOptions.Apply(url, settings);
        // A delegate of this client alone: the driver lets clients of equal settings share their connections, and the first to close them would close them for all.
        settings.ClusterConfigurator = errors.Listen;
        return Parse(url, () => new Official.MongoClient(settings));
    }

    private static void SetDefaults(DatabaseUrl url, MongoClientSettings settings, MongoClientOptions options)
    {
        settings.ApplicationName ??= Cut(options.AppName);
        settings.ReadEncoding = Lenient;
        if (IsSilent("socketTimeoutMS", "socketTimeout"))
            settings.SocketTimeout = options.SocketTimeout;
        if (IsSilent("connectTimeoutMS", "connectTimeout"))
            settings.ConnectTimeout = options.ConnectTimeout;
        if (IsSilent("serverSelectionTimeoutMS", "serverSelectionTimeout"))
            settings.ServerSelectionTimeout = options.ServerSelectionTimeout;
        if (IsSilent("waitQueueTimeoutMS", "waitQueueTimeout"))
            settings.WaitQueueTimeout = options.ServerSelectionTimeout;

        bool IsSilent(params string[] names) => MongoUrl.Option(url, names) is null;
    }

    /// <summary>Not in the middle of a character.</summary>
    private static string Cut(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > LongestAppName)
            name = name[..^(name.Length > 1 && char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        return name;
    }

    /// <summary>By itself the driver asks the DNS for the servers in the background, and an unknown name would be a server that is waited for.</summary>
    private static async Task<Official.MongoUrl> ResolveAsync(DatabaseUrl url, Official.MongoUrl address, CancellationToken cancellationToken)
    {
        try
        {
            await address.ResolveAsync(resolveHosts: true, cancellationToken);
            return await address.ResolveAsync(resolveHosts: false, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw ConnectionFailure.NotInDns(url, error);
        }
    }

    private static T Parse<T>(DatabaseUrl url, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception error) when (error is Official.MongoException
            or ArgumentException or FormatException or OverflowException or NotSupportedException or InvalidOperationException)
        {
            throw ConnectionFailure.Invalid(url, error.Message, error);
        }
    }
}

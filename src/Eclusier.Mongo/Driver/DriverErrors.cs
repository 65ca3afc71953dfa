using System.Net;
using Eclusier.Mongo.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Events;
using MongoDB.Driver.Core.Servers;
using Official = MongoDB.Driver;

namespace Eclusier.Mongo.Driver;

/// <summary>What the driver throws, as one of ours. Belongs to one client.</summary>
internal sealed class DriverErrors
{
    /// <summary>Marks an exception: no server was found. The driver has one and the same type for that and for a pool of connections that is used up.</summary>
    private static readonly object Selection = new();

    private const int MaxTimeExpired = 50;
    private const int CursorNotFound = 43;

    /// <summary>What the driver knows of the servers; set once it was made.</summary>
    public Func<ClusterDescription>? Cluster { get; set; }

    /// <summary>Lets the driver tell what its exceptions do not.</summary>
    public void Listen(ClusterBuilder builder) => builder.Subscribe<ClusterSelectingServerFailedEvent>(Mark);

    /// <exception cref="MongoException">Whatever the driver refuses, the server refuses, or the connection does.</exception>
    public async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is Official.MongoException or MongoDB.Bson.BsonException
            or TimeoutException or FormatException or ArgumentException or NotSupportedException)
        {
            throw Of(error);
        }
    }

    public MongoException Of(Exception error) => error switch
    {
        Official.MongoWriteConcernException concern => OfReply(MongoErrorDomain.WriteConcern, concern.WriteConcernResult.Response, concern),
        Official.MongoCommandException command => OfReply(MongoErrorDomain.Server, command.Result, command),
        Official.MongoExecutionTimeoutException => new MongoException(MongoErrorDomain.Server, error.Message, error) { Code = MaxTimeExpired, CodeName = "MaxTimeMSExpired" },
        Official.MongoCursorNotFoundException => new MongoException(MongoErrorDomain.Server, error.Message, error) { Code = CursorNotFound, CodeName = "CursorNotFound" },
        // What the server says of the user stays the same however often it is asked; a connection that broke meanwhile does not.
        Official.MongoAuthenticationException { InnerException: not Official.MongoConnectionException { IsNetworkException: true } } =>
            new MongoException(MongoErrorDomain.Client, Chain(error), error),
        Official.MongoConnectionException or Official.MongoConnectionPoolPausedException =>
            new MongoException(MongoErrorDomain.Stream, Chain(error), error) { Labels = ((Official.MongoException)error).ErrorLabels.ToList() },
        TimeoutException when error.Data.Contains(Selection) => NoServer(error),
        TimeoutException =>
            new MongoException(MongoErrorDomain.Client, $"All connections stayed in use (maxPoolSize, waitQueueTimeoutMS): {error.Message}", error),
        _ => new MongoException(MongoErrorDomain.Client, Chain(error), error),
    };

    /// <summary>What went wrong, and why: the driver's own sentence is often no more than that something did.</summary>
    private static string Chain(Exception error)
    {
        var inner = error.GetBaseException();
        return inner == error ? error.Message : $"{error.Message.TrimEnd('.')}: {inner.Message}";
    }

    private static MongoException OfReply(MongoErrorDomain domain, MongoDB.Bson.BsonDocument reply, Official.MongoCommandException cause)
    {
        var document = RawDocuments.From(reply);
        var error = domain == MongoErrorDomain.WriteConcern && document.Get("writeConcernError") is { Type: BsonType.Document } concern ? concern.AsDocument : document;
        return new MongoException(domain, Text(error, "errmsg") ?? cause.Message, cause)
        {
            Code = error.Get("code") is { IsNumber: true } code ? (int)code.ToInt64() : 0,
            CodeName = Text(error, "codeName"),
            Reply = document,
            Labels = cause.ErrorLabels.ToList(),
        };
    }

    private static string? Text(BsonDocument document, string name) => document.Get(name) is { Type: BsonType.String } text ? text.AsString : null;

    private MongoException NoServer(Exception error)
    {
        var cluster = Cluster?.Invoke();
        var cause = cluster?.Servers.Select(server => server.HeartbeatException).FirstOrDefault(reason => reason is not null)
            ?? cluster?.DnsMonitorException ?? error;
        var servers = cluster?.Servers.Select(server => $"{Name(server.EndPoint)}: {State(server)}") ?? [];
        return new MongoException(MongoErrorDomain.ServerSelection, $"No server was found that can serve. {string.Join("; ", servers)}", cause);
    }

    /// <summary>One that never answered is of no type yet.</summary>
    private static string State(ServerDescription server) =>
        server.HeartbeatException is { } reason ? Chain(reason) : server.Type == ServerType.Unknown ? "no answer" : server.Type.ToString();

    private static void Mark(ClusterSelectingServerFailedEvent failed) => failed.Exception.Data[Selection] = true;

    private static string Name(EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{server}";
}

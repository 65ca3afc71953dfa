namespace Eclusier.Mongo.Driver;

/// <summary>What holds where the connection string says nothing else.</summary>
/// <param name="AppName">What the server's log and list of connections show; at most 128 bytes.</param>
public sealed record MongoClientOptions(string AppName = "eclusier")
{
    /// <summary>How long a server may take to answer one command. Building an index on a large collection needs more than the default of five minutes.</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection may take to open.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to look for a server that can serve: through an election, for example.</summary>
    public TimeSpan ServerSelectionTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

using Eclusier.Mongo.Bson;
using Eclusier.Redaction;

namespace Eclusier.Mongo.Driver;

/// <summary>Which part refused.</summary>
public enum MongoErrorDomain
{
    /// <summary>The driver: a name or an option that it does not take, a pool of connections that is used up, a user that the server does not know.</summary>
    Client,
    /// <summary>The connection.</summary>
    Stream,
    /// <summary>No server was found that could serve.</summary>
    ServerSelection,
    /// <summary>It is written, and not to as many servers as the connection string asks for.</summary>
    WriteConcern,
    /// <summary>The server: the code is one of its own.</summary>
    Server,
}

/// <summary>An error of MongoDB's server or driver. The message holds no secrets; the server's document is as it was sent.</summary>
public sealed class MongoException : Exception
{
    internal MongoException(MongoErrorDomain domain, string message, Exception? cause = null)
        : base(Secrets.Redact(message), cause)
    {
        Domain = domain;
        Labels = [];
    }

    public MongoErrorDomain Domain { get; }

    /// <summary>The server's code (manual: Error Codes); zero where the server said nothing.</summary>
    public int Code { get; internal init; }

    /// <summary>Such as <c>NamespaceNotFound</c>; null when the server did not say.</summary>
    public string? CodeName { get; internal init; }

    /// <summary>Such as <c>RetryableWriteError</c> and <c>TransientTransactionError</c>.</summary>
    public IReadOnlyList<string> Labels { get; internal init; }

    /// <summary>The server's whole answer; null when there was none. It may hold values of the user's documents.</summary>
    public BsonDocument? Reply { get; internal init; }

    /// <summary>The server was not reached, or the connection broke: what was asked may have been done or not.</summary>
    public bool IsConnectionLost => Domain is MongoErrorDomain.Stream or MongoErrorDomain.ServerSelection;

    /// <summary>The cursor is gone (timed out, killed, or its server was restarted); the caller can begin a new one where it stopped.</summary>
    public bool IsCursorLost => Domain == MongoErrorDomain.Server && Code is 43 or 136 or 175 or 237;

    /// <summary>The same again may succeed: another server took over, or the connection broke.</summary>
    public bool IsTransient => IsConnectionLost || Labels.Contains("RetryableWriteError") || Labels.Contains("TransientTransactionError")
        || (Domain == MongoErrorDomain.Server && Code is 10107 or 13435 or 11600 or 11602 or 189 or 91 or 7 or 6 or 89 or 9001 or 10058);
}

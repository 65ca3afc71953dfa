using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Driver;

/// <summary>Which part refused (<c>mongoc_error_domain_t</c>).</summary>
public enum MongoErrorDomain
{
    None = 0,
    Client = 1,
    /// <summary>The connection.</summary>
    Stream = 2,
    Protocol = 3,
    Cursor = 4,
    Query = 5,
    Insert = 6,
    Sasl = 7,
    Bson = 8,
    Matcher = 9,
    Namespace = 10,
    Command = 11,
    Collection = 12,
    GridFs = 13,
    Scram = 14,
    /// <summary>No server was found that could serve.</summary>
    ServerSelection = 15,
    WriteConcern = 16,
    /// <summary>The server: the code is one of its own.</summary>
    Server = 17,
    Transaction = 18,
    ClientSideEncryption = 19,
}

/// <summary>An error of MongoDB's server or driver. The message holds no secrets; the server's document is as it was sent.</summary>
public sealed class MongoException : Exception
{
    internal MongoException(NativeError error, BsonDocument? reply)
        : base(Secrets.Redact(error.Message))
    {
        Domain = (MongoErrorDomain)error.Domain;
        Code = (int)error.Code;
        Reply = reply is { IsEmpty: false } ? reply : null;
        CodeName = Reply?.Get("codeName") is { Type: BsonType.String } name ? name.AsString : null;
        Labels = Reply?.Get("errorLabels") is { Type: BsonType.Array } labels
            ? labels.AsDocument.Values().Where(label => label.Type == BsonType.String).Select(label => label.AsString).ToList()
            : [];
    }

    internal MongoException(MongoErrorDomain domain, string message)
        : base(message)
    {
        Domain = domain;
        Labels = [];
    }

    public MongoErrorDomain Domain { get; }

    /// <summary>The server's code (manual: Error Codes) where <see cref="Domain"/> is the server's; else libmongoc's.</summary>
    public int Code { get; }

    /// <summary>Such as <c>NamespaceNotFound</c>; null when the server did not say.</summary>
    public string? CodeName { get; }

    /// <summary>Such as <c>RetryableWriteError</c> and <c>TransientTransactionError</c>.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The server's whole answer; null when there was none. It may hold values of the user's documents.</summary>
    public BsonDocument? Reply { get; }

    /// <summary>The server was not reached, or the connection broke: what was asked may have been done or not.</summary>
    public bool IsConnectionLost => Domain is MongoErrorDomain.Stream or MongoErrorDomain.ServerSelection;

    /// <summary>The cursor is gone (timed out, killed, or its server was restarted); the caller can begin a new one where it stopped.</summary>
    public bool IsCursorLost => Domain == MongoErrorDomain.Server && Code is 43 or 136 or 175 or 237;

    /// <summary>The same again may succeed: another server took over, or the connection broke.</summary>
    public bool IsTransient => IsConnectionLost || Labels.Contains("RetryableWriteError") || Labels.Contains("TransientTransactionError")
        || (Domain == MongoErrorDomain.Server && Code is 10107 or 13435 or 11600 or 11602 or 189 or 91 or 7 or 6 or 89 or 9001 or 10058);
}

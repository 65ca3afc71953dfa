using System.Security.Cryptography;
using System.Text;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Wire;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary>
/// One connection's log-in, by SCRAM-SHA-256 (RFC 5802, 7677): what the stand-in holds may be production's, and other users of the machine can reach its port.
/// </summary>
internal sealed class Login(string user, string password)
{
    /// <summary>The least that clients accept; the password is random.</summary>
    private const int Iterations = 4096;

    private readonly string _salt = Convert.ToBase64String(RandomNumberGenerator.GetBytes(28));
    private string _clientFirst = "";
    private string _serverFirst = "";
    private bool _skipsEmptyExchange;
    private bool _proven;
    private bool _loggedIn;

    /// <summary>Answers the commands of a log-in; null: the command is another one, and may be carried out.</summary>
    /// <exception cref="CommandError">The log-in fails, or the command needs one.</exception>
    public BsonDocument? Answer(Request request) => request.Name switch
    {
        "saslStart" => Start(request.Body),
        "saslContinue" => Continue(Payload(request.Body)),
        "ping" or "buildInfo" or "buildinfo" or "endSessions" => null,
        _ => _loggedIn ? null : throw new CommandError(13, "Unauthorized", $"command {request.Name} requires authentication"),
    };

    /// <summary>The first step of a log-in that comes with the greeting, to spare a round trip (<c>speculativeAuthenticate</c>).</summary>
    /// <returns>Null: there is none, or it fails, and the client begins anew.</returns>
    public BsonDocument? Speculate(Request greeting)
    {
        try
        {
            return greeting.Body.Get("speculativeAuthenticate") is { Type: BsonType.Document } begun ? Start(begun.AsDocument) : null;
        }
        catch (Exception error) when (error is CommandError or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private BsonDocument Start(BsonDocument body)
    {
        if (body.Get("mechanism") != "SCRAM-SHA-256")
            throw new CommandError(334, "MechanismUnavailable", "Received authentication for mechanism which is not enabled");
        _skipsEmptyExchange = body.Get("options") is { Type: BsonType.Document } options && Query.Expressions.IsTrue(options.AsDocument.Get("skipEmptyExchange"));
        var message = Payload(body);
        const string withoutBinding = "n,,";
        if (!message.StartsWith(withoutBinding, StringComparison.Ordinal))
            throw Failed();
        _clientFirst = message[withoutBinding.Length..];
        _serverFirst = $"r={Attribute(_clientFirst, 'r')}{Convert.ToBase64String(RandomNumberGenerator.GetBytes(24))},s={_salt},i={Iterations}";
        return Reply(_serverFirst, done: false);
    }

    private BsonDocument Continue(string clientFinal)
    {
        if (_proven)
        {
            _loggedIn = true;
            return Reply("", done: true);
        }
        var proof = clientFinal.LastIndexOf(",p=", StringComparison.Ordinal);
        if (_serverFirst.Length == 0 || proof < 0 || Attribute(clientFinal, 'r') != Attribute(_serverFirst, 'r'))
            throw Failed();
        var message = Encoding.UTF8.GetBytes($"{_clientFirst},{_serverFirst},{clientFinal[..proof]}");
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(_salt), Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        if (!IsProof(Convert.FromBase64String(clientFinal[(proof + 3)..]), salted, message) || Attribute(_clientFirst, 'n') != user)
            throw Failed();
        _proven = true;
        _loggedIn = _skipsEmptyExchange;
        var signature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        return Reply($"v={Convert.ToBase64String(signature)}", _skipsEmptyExchange);
    }

    private static bool IsProof(byte[] proof, byte[] salted, byte[] message)
    {
        var key = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(key), message);
        return CryptographicOperations.FixedTimeEquals(proof, key.Zip(signature, (a, b) => (byte)(a ^ b)).ToArray());
    }

    private CommandError Failed()
    {
        (_serverFirst, _proven) = ("", false);
        return new CommandError(18, "AuthenticationFailed", "Authentication failed.");
    }

    private static string Payload(BsonDocument body) => Encoding.UTF8.GetString(body["payload"].AsBinary.Span);

    private static string Attribute(string message, char name) =>
        message.Split(',').FirstOrDefault(part => part.StartsWith($"{name}=", StringComparison.Ordinal))?[2..] ?? "";

    private static BsonDocument Reply(string payload, bool done) =>
        BsonDocument.Of(("conversationId", 1), ("done", done), ("payload", BsonValue.Binary(Encoding.UTF8.GetBytes(payload))), ("ok", 1.0));
}

using System.Net.Sockets;
using Eclusier.Redaction;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>The server's and the driver's errors in the user's words.</summary>
internal static class PostgresErrors
{
    /// <summary>The connection broke while something was being done.</summary>
    public static EclusierException Lost(Exception error, string target, Text doing) => new UnavailableException(
        new Text($"The connection was lost while {doing.En}: {Reason(error)}", $"La connexion a été perdue pendant {doing.Fr} : {Reason(error)}"),
        target,
        new Text(
            "Run `migrate` again: it looks up what was applied and goes on from there.",
            "Relancez `migrate` : il recherche ce qui a été appliqué et reprend à partir de là."),
        error);

    /// <summary>Something that the server refused.</summary>
    public static RefusedException Refused(PostgresException error, string where) => new(Text.Same(Describe(error)), where, Hint(error), error);

    /// <summary>A question of the user's that the server refused.</summary>
    public static CheckFailedException RefusedQuestion(PostgresException error, string where) => new(Text.Same(Describe(error)), where, Hint(error), error);

    /// <summary>All that the server said but its hint, in one line, without secrets.</summary>
    public static string Describe(PostgresException error)
    {
        var said = string.Join(' ', new[] { $"{error.MessageText} (SQLSTATE {error.SqlState})", error.Detail, error.Where }.Where(words => !string.IsNullOrEmpty(words)));
        return Secrets.Redact(said.ReplaceLineEndings(" "));
    }

    private static Text? Hint(PostgresException error) => error.Hint is { } hint ? Text.Same(Secrets.Redact(hint)) : null;

    private static string Reason(Exception error)
    {
        var innermost = error;
        while (innermost.InnerException is { } inner)
            innermost = inner;
        return Secrets.Redact(innermost is SocketException socket ? socket.Message : innermost.Message);
    }
}

using System.Net.Sockets;
using Npgsql;

namespace Eclusier.Postgres;

/// <summary>The server's and the driver's errors in the user's words.</summary>
internal static class PostgresErrors
{
    /// <summary>Why a connection could not be opened.</summary>
    public static EclusierException CannotConnect(Exception error, DatabaseUrl url)
    {
        var (problem, remedy) = error switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => (
                new Text("The server refused the user name or the password.", "Le serveur a refusé le nom d'utilisateur ou le mot de passe."),
                new Text("Check the URL of the environment.", "Vérifiez l'URL de l'environnement.")),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing => (
                new Text($"The database does not exist ({missing.MessageText}).", $"La base n'existe pas ({missing.MessageText})."),
                new Text("Check the database name at the end of the URL, or create the database.", "Vérifiez le nom de la base à la fin de l'URL, ou créez-la.")),
            PostgresException refused => (
                new Text($"The server refused the connection: {refused.MessageText}", $"Le serveur a refusé la connexion : {refused.MessageText}"),
                new Text("Try the same URL with psql.", "Essayez la même URL avec psql.")),
            _ => (
                new Text($"The server cannot be reached: {Reason(error)}", $"Le serveur est injoignable : {Reason(error)}"),
                new Text("Check that it runs, and the host, the port and the firewall.", "Vérifiez qu'il tourne, ainsi que l'hôte, le port et le pare-feu.")),
        };
        return new EclusierException(problem, url.Redacted, remedy, ExitCode.Unavailable, error);
    }

    /// <summary>The connection broke while something was being done.</summary>
    public static EclusierException Lost(Exception error, string target, Text doing) => new(
        new Text($"The connection was lost while {doing.En}: {Reason(error)}", $"La connexion a été perdue pendant {doing.Fr} : {Reason(error)}"),
        target,
        new Text(
            "Run `migrate` again: it looks up what was applied and goes on from there.",
            "Relancez `migrate` : il recherche ce qui a été appliqué et reprend à partir de là."),
        ExitCode.Unavailable,
        error);

    /// <summary>A query that the server refused.</summary>
    public static EclusierException Refused(PostgresException error, string where, ExitCode exitCode) => new(
        Text.Same(Secrets.Redact($"{error.MessageText} (SQLSTATE {error.SqlState})")),
        where,
        error.Hint is { } hint ? Text.Same(hint) : null,
        exitCode,
        error);

    private static string Reason(Exception error)
    {
        var innermost = error;
        while (innermost.InnerException is { } inner)
            innermost = inner;
        return Secrets.Redact(innermost is SocketException socket ? socket.Message : innermost.Message);
    }
}

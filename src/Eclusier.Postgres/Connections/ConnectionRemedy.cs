using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>What to do about a connection that was refused: by the server's code where it gave one, else by what the driver says of its own refusals.</summary>
internal static class ConnectionRemedy
{
    public static Text Of(Exception cause, PostgresUrl address)
    {
        var message = cause.Message;
        bool Says(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
        return cause switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } =>
                new Text("Check the user and the password in the URL (or PGUSER, PGPASSWORD, ~/.pgpass).", "Vérifiez l'utilisateur et le mot de passe de l'URL (ou PGUSER, PGPASSWORD, ~/.pgpass)."),
            PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } when Says("no encryption") || Says("SSL off") => new Text(
                "This server wants TLS: add sslmode=require to the URL. If it has it, pg_hba.conf on the server does not admit this user from here.",
                "Ce serveur exige TLS : ajoutez sslmode=require à l'URL. S'il y est déjà, pg_hba.conf sur le serveur n'admet pas cet utilisateur depuis ici."),
            PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } when Says("pg_hba.conf") => new Text(
                "pg_hba.conf on the server does not admit this user to this database from here: add a line, or come from another address.",
                "pg_hba.conf sur le serveur n'admet pas cet utilisateur sur cette base depuis ici : ajoutez une ligne, ou venez d'une autre adresse."),
            PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } =>
                new Text("Check the user and the password in the URL.", "Vérifiez l'utilisateur et le mot de passe de l'URL."),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                new Text("Check the database's name at the end of the URL.", "Vérifiez le nom de la base à la fin de l'URL."),
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
                new Text("Wait until connections are free, or close some.", "Attendez que des connexions se libèrent, ou fermez-en."),
            PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown } =>
                new Text("Wait until the server has started, then run the same command again.", "Attendez que le serveur ait démarré, puis relancez la même commande."),
            PostgresException { SqlState: PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.InsufficientPrivilege } => new Text(
                "The server refuses how the session begins: check the URL's parameters (PGOPTIONS, too), the settings of the role and the database, and the role's right to connect.",
                "Le serveur refuse le début de la session : vérifiez les paramètres de l'URL (PGOPTIONS aussi), les réglages du rôle et de la base, et le droit de connexion du rôle."),
            _ when Says("No password has been provided") => NoPassword(address),
            _ when Says("No SSL enabled connection") => new Text(
                "The server speaks no TLS, and sslmode asks for it: switch TLS on there, or set sslmode=prefer or disable in the URL (or PGSSLMODE).",
                "Le serveur ne parle pas TLS, et sslmode l'exige : activez TLS sur le serveur, ou mettez sslmode=prefer ou disable dans l'URL (ou PGSSLMODE)."),
            { InnerException: AuthenticationException } or AuthenticationException => new Text(
                "The server's certificate was not accepted: sslrootcert must name the authority that signed it, and with verify-full the host must be written as the certificate names it.",
                "Le certificat du serveur n'a pas été accepté : sslrootcert doit nommer l'autorité qui l'a signé, et avec verify-full l'hôte doit être écrit comme dans le certificat."),
            _ when (cause as SocketException ?? cause.InnerException as SocketException)?.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
                new Text("No such host is known: check its name in the URL (or PGHOST).", "Cet hôte est inconnu : vérifiez son nom dans l'URL (ou PGHOST)."),
            TimeoutException or { InnerException: TimeoutException } => new Text(
                "Nothing answers there: check host and port, and whether a firewall lies between.", "Rien ne répond là : vérifiez l'hôte et le port, et si un pare-feu s'interpose."),
            _ => new Text("Check that the server runs, and the URL's host and port.", "Vérifiez que le serveur fonctionne, ainsi que l'hôte et le port de l'URL."),
        };
    }

    private static Text NoPassword(PostgresUrl address) => PasswordFile.IsOpenToOthers(address.PasswordFile)
        ? new Text(
            $"{address.PasswordFile} is not used, because others can read it: chmod 600 {address.PasswordFile}", $"{address.PasswordFile} n'est pas utilisé, car d'autres peuvent le lire : chmod 600 {address.PasswordFile}")
        : new Text(
            $"Give the password of {address.User}: in the URL, in PGPASSWORD, or as a line of {address.PasswordFile}.", $"Donnez le mot de passe de {address.User} : dans l'URL, dans PGPASSWORD, ou sur une ligne de {address.PasswordFile}.");
}

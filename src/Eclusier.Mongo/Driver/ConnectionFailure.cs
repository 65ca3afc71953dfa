using System.Security.Authentication;
using Eclusier.Redaction;

namespace Eclusier.Mongo.Driver;

/// <summary>Why no connection was made, as far as the driver tells, and what to look at.</summary>
internal static class ConnectionFailure
{
    /// <summary>The server was not reached, or refuses.</summary>
    public static EclusierException Of(DatabaseUrl url, MongoException cause) => new UnavailableException(
        new Text($"MongoDB does not answer: {cause.Message}", $"MongoDB ne répond pas : {cause.Message}"),
        MongoUrl.Describe(url),
        Remedy(url, cause),
        cause);

    /// <summary>No servers are in the DNS for it.</summary>
    public static EclusierException NotInDns(DatabaseUrl url, Exception cause) => new UnavailableException(
        new Text(
            $"The DNS does not know this cluster: {Secrets.Redact(cause.Message)}",
            $"Le DNS ne connaît pas cette grappe : {Secrets.Redact(cause.Message)}"),
        MongoUrl.Describe(url),
        new Text(
            "Check the name behind mongodb+srv://, and that this machine can ask the DNS for SRV records; mongodb:// with the hosts themselves needs none.",
            "Vérifiez le nom derrière mongodb+srv://, et que cette machine peut demander au DNS des enregistrements SRV ; mongodb:// avec les hôtes eux-mêmes s'en passe."),
        cause);

    public static EclusierException Invalid(DatabaseUrl url, string reason, Exception? cause) => new InvalidInputException(
        new Text(
            $"This is not a MongoDB connection string: {Secrets.Redact(reason)}",
            $"Ceci n'est pas une chaîne de connexion MongoDB : {Secrets.Redact(reason)}"),
        url.Redacted,
        new Text("Write it like mongodb://user:password@host:27017/database.", "Écrivez-la ainsi : mongodb://utilisateur:motdepasse@hote:27017/base."),
        cause);

    /// <summary>A file that an option names.</summary>
    public static EclusierException NoFile(DatabaseUrl url, string option, string path) => new InvalidInputException(
        new Text($"The file that {option} names is not there: {path}", $"Le fichier que nomme {option} est absent : {path}"),
        MongoUrl.Describe(url),
        new Text($"Put it there, or change {option} in the connection string.", $"Mettez-le là, ou changez {option} dans la chaîne de connexion."));

    /// <summary>A file of TLS that does not hold what it should.</summary>
    public static EclusierException Unreadable(DatabaseUrl url, string option, Exception cause) => new UnavailableException(
        new Text($"The file that {option} names cannot be used: {cause.Message}", $"Le fichier que nomme {option} est inutilisable : {cause.Message}"),
        MongoUrl.Describe(url),
        new Text(
            "tlsCAFile holds certificates in PEM, tlsCertificateKeyFile one certificate and its key, tlsCertificateKeyFilePassword the key's password (PKCS #8).",
            "tlsCAFile contient des certificats PEM, tlsCertificateKeyFile un certificat et sa clé, tlsCertificateKeyFilePassword son mot de passe (PKCS #8)."),
        cause);

    private static Text Remedy(DatabaseUrl url, MongoException cause)
    {
        if (Has<CertificateRefusedException>(cause))
        {
            return new Text(
                "tlsCAFile must name the authority that signed the server's certificate, and the host must be written as the certificate names it.",
                "tlsCAFile doit nommer l'autorité qui a signé le certificat du serveur, et l'hôte doit être écrit comme dans le certificat.");
        }

        // A connection that was opened, and broke in its first moment or said nothing: one that could not be opened has a reason of its own.
        if (Has<AuthenticationException>(cause) || (MongoUrl.UsesTls(url) && (Has<IOException>(cause) || cause.InnerException is TimeoutException)))
        {
            return new Text(
                "The server may speak no TLS at this port: check the port, or leave out tls=true.",
                "Le serveur ne parle peut-être pas TLS sur ce port : vérifiez le port, ou retirez tls=true.");
        }

        if (Has<IOException>(cause))
            return new Text("The server closes the connection: if it wants TLS, add tls=true.", "Le serveur ferme la connexion : s'il demande TLS, ajoutez tls=true.");
        return new Text(
            "Check the host, the port, the user and the password of the connection string.",
            "Vérifiez l'hôte, le port, l'utilisateur et le mot de passe de la chaîne de connexion.");
    }

    /// <summary>Whether a cause of this type is among its causes.</summary>
    private static bool Has<T>(Exception error)
        where T : Exception
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is T)
                return true;
        }
        return false;
    }
}

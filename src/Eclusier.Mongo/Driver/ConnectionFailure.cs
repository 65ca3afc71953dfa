namespace Eclusier.Mongo.Driver;

/// <summary>Why no connection was made, as far as libmongoc tells, and what to look at. It has one code for all of these, so that only its words remain.</summary>
internal static class ConnectionFailure
{
    /// <summary>The server was not reached, or refuses.</summary>
    public static EclusierException Of(DatabaseUrl url, MongoException cause) => new(
        new Text($"MongoDB does not answer: {cause.Message}", $"MongoDB ne répond pas : {cause.Message}"),
        MongoUrl.Describe(url),
        Remedy(url, cause.Message),
        ExitCode.Unavailable,
        cause);

    /// <summary>libmongoc does not take the connection string, or finds no servers in the DNS for it.</summary>
    public static EclusierException BeforeConnecting(DatabaseUrl url, MongoException cause) => cause.Domain != MongoErrorDomain.Stream ? Invalid(url, cause.Message, cause) : new(
        new Text($"The DNS does not know this cluster: {cause.Message}", $"Le DNS ne connaît pas cette grappe : {cause.Message}"),
        MongoUrl.Describe(url),
        new Text(
            "Check the name behind mongodb+srv://, and that this machine can ask the DNS for SRV records; mongodb:// with the hosts themselves needs none.",
            "Vérifiez le nom derrière mongodb+srv://, et que cette machine peut demander au DNS des enregistrements SRV ; mongodb:// avec les hôtes eux-mêmes s'en passe."),
        ExitCode.Unavailable,
        cause);

    public static EclusierException Invalid(DatabaseUrl url, string reason, MongoException? cause) => new(
        new Text($"This is not a MongoDB connection string: {reason}", $"Ceci n'est pas une chaîne de connexion MongoDB : {reason}"),
        url.Redacted,
        new Text("Write it like mongodb://user:password@host:27017/database.", "Écrivez-la ainsi : mongodb://utilisateur:motdepasse@hote:27017/base."),
        ExitCode.Usage,
        cause);

    /// <summary>A file that an option names; libmongoc says of none what it could not read.</summary>
    public static EclusierException NoFile(DatabaseUrl url, string option, string path) => new(
        new Text($"The file that {option} names is not there: {path}", $"Le fichier que nomme {option} est absent : {path}"),
        MongoUrl.Describe(url),
        new Text($"Put it there, or change {option} in the connection string.", $"Mettez-le là, ou changez {option} dans la chaîne de connexion."),
        ExitCode.Usage);

    private static Text Remedy(DatabaseUrl url, string message)
    {
        bool Says(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
        if (Says("certificate"))
        {
            return new Text(
                "tlsCAFile must name the authority that signed the server's certificate, and the host must be written as the certificate names it.",
                "tlsCAFile doit nommer l'autorité qui a signé le certificat du serveur, et l'hôte doit être écrit comme dans le certificat.");
        }

        if (Says("initialize TLS"))
        {
            return new Text(
                "Check that tlsCAFile and tlsCertificateKeyFile hold certificates in PEM, and the key's password.",
                "Vérifiez que tlsCAFile et tlsCertificateKeyFile contiennent des certificats au format PEM, et le mot de passe de la clé.");
        }

        if (Says("TLS handshake"))
            return new Text("The server may speak no TLS at this port: check the port, or leave out tls=true.", "Le serveur ne parle peut-être pas TLS sur ce port : vérifiez le port, ou retirez tls=true.");
        if (Says("Failed to read") && !MongoUrl.UsesTls(url))
            return new Text("The server closes the connection: if it wants TLS, add tls=true.", "Le serveur ferme la connexion : s'il demande TLS, ajoutez tls=true.");
        return new Text("Check the host, the port, the user and the password of the connection string.", "Vérifiez l'hôte, le port, l'utilisateur et le mot de passe de la chaîne de connexion.");
    }
}

namespace Eclusier.Mongo.Driver;

/// <summary>Options of a connection string that other tools keep, and the driver does not: it would pass over them without a word.</summary>
internal static class UnknownOptions
{
    /// <exception cref="InvalidInputException">The connection string has one.</exception>
    public static void Refuse(DatabaseUrl url)
    {
        if (MongoUrl.Option(url, "tlsCRLFile") is not null)
        {
            throw Refusal(url, "tlsCRLFile", new Text(
                "Leave it out; tlsDisableCertificateRevocationCheck=false asks the authorities themselves.",
                "Retirez-la ; tlsDisableCertificateRevocationCheck=false interroge les autorités elles-mêmes."));
        }

        if (MongoUrl.Option(url, "tlsFIPSMode") is not null)
        {
            throw Refusal(url, "tlsFIPSMode", new Text(
                "Leave it out; the system's OpenSSL is what is used, in its own mode.",
                "Retirez-la ; c'est l'OpenSSL du système qui sert, dans son propre mode."));
        }

        if (string.Equals(MongoUrl.Option(url, "authMechanism"), "MONGODB-AWS", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal(url, "authMechanism=MONGODB-AWS", new Text(
                "Use a user with a password (SCRAM) or a certificate (MONGODB-X509).",
                "Utilisez un utilisateur avec mot de passe (SCRAM) ou un certificat (MONGODB-X509)."));
        }

        if (MongoUrl.IsTrue(url, "tlsInsecure") && (MongoUrl.Option(url, "tlsAllowInvalidCertificates") ?? MongoUrl.Option(url, "tlsAllowInvalidHostnames")) is not null)
            throw ConnectionFailure.Invalid(url, "tlsInsecure may not stand beside tlsAllowInvalidCertificates or tlsAllowInvalidHostnames.", null);
    }

    private static EclusierException Refusal(DatabaseUrl url, string option, Text remedy) => new InvalidInputException(
        new Text($"Eclusier cannot do what the option {option} asks for.", $"Eclusier ne sait pas faire ce que demande l'option {option}."),
        MongoUrl.Describe(url),
        remedy);
}

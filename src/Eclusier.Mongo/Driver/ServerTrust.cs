using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Eclusier.Mongo.Driver;

/// <summary>The certificate of a server is not to be trusted.</summary>
internal sealed class CertificateRefusedException(string reason) : AuthenticationException($"The server's certificate is refused: {reason}");

/// <summary>Which servers are believed to be who they say.</summary>
/// <param name="authorities">Those alone; null: the system's.</param>
/// <param name="anyCertificate">Whatever they show.</param>
/// <param name="anyName">Those that show the certificate of another host.</param>
internal sealed class ServerTrust(X509Certificate2Collection? authorities, bool anyCertificate, bool anyName)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <exception cref="CertificateRefusedException">It is not trusted, and why.</exception>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (anyCertificate)
            return true;
        if (certificate is not X509Certificate2 shown)
            throw new CertificateRefusedException("there is none.");
        if (!anyName && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            throw new CertificateRefusedException($"it is that of another host ({shown.Subject}).");
        if (authorities is not null)
            return IsSignedByOurs(shown, chain);
        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? true : throw Refused(chain);
    }

    private bool IsSignedByOurs(X509Certificate2 shown, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities!);
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        chain.ChainPolicy.RevocationMode = sent?.ChainPolicy.RevocationMode ?? X509RevocationMode.NoCheck;
        // Intermediate authorities: those that our file has, and those that the server sent.
        chain.ChainPolicy.ExtraStore.AddRange(authorities!);
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(shown) ? true : throw Refused(chain);
    }

    private static CertificateRefusedException Refused(X509Chain? chain)
    {
        var reasons = string.Join(", ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct() ?? []);
        return new CertificateRefusedException(reasons.Length > 0 ? reasons : "its signature cannot be checked.");
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Eclusier.Mongo.Tests.Driver;

/// <summary>A certificate authority of a test, in a folder of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eclusier-ca");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Eclusier test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _certificate = request.CreateSelfSigned(From, From.AddDays(30));
        File.WriteAllText(Path, _certificate.ExportCertificatePem());
    }

    /// <summary>What <c>tlsCAFile</c> names.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "ca.pem");

    /// <summary>What <c>tlsCertificateKeyFile</c> names: a client's certificate and its key.</summary>
    /// <param name="password">Null: the key is not encrypted.</param>
    public string IssueKeyFile(string name, string? password)
    {
        using var certificate = Issue(name, "1.3.6.1.5.5.7.3.2");
        using var key = certificate.GetECDsaPrivateKey()!;
        var pem = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000));
        var path = System.IO.Path.Combine(_folder.FullName, $"{name}.pem");
        File.WriteAllText(path, $"{pem}\n{certificate.ExportCertificatePem()}\n");
        return path;
    }

    /// <summary>A server's certificate for one name.</summary>
    public X509Certificate2 Issue(string host, string purpose = "1.3.6.1.5.5.7.3.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        using var signed = request.Create(_certificate, From, From.AddDays(10), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>Ends TLS in front of a server that speaks none.</summary>
internal sealed class TlsProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly X509Certificate2 _certificate;
    private readonly int _target;
    private readonly Task _serving;
    private readonly bool _wantsCertificate;
    private int _secured;
    private string? _client;

    /// <param name="wantsCertificate">Whether clients must show one, of whatever authority.</param>
    public TlsProxy(X509Certificate2 certificate, int target, bool wantsCertificate = false)
    {
        (_certificate, _target, _wantsCertificate) = (certificate, target, wantsCertificate);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections on which both sides agreed.</summary>
    public int Secured => _secured;

    /// <summary>The subject of the last certificate that a client showed.</summary>
    public string? Client => _client;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Dispose();
        _certificate.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await using var secured = new SslStream(client.GetStream());
                var options = new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ClientCertificateRequired = _wantsCertificate,
                    RemoteCertificateValidationCallback = (_, shown, _, _) => !_wantsCertificate || shown is not null,
                };
                await secured.AuthenticateAsServerAsync(options, _stopping.Token);
                _client = secured.RemoteCertificate?.Subject;
                Interlocked.Increment(ref _secured);
                await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                await Task.WhenAny(secured.CopyToAsync(server.GetStream(), _stopping.Token), server.GetStream().CopyToAsync(secured, _stopping.Token));
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException or AuthenticationException)
            {
                // One side is gone or refuses the other, or the proxy is stopped.
            }
        }
    }
}

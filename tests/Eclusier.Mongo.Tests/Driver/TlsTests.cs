using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Driver;

/// <summary>Encrypted connections, through a proxy that ends TLS in front of the stand-in.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly MongoSandbox _server = MongoSandbox.StartStandIn(new StandInOptions());
    private readonly TestAuthority _authority = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _authority.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Documents_go_through_an_encrypted_connection()
    {
        await using var proxy = new TlsProxy(_authority.Issue("localhost"), Port);
        await using var client = await ConnectAsync($"localhost:{proxy.Port}", $"&tls=true&tlsCAFile={_authority.Path}");

        await client.Collection("db", "c").InsertAsync(EveryType.Document.ToCanonicalJson());

        Assert.Equal(EveryType.Document, await client.Collection("db", "c").FindOneAsync(BsonDocument.Empty, Token));
        Assert.True(proxy.Secured > 0);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var other = new TestAuthority();
        await using var proxy = new TlsProxy(_authority.Issue("localhost"), Port);

        var error = await RefusedAsync($"localhost:{proxy.Port}", $"&tls=true&tlsCAFile={other.Path}");

        Assert.Contains("certificate", error.Problem.En, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("tlsCAFile", error.Remedy!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_host_is_refused()
    {
        await using var proxy = new TlsProxy(_authority.Issue("db.example.com"), Port);

        var error = await RefusedAsync($"localhost:{proxy.Port}", $"&tls=true&tlsCAFile={_authority.Path}");

        Assert.Contains("tlsCAFile", error.Remedy!.En, StringComparison.Ordinal);
    }

    /// <summary>What the options of the address allow, beside a certificate of another authority and for another host.</summary>
    [Theory]
    [InlineData("other", "localhost", "tlsAllowInvalidCertificates=true")]
    [InlineData("own", "db.example.com", "tlsAllowInvalidHostnames=true")]
    [InlineData("other", "db.example.com", "tlsInsecure=true")]
    [InlineData("other", "localhost", "tlsInsecure=true&tls=true")]
    public async Task Options_let_through_what_they_name(string authority, string host, string option)
    {
        using var other = new TestAuthority();
        await using var proxy = new TlsProxy(_authority.Issue(host), Port);

        await using var client = await ConnectAsync($"localhost:{proxy.Port}", $"&{option}&tlsCAFile={(authority == "own" ? _authority : other).Path}");

        Assert.Equal(0, await client.Collection("db", "c").CountAsync(BsonDocument.Empty, Token));
        Assert.True(proxy.Secured > 0);
    }

    [Theory]
    [InlineData("other", "localhost", "tlsAllowInvalidHostnames=true")]
    [InlineData("other", "localhost", "tlsAllowInvalidCertificates=false")]
    public async Task Options_let_through_nothing_else(string authority, string host, string option)
    {
        using var other = new TestAuthority();
        await using var proxy = new TlsProxy(_authority.Issue(host), Port);

        var error = await RefusedAsync($"localhost:{proxy.Port}", $"&{option}&tlsCAFile={(authority == "own" ? _authority : other).Path}");

        Assert.Contains("tlsCAFile", error.Remedy!.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("correct-horse-battery")]
    public async Task A_client_shows_its_certificate(string? password)
    {
        await using var proxy = new TlsProxy(_authority.Issue("localhost"), Port, wantsCertificate: true);
        var key = _authority.IssueKeyFile("client", password);

        await using var client = await ConnectAsync(
            $"localhost:{proxy.Port}", $"&tlsCAFile={_authority.Path}&tlsCertificateKeyFile={key}{(password is null ? "" : $"&tlsCertificateKeyFilePassword={password}")}");

        Assert.Equal("CN=client", proxy.Client);
    }

    [Fact]
    public async Task A_key_is_not_opened_with_another_password()
    {
        var key = _authority.IssueKeyFile("client", "correct-horse-battery");

        var error = await RefusedAsync($"127.0.0.1:{Port}", $"&tlsCertificateKeyFile={key}&tlsCertificateKeyFilePassword=wrong-horse-battery");

        Assert.Contains("tlsCertificateKeyFilePassword", error.Remedy!.En, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-horse", $"{error}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_TLS_is_not_spoken_to_in_the_clear()
    {
        var error = await RefusedAsync($"127.0.0.1:{Port}", $"&tls=true&tlsCAFile={_authority.Path}");

        Assert.Contains("TLS", error.Remedy!.Fr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_TLS_is_not_reached_without()
    {
        await using var proxy = new TlsProxy(_authority.Issue("localhost"), Port);

        var error = await RefusedAsync($"localhost:{proxy.Port}", "");

        Assert.Contains("tls=true", error.Remedy!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_authorities_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => ConnectAsync($"127.0.0.1:{Port}", "&tls=true&tlsCAFile=/nowhere/ca.pem"));

        Assert.IsType<InvalidInputException>(error);
        Assert.Contains("tlsCAFile names is not there: /nowhere/ca.pem", error.Problem.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_authorities_that_holds_none()
    {
        await File.WriteAllTextAsync(_authority.Path, "no certificate", Token);

        var error = await RefusedAsync($"127.0.0.1:{Port}", $"&tls=true&tlsCAFile={_authority.Path}");

        Assert.Contains("PEM", error.Remedy!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_in_the_DNS()
    {
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => MongoClient.ConnectAsync(new DatabaseUrl("mongodb+srv://me:hunter2@cluster0.nowhere.invalid/db"), Hasty, Token));

        TestContext.Current.TestOutputHelper?.WriteLine($"{error.GetType().Name} {error.Problem.En} | {error.Where} | {error.Remedy?.En}");
        Assert.IsType<UnavailableException>(error);
        Assert.Contains("nowhere.invalid", error.Where, StringComparison.Ordinal);
        Assert.Contains("DNS", error.Remedy!.Fr, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{error.Problem} {error.Where} {error.Remedy}", StringComparison.Ordinal);
    }

    private static MongoClientOptions Hasty { get; } = new() { ServerSelectionTimeout = TimeSpan.FromSeconds(10), ConnectTimeout = TimeSpan.FromSeconds(5) };

    private string Credentials => _server.UrlOf("db").Reveal().Split("://")[1].Split('@')[0];

    private int Port => int.Parse(_server.UrlOf("db").Reveal().Split('@')[1].Split('/')[0].Split(':')[1]);

    private Task<MongoClient> ConnectAsync(string host, string options) =>
        MongoClient.ConnectAsync(new DatabaseUrl($"mongodb://{Credentials}@{host}/db?authSource=admin&authMechanism=SCRAM-SHA-256{options}"), Hasty, Token);

    /// <summary>What happened, where, what next; and no password.</summary>
    private async Task<EclusierException> RefusedAsync(string host, string options)
    {
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => ConnectAsync(host, options));
        TestContext.Current.TestOutputHelper?.WriteLine($"{error.GetType().Name} {error.Problem.En} | {error.Where} | {error.Remedy?.En}");
        Assert.IsType<UnavailableException>(error);
        Assert.Equal($"{host}/db", error.Where);
        Assert.NotNull(error.Remedy);
        Assert.DoesNotContain(Credentials.Split(':')[1], $"{error.Problem} {error.Where} {error.Remedy}", StringComparison.Ordinal);
        return error;
    }
}

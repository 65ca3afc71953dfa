using System.Net;
using System.Net.Sockets;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Driver;

public sealed class ErrorTests(MongoServer server)
{
    [Fact]
    public async Task A_refusal_has_the_servers_code_name_and_document()
    {
        var error = await Assert.ThrowsAsync<MongoException>(() => server.Client.RunCommandAsync("test", BsonDocument.Of(("nonsense", 1)), Token));

        Assert.Equal((MongoErrorDomain.Server, 59, "CommandNotFound"), (error.Domain, error.Code, error.CodeName));
        Assert.Contains("no such command", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, error.Reply!["ok"].ToInt64());
    }

    [Fact]
    public async Task A_bad_filter_is_refused_when_it_is_read()
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync("{}");

        var error = await Assert.ThrowsAsync<MongoException>(() => collection.FindAllAsync("""{ "a": { "$nonsense": 1 } }"""));

        Assert.Equal(2, error.Code);
    }

    [Theory]
    [InlineData("mongodb://u:very-secret@127.0.0.1:PORT/db?serverSelectionTimeoutMS=300")]
    [InlineData("mongodb://u:very-secret@127.0.0.1:PORT/db?serverSelectionTimeoutMS=300&tlsCertificateKeyFilePassword=also-secret")]
    public async Task A_server_that_is_not_there_is_said_without_secrets(string url)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => MongoClient.ConnectAsync(
            new DatabaseUrl(url.Replace("PORT", port.ToString(), StringComparison.Ordinal)), new MongoClientOptions(), Token));

        Assert.IsType<UnavailableException>(error);
        Assert.Equal($"127.0.0.1:{port}/db", error.Where);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mongodb://")]
    [InlineData("postgres://localhost/db")]
    [InlineData("mongodb://u:very-secret@/db")]
    [InlineData("mongodb://a:very-secret:b@h/db")]
    [InlineData("mongodb+srv://u:very-secret@cluster.nowhere.invalid:27017/db")]
    [InlineData("mongodb://u:very-secret@h/db?tlsCRLFile=/x.pem")]
    [InlineData("mongodb://u:very-secret@h/db?authMechanism=MONGODB-AWS")]
    [InlineData("mongodb://u:very-secret@h/db?tlsInsecure=true&tlsAllowInvalidHostnames=true")]
    public async Task What_is_no_connection_string_is_said_without_secrets(string url)
    {
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => MongoClient.ConnectAsync(new DatabaseUrl(url), new MongoClientOptions(), Token));

        Assert.IsType<InvalidInputException>(error);
        Assert.DoesNotContain("very-secret", $"{error} {error.Where}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_not_waited_for_for_ever()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new DatabaseUrl($"mongodb://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/db");
        var options = new MongoClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200), ServerSelectionTimeout = TimeSpan.FromMilliseconds(500) };

        await Assert.ThrowsAnyAsync<EclusierException>(() => MongoClient.ConnectAsync(url, options, Token));
    }

    [Fact]
    public async Task A_caller_who_cancels_does_not_wait_for_the_server()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new DatabaseUrl($"mongodb://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/db");
        using var cancel = new CancellationTokenSource();
        var connecting = MongoClient.ConnectAsync(url, new MongoClientOptions { ConnectTimeout = TimeSpan.FromSeconds(3) }, cancel.Token);

        using var accepted = await listener.AcceptTcpClientAsync(Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task A_command_that_is_cancelled_ends_at_once_and_closes_its_connection()
    {
        using var release = new ManualResetEventSlim();
        var arrived = new TaskCompletionSource();
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { Faults = new InjectedFaults { CloseWhen = Stays } });
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("db"), new MongoClientOptions(), Token);
        using var cancel = new CancellationTokenSource();

        var counting = client.Collection("db", "c").EstimatedCountAsync(cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => counting.WaitAsync(TimeSpan.FromSeconds(10), Token));
        release.Set();

        Assert.Equal(0, await client.Collection("db", "other").EstimatedCountAsync(Token));

        bool Stays(BsonDocument command, CommandMoment moment)
        {
            if (moment == CommandMoment.Before && command.Get("count") == "c")
            {
                arrived.TrySetResult();
                release.Wait();
            }
            return false;
        }
    }
}

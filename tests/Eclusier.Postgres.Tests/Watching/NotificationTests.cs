using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Redaction;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Tests.Watching;

/// <summary>A command and a webhook hear of each trouble once when it begins, and once when it is over.</summary>
public sealed class NotificationTests(PostgresServer server)
{
    private static readonly Check[] Checks = [new Check { Name = "guests", Query = "select count(*) from guests", Expect = new Expectation { EqualTo = "0" } }];

    [Fact]
    public async Task The_command_gets_json_on_its_input_and_words_in_its_environment_once_each()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table guests (id int)");
        using var folder = new TemporaryFolder();
        await using var watch = new Watch(url, Settings("{ cat; printf '\\n'; } >> json; echo \"$ECLUSIER_EVENT $ECLUSIER_ENVIRONMENT $ECLUSIER_KIND $ECLUSIER_MESSAGE\" >> words", null), Checks, folder.Path);
        await watch.RoundOverAsync();

        await PostgresServer.ExecuteAsync(url, "insert into guests values (1)");
        await watch.RoundsAsync(3);
        await PostgresServer.ExecuteAsync(url, "delete from guests");
        await watch.RoundsAsync(2);

        Assert.Equal(
            ["began production check guests: expected 0, found 1", "ended production check guests: expected 0, found 1"],
            await File.ReadAllLinesAsync(Path.Combine(folder.Path, "words"), TestContext.Current.CancellationToken));
        var sent = Documents(await File.ReadAllTextAsync(Path.Combine(folder.Path, "json"), TestContext.Current.CancellationToken));
        Assert.Equal(["began", "ended"], sent.Select(notice => notice.GetProperty("event").GetString()));
        Assert.Equal(["Test", "production", "check", "guests"], new[] { "runbook", "environment", "kind", "name" }.Select(key => sent[0].GetProperty(key).GetString()));
        Assert.Equal(sent[0].GetProperty("at").GetString(), sent[1].GetProperty("since").GetString());
    }

    [Fact]
    public async Task A_webhook_that_is_down_is_tried_again_until_it_takes_it_also_by_the_next_process()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table guests (id int); insert into guests values (1)");
        using var folder = new TemporaryFolder();
        var port = FreePort.Find();
        var settings = Settings(null, $"http://127.0.0.1:{port}/hook-t0ken");
        Secrets.Remember(settings.Notify.Url);
        await using (var watch = new Watch(url, settings, Checks, folder.Path))
        {
            await watch.RoundOverAsync();
            await watch.RoundsAsync();
            Assert.Single(watch.Told, line => line.StartsWith("not notified, tried again: the webhook of watch.notify is not reached", StringComparison.Ordinal));
            Assert.DoesNotContain("t0ken", string.Join('\n', watch.Told) + watch.State, StringComparison.Ordinal);
            Assert.Equal(1, (await watch.InterruptAsync()).Undelivered);
        }

        using var hook = new Hook(port, refusals: 1);
        await using var next = new Watch(url, settings, Checks, folder.Path);
        await next.RoundOverAsync();
        await next.RoundsAsync(2);
        var record = await next.InterruptAsync();

        Assert.Equal(0, record.Undelivered);
        Assert.Equal(2, hook.Received.Count);
        Assert.Equal(hook.Received[0], hook.Received[1]);
        Assert.Equal("began", Documents(hook.Received[1])[0].GetProperty("event").GetString());
        Assert.Contains(next.Told, line => line.Contains("answers with status 503", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_notified_from_the_second_round_on_and_is_no_failure()
    {
        using var folder = new TemporaryFolder();
        await using var watch = new Watch(new DatabaseUrl($"postgresql://me@127.0.0.1:{FreePort.Find()}/away"), Settings("echo \"$ECLUSIER_EVENT $ECLUSIER_KIND\" >> words", null), folder: folder.Path);
        await watch.RoundOverAsync();
        Assert.False(File.Exists(Path.Combine(folder.Path, "words")));

        await watch.RoundsAsync(3);
        var record = await watch.InterruptAsync();

        Assert.Equal("began unreachable", Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder.Path, "words"), TestContext.Current.CancellationToken)));
        Assert.Equal((4, 0, WatchOutcome.Unreachable), (record.Unreachable, record.Failures.Count, record.Outcome));
    }

    private static WatchSettings Settings(string? command, string? url) => new() { Every = TimeSpan.FromMinutes(1), Notify = new NotifySettings(command, url) };

    private static List<JsonElement> Documents(string text)
    {
        var documents = new List<JsonElement>();
        foreach (var part in text.Split("\n}", StringSplitOptions.RemoveEmptyEntries).Where(part => part.Contains('{', StringComparison.Ordinal)))
        {
            using var json = JsonDocument.Parse(part + "\n}");
            documents.Add(json.RootElement.Clone());
        }

        return documents;
    }

    /// <summary>A webhook that refuses a few times before it takes what is posted.</summary>
    private sealed class Hook : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<string> _received = new();
        private int _refusals;

        public Hook(int port, int refusals)
        {
            _refusals = refusals;
            _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            _listener.Start();
            _ = AnswerAsync();
        }

        public IReadOnlyList<string> Received => [.. _received];

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream);
                    _received.Enqueue(await reader.ReadToEndAsync());
                    context.Response.StatusCode = _refusals-- > 0 ? 503 : 204;
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>HTTP checks against a real server, SQL checks against a real database.</summary>
public sealed class CheckTests(PostgresServer server)
{
    [Fact]
    public async Task Http_checks_look_at_status_body_header_and_time()
    {
        using var api = new Api();
        var run = await VerifiedAsync($$"""
            checks:
              - { name: up, http: "{{api.Url}}ok" }
              - { name: status, http: "{{api.Url}}gone", status: 410 }
              - { name: body, http: "{{api.Url}}ok", contains: "\"alive\"" }
              - { name: header, http: "{{api.Url}}header", headers: { X-Key: abc }, contains: abc }
              - { name: fast, http: "{{api.Url}}ok", under: 5s, samples: 5 }
              - { name: not 2xx, http: "{{api.Url}}gone" }
              - { name: slow, http: "{{api.Url}}slow", under: 50ms, samples: 3 }
              - { name: wrong body, http: "{{api.Url}}ok", contains: dead }
              - { name: nobody there, http: "http://127.0.0.1:1/" }
            """);

        Assert.Equal(["up", "status", "body", "header", "fast"], Passed(run));
        Assert.Equal(9, run.GetProperty("checks").GetArrayLength());
    }

    [Fact]
    public async Task Http_checks_send_a_method_and_a_body()
    {
        using var api = new Api();
        var run = await VerifiedAsync($$"""
            checks:
              - { name: default, http: "{{api.Url}}echo", contains: "GET null  []" }
              - { name: post, http: "{{api.Url}}echo", method: POST, body: '{"who": "${TEST_WHO}"}', contains: 'POST application/json  [{"who": "zoé"}]' }
              - { name: type, http: "{{api.Url}}echo", method: PUT, body: "a=1", headers: { content-type: application/x-www-form-urlencoded, X-Key: abc }, contains: "PUT application/x-www-form-urlencoded abc [a=1]" }
              - { name: no body, http: "{{api.Url}}echo", method: DELETE, contains: "DELETE null  []" }
              - { name: head, http: "{{api.Url}}gone", method: HEAD, status: 410 }
              - { name: fails, http: "{{api.Url}}gone", method: POST, body: "{}" }
            """);

        Assert.Equal(["default", "post", "type", "no body", "head"], Passed(run));
        Assert.Contains("status 410", run.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_checks_look_at_value_rows_text_and_percentile()
    {
        var run = await VerifiedAsync("""
            checks:
              - { name: number, sql: "select 1.0", equals: 1 }
              - { name: boolean, sql: "select true", equals: "t" }
              - { name: text, sql: "select 'a'", equals: a }
              - { name: rows, sql: "select generate_series(1, 3)", rows: 3 }
              - { name: contains, sql: "select 'a needle b'", contains: needle }
              - { name: quick, sql: "select 1", under: 5s, samples: 20 }
              - { name: null is no value, sql: "select null::int", equals: 0 }
              - { name: two rows are no value, sql: "select generate_series(1, 2)", equals: 1 }
              - { name: too few, sql: "select 1 where false", rows: 1 }
              - { name: slow, sql: "select pg_sleep(0.06)", under: 50ms, samples: 3 }
              - { name: broken, sql: "select nonsense", equals: 1 }
            """);

        Assert.Equal(["number", "boolean", "text", "rows", "contains", "quick"], Passed(run));
        Assert.Equal(20, run.GetProperty("checks")[5].GetProperty("latency").GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task An_invariant_that_cannot_be_asked_before_is_a_no_go()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("invariants: [{ name: people, sql: \"select count(*) from people\" }]");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("The invariant \"people\" cannot be asked", result.Error, StringComparison.Ordinal);
        Assert.Null(await project.ScalarAsync("select to_regclass('people')::text"));
    }

    private async Task<JsonElement> VerifiedAsync(string checks)
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook(checks);
        var environment = project.Environment();
        environment["TEST_WHO"] = "zoé";
        var result = await Cli.RunAsync(["migrate", "--yes", "--format", "json"], project.Folder, environment);
        Assert.True(result.ExitCode == 5, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    private static IEnumerable<string?> Passed(JsonElement run) =>
        run.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("passed").GetBoolean()).Select(check => check.GetProperty("name").GetString());

    private sealed class Api : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Api()
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            }

            _listener.Prefixes.Add(Url);
            _listener.Start();
            _ = AnswerAsync();
        }

        public string Url { get; }

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                    await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task AnswerAsync(HttpListenerContext context)
        {
            var path = context.Request.Url!.AbsolutePath;
            if (path == "/slow")
                await Task.Delay(80);
            context.Response.StatusCode = path == "/gone" ? 410 : 200;
            var body = path switch
            {
                "/header" => context.Request.Headers["X-Key"] ?? "",
                "/echo" => await EchoAsync(context.Request),
                _ => "{\"alive\": true}",
            };
            if (context.Request.HttpMethod != "HEAD")
                await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }

        private static async Task<string> EchoAsync(HttpListenerRequest request)
        {
            using var reader = new StreamReader(request.InputStream, System.Text.Encoding.UTF8);
            return $"{request.HttpMethod} {request.ContentType ?? "null"} {request.Headers["X-Key"]} [{await reader.ReadToEndAsync()}]";
        }
    }
}

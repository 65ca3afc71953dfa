using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Redaction;
using Eclusier.Runbooks;

namespace Eclusier.Checks;

/// <summary>When checks are asked.</summary>
internal enum CheckMoment
{
    /// <summary>On the target, before the migrations; only checks with <c>before:</c>.</summary>
    Before,

    /// <summary>On the restored copy, after the plan: a limit of time is measured and does not decide there, HTTP is skipped.</summary>
    Rehearsal,

    /// <summary>On the target, after the migrations.</summary>
    After,
}

/// <summary>Asks the runbook's checks, one after the other.</summary>
internal static class CheckRunner
{
    public static async Task<IReadOnlyList<CheckResult>> RunAsync(IReadOnlyList<Check> checks, CheckMoment moment, Database database, CancellationToken cancellationToken)
    {
        if (checks.Count == 0)
            return [];
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var results = new List<CheckResult>();
        foreach (var check in checks)
        {
            var expectation = moment == CheckMoment.Before ? check.Before : check.Expect;
            if (expectation is null)
                continue;
            if (moment == CheckMoment.Rehearsal)
                expectation = expectation with { Under = null };
            var asked = moment == CheckMoment.Before && check.BeforeQuery is { } former ? check with { Query = former } : check;
            results.Add(await AskAsync(asked, expectation, moment, database, client, cancellationToken));
        }

        return results;
    }

    private static Task<CheckResult> AskAsync(Check check, Expectation expectation, CheckMoment moment, Database database, HttpClient client, CancellationToken cancellationToken)
    {
        if (check.Query is { } query)
            return QueryAsync(check, query, expectation, database, cancellationToken);
        if (check.Finding is { } question)
            return FindingCheck.AskAsync(check, question, expectation, moment, database, cancellationToken);
        if (moment == CheckMoment.Rehearsal)
        {
            var skipped = new CheckResult(check.Name, "http", Passed: false, Expectations.Describe(expectation, "http"), new Text("not asked in a rehearsal", "non posé en répétition"), Skipped: true);
            return Task.FromResult(skipped);
        }

        return SampledAsync(check, "http", expectation, () => HttpAsync(client, check, expectation, cancellationToken));
    }

    /// <summary>A check with a limit runs once to warm up, then as often as it asks; the answers must hold every time.</summary>
    private static async Task<CheckResult> SampledAsync(Check check, string kind, Expectation expectation, Func<Task<Answer>> ask)
    {
        var expected = Expectations.Describe(expectation, kind);
        if (expectation.Under is { } limit)
            await ask();
        var times = new List<double>();
        Answer answer;
        do
        {
            var started = Stopwatch.GetTimestamp();
            answer = await ask();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        while (answer.Holds && expectation.Under is not null && times.Count < check.Samples);

        var latency = Latencies.Of(times, expectation.Under);
        var inTime = latency.LimitMs is not { } milliseconds || latency.P95 < milliseconds;
        var actual = answer.Holds && !inTime
            ? new Text($"{answer.Found.En}; 95th percentile {latency.P95:0.#} ms", $"{answer.Found.Fr} ; 95e centile {French.Decimal(latency.P95, "0.#")} ms")
            : answer.Found;
        return new CheckResult(check.Name, kind, answer.Holds && inTime, expected, actual, expectation.Under is null ? null : latency);
    }

    /// <summary>On a copy that lacks an extension, an answer that is not the expected one may prove nothing.</summary>
    private static async Task<CheckResult> QueryAsync(Check check, string query, Expectation expectation, Database database, CancellationToken cancellationToken)
    {
        EclusierException? refusal = null;
        var result = await SampledAsync(check, check.Kind, expectation, AskAsync);
        return !result.Passed && database.WhyUnproven(query, refusal) is { } why ? result with { Actual = why, Skipped = true } : result;

        async Task<Answer> AskAsync()
        {
            try
            {
                var answer = await database.QueryAsync(query, cancellationToken);
                return new Answer(Expectations.Holds(expectation, answer), Expectations.Summary(expectation, answer));
            }
            catch (CheckFailedException error)
            {
                refusal = error;
                return new Answer(Holds: false, error.Problem);
            }
        }
    }

    private static async Task<Answer> HttpAsync(HttpClient client, Check check, Expectation expectation, CancellationToken cancellationToken)
    {
        using var request = Request(check);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            var status = (int)response.StatusCode;
            var holds = (expectation.Status is { } wanted ? status == wanted : response.IsSuccessStatusCode)
                && (expectation.Contains is not { } text || body.Contains(text, StringComparison.Ordinal));
            return new Answer(holds, new Text($"status {status}, {English.Count(body.Length, "character")}", $"statut {status}, {French.Count(body.Length, "caractère")}"));
        }
        catch (HttpRequestException error)
        {
            return new Answer(Holds: false, Text.Same(Secrets.Redact(error.Message)));
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(Holds: false, new Text("no answer in 30 s", "pas de réponse en 30 s"));
        }
    }

    private static HttpRequestMessage Request(Check check)
    {
        var request = new HttpRequestMessage(new HttpMethod(check.Method), check.Http);
        if (check.Body is { } body)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in check.Headers)
        {
            // .NET keeps the headers that describe a body (Content-Type, …) with the body.
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Content is { } content && !check.Headers.ContainsKey("Content-Type"))
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private sealed record Answer(bool Holds, Text Found);
}

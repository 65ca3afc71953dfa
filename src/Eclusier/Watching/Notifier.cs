using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Runbooks;

namespace Eclusier.Watching;

/// <summary>Delivers notifications by a shell command and by a webhook, each until it takes them. No secret goes along.</summary>
internal sealed class Notifier(NotifySettings settings, string folder, Language language, Action<Text> tell) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new() { Timeout = Patience };
    private bool _commandFails;
    private bool _urlFails;

    /// <summary>A notification to both places that the runbook names; null where it names none.</summary>
    public static PendingNotice? Pending(NotifySettings settings, Notice notice) =>
        settings.Command is null && settings.Url is null ? null : new PendingNotice(notice, settings.Command is not null, settings.Url is not null);

    /// <summary>Tries each once, oldest first.</summary>
    /// <returns>Those that are still to be delivered.</returns>
    public async Task<IReadOnlyList<PendingNotice>> DeliverAsync(IReadOnlyList<PendingNotice> outbox, CancellationToken cancellationToken)
    {
        var left = new List<PendingNotice>();
        // Behind one that was not taken, the others wait: they arrive in their order.
        var (command, url) = (true, true);
        foreach (var pending in outbox)
        {
            if (pending.ToCommand && command)
                command = await RunAsync(pending.Notice, cancellationToken);
            if (pending.ToUrl && url)
                url = await PostAsync(pending.Notice, cancellationToken);
            var rest = pending with { ToCommand = pending.ToCommand && !command, ToUrl = pending.ToUrl && !url };
            if (rest.ToCommand || rest.ToUrl)
                left.Add(rest);
        }

        return left;
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> RunAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (settings.Command is not { } command)
            return true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var result = await ChildProcess.RunAsync("sh", ["-c", command], Variables(notice), patience.Token, input: Json(notice), workingFolder: folder);
            return Taken(result.Succeeded, ref _commandFails, new Text($"the command of watch.notify ended with exit code {result.ExitCode}: {result.LastLines(1)}", $"la commande de watch.notify s'est terminée avec le code {result.ExitCode} : {result.LastLines(1)}"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Taken(taken: false, ref _commandFails, new Text($"the command of watch.notify did not end in {Patience.TotalSeconds:0} s", $"la commande de watch.notify ne s'est pas terminée en {Patience.TotalSeconds:0} s"));
        }
    }

    private async Task<bool> PostAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (settings.Url is not { } url)
            return true;
        try
        {
            using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(Json(notice)));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _client.PostAsync(new Uri(url), body, cancellationToken);
            return Taken(response.IsSuccessStatusCode, ref _urlFails, new Text($"the webhook of watch.notify answers with status {(int)response.StatusCode}", $"le webhook de watch.notify répond par le statut {(int)response.StatusCode}"));
        }
        catch (HttpRequestException error)
        {
            // The kind of error alone: the message has the host in it, and a webhook's address may be its secret.
            return Taken(taken: false, ref _urlFails, new Text($"the webhook of watch.notify is not reached ({error.HttpRequestError})", $"le webhook de watch.notify est injoignable ({error.HttpRequestError})"));
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Taken(taken: false, ref _urlFails, new Text($"the webhook of watch.notify does not answer in {Patience.TotalSeconds:0} s", $"le webhook de watch.notify ne répond pas en {Patience.TotalSeconds:0} s"));
        }
    }

    /// <summary>Told once, however long it lasts.</summary>
    private bool Taken(bool taken, ref bool fails, Text problem)
    {
        if (!taken && !fails)
            tell(new Text($"not notified, tried again: {problem.En}", $"non notifié, nouvel essai : {problem.Fr}"));
        fails = !taken;
        return taken;
    }

    private string Json(Notice notice) => JsonSerializer.Serialize(notice, EclusierJson.For(language).Notice);

    private Dictionary<string, string?> Variables(Notice notice) => new(StringComparer.Ordinal)
    {
        ["ECLUSIER_EVENT"] = notice.Event,
        ["ECLUSIER_ENVIRONMENT"] = notice.Environment,
        ["ECLUSIER_KIND"] = notice.Kind,
        ["ECLUSIER_NAME"] = notice.Name,
        ["ECLUSIER_MESSAGE"] = notice.Message.In(language),
    };
}

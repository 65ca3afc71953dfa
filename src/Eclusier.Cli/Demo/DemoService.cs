using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Eclusier.Files;
using Eclusier.Redaction;

namespace Eclusier.Cli.Demo;

/// <summary>An example's application, built and run by the .NET SDK, on a port of its own. Gone when it is disposed.</summary>
internal sealed class DemoService : IAsyncDisposable
{
    /// <summary>Its first start builds it, and may have to fetch a package.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private readonly string _health;

    private DemoService(Process process, string url, string health)
    {
        _process = process;
        _health = health;
        Url = url;
    }

    public string Url { get; }

    /// <exception cref="UnavailableException">It does not start.</exception>
    public static async Task<DemoService> StartAsync(DemoApplication application, string folder, DatabaseUrl database, CancellationToken cancellationToken)
    {
        var url = $"http://127.0.0.1:{FreePort.Find()}";
        var file = Path.Combine(folder, application.File);
        string[] arguments = ["run", Path.GetFileName(file), .. application.Argument is { } argument ? ["--", argument] : Array.Empty<string>()];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(file) };
        start.Environment["DATABASE_URL"] = database.Reveal();
        start.Environment["ASPNETCORE_URLS"] = url;
        var service = new DemoService(Process.Start(start)!, url, application.Health);
        // What it writes is nobody's concern, but a full pipe would stop it.
        _ = service._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var said = service._process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await service.WaitAsync(cancellationToken);
            return service;
        }
        catch (Exception)
        {
            await service.DisposeAsync();
            if (cancellationToken.IsCancellationRequested)
                throw;
            throw new UnavailableException(
                new Text("The example's application does not start.", "L'application de l'exemple ne démarre pas."), file,
                Text.Same(Secrets.Redact((await said).Trim())));
        }
    }

    /// <summary>Logs in as the example's README does.</summary>
    /// <returns>The token.</returns>
    public async Task<string> LogInAsync(DemoLogin login, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var body = new StringContent($$"""{"email": "{{login.Email}}", "password": "{{login.Password}}"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri($"{Url}/{login.Path}"), body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        var token = json.RootElement.GetProperty("token").GetString()!;
        Secrets.Remember(token);
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"dotnet run ended with {_process.ExitCode}");
            try
            {
                using var answer = await client.GetAsync(new Uri($"{Url}/{_health}"), patience.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(100, patience.Token);
        }
    }
}

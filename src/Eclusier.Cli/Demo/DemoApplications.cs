namespace Eclusier.Cli.Demo;

/// <summary>The applications of a demo, while it goes on.</summary>
internal sealed class DemoApplications : IAsyncDisposable
{
    private readonly List<DemoService> _running = [];

    /// <summary>One after the other: two that are one file share its build.</summary>
    public async Task StartAsync(DemoSystem system, string folder, DatabaseUrl database, Dictionary<string, string?> variables, Action<Text> progress, CancellationToken cancellationToken)
    {
        if (system.Applications.Count > 0)
            progress(new Text("starting the application", "démarrage de l'application"));
        foreach (var application in system.Applications)
            _running.Add(await application.StartAsync(folder, database, variables, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _running)
            await service.DisposeAsync();
    }
}

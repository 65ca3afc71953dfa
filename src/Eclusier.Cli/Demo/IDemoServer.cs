namespace Eclusier.Cli.Demo;

/// <summary>The throwaway server of a demo, with the example's databases on it.</summary>
internal interface IDemoServer : IAsyncDisposable
{
    /// <summary>Fills every database.</summary>
    /// <param name="variables">Gets the addresses.</param>
    Task BuildAsync(DemoScenario scenario, string runbookFile, Dictionary<string, string?> variables, CancellationToken cancellationToken);

    /// <summary>Leaves the server to the user, and tells how to end it.</summary>
    /// <param name="url">To be told, too.</param>
    Task KeepAsync(DatabaseUrl url, Language language, CancellationToken cancellationToken);
}

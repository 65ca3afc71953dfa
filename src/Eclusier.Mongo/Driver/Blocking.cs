namespace Eclusier.Mongo.Driver;

/// <summary>
/// Runs libmongoc's calls, which block, on threads of their own: on the thread pool, a few of them would keep everybody else waiting.
/// </summary>
internal static class Blocking
{
    /// <summary>
    /// A caller who cancels stops waiting at once. The call itself cannot be interrupted; it ends by the socket timeout at the latest,
    /// and then gives back what it holds.
    /// </summary>
    public static async Task<T> RunAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Task.Factory
            .StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default)
            .WaitAsync(cancellationToken);
    }

    public static Task RunAsync(Action call) => RunAsync(
        () =>
        {
            call();
            return true;
        },
        CancellationToken.None);
}

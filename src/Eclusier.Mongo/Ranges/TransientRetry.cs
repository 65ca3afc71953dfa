using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Ranges;

/// <summary>Waits while a server is away, or no primary. Not thread-safe.</summary>
internal sealed class TransientRetry(CopyOptions options)
{
    private readonly Random _random = options.Random ?? new Random();
    private int _failures;
    private long _since;

    /// <summary>Something worked: the patience begins anew.</summary>
    public void Succeeded() => _failures = 0;

    /// <summary>Waits before the next attempt.</summary>
    /// <returns>False: it has been long enough, or the error will not go away by waiting.</returns>
    public async Task<bool> WaitAsync(MongoException error, CancellationToken cancellationToken)
    {
        if (!error.IsTransient && !error.IsCursorLost)
            return false;
        if (_failures++ == 0)
            _since = options.Time.GetTimestamp();
        if (options.Time.GetElapsedTime(_since) >= options.RetryFor)
            return false;
        await Task.Delay(NextWait(), options.Time, cancellationToken);
        return true;
    }

    /// <summary>Carries out what can be done again without harm.</summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> request, CopyOptions options, CancellationToken cancellationToken)
    {
        var retry = new TransientRetry(options);
        while (true)
        {
            try
            {
                return await request();
            }
            catch (MongoException e) when (!cancellationToken.IsCancellationRequested)
            {
                if (!await retry.WaitAsync(e, cancellationToken))
                    throw;
            }
        }
    }

    /// <summary>Full jitter, so that ranges that failed together do not come back together.</summary>
    private TimeSpan NextWait()
    {
        var most = Math.Min(options.LongestWait.TotalMilliseconds, options.FirstWait.TotalMilliseconds * Math.Pow(2, Math.Min(_failures - 1, 20)));
#pragma warning disable CA5394 // A wait is no secret.
        return TimeSpan.FromMilliseconds(_random.NextDouble() * most);
#pragma warning restore CA5394
    }
}

namespace Eclusier.Mongo.Ranges;

/// <summary>How much a copy takes of the servers and of memory, and how long it bears their absence.</summary>
public sealed record CopyOptions
{
    /// <summary>Ranges that are read and written at the same time; each takes two connections, which a <c>maxPoolSize</c> in the connection string must leave it.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>Documents for which a range of its own is worth while; smaller collections are one range.</summary>
    public int DocumentsPerRange { get; init; } = 20_000;

    /// <summary>Bytes for which a range of its own is worth while, however few their documents.</summary>
    public long BytesPerRange { get; init; } = 16L * 1024 * 1024;

    /// <summary>Ranges at most.</summary>
    public int LargestRanges { get; init; } = 16;

    /// <summary>Documents in a batch at most. A cancelled copy ends between two batches.</summary>
    public int BatchCount { get; init; } = 2000;

    /// <summary>Bytes in a batch at most; a larger document goes alone. Each range holds about two batches in memory.</summary>
    public int BatchBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>How long the same request is sent again while a server is away or no primary; counted from the last time that one succeeded.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Wait after the first failure; then twice as long each time, up to <see cref="LongestWait"/>. Each wait is a random part of it.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often progress is kept while a range is copied; at the end of a range it always is.</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Documents of one kind that are listed by their <c>_id</c>; all are counted.</summary>
    public int LargestList { get; init; } = 100;

    /// <summary>Bytes of child documents up to which an embedding holds them all in memory; beyond, they are fetched batch by batch.</summary>
    public long LargestChildren { get; init; } = 64L * 1024 * 1024;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Of the waits between attempts; null: each range has one of its own.</summary>
    public Random? Random { get; init; }

    /// <summary>Shared by copies that run at the same time: together they work on no more ranges than this lets in. Null: each goes by <see cref="Parallelism"/> alone.</summary>
    internal SemaphoreSlim? Slots { get; init; }

    /// <summary>Works on ranges, as many at the same time as is permitted. No range may wait for another one.</summary>
    internal Task EachRangeAsync(int ranges, Func<int, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        System.Threading.Tasks.Parallel.ForAsync(0, ranges, Parallel(cancellationToken), async (range, token) =>
        {
            if (Slots is not null)
                await Slots.WaitAsync(token);
            try
            {
                await work(range, token);
            }
            finally
            {
                Slots?.Release();
            }
        });

    internal ParallelOptions Parallel(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
}

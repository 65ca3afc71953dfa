using Eclusier.Evidence;

namespace Eclusier.Engines;

/// <summary>Measures queries on one database.</summary>
public interface IQueryMeter
{
    /// <summary>Gives the planner what a database in use has: statistics, and which pages everybody sees. For copies only.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Runs a user's query, which cannot write, and tells how the server went about it.</summary>
    /// <exception cref="CheckFailedException">The server refuses the query, or it tries to write.</exception>
    Task<QuerySample> MeasureAsync(string query, CancellationToken cancellationToken);
}

/// <summary>A query, run once.</summary>
/// <param name="Milliseconds">The server's own time for executing it.</param>
/// <param name="Plan">As in <see cref="Measurement.Plan"/>.</param>
public sealed record QuerySample(double Milliseconds, long Rows, long BuffersHit, long BuffersRead, IReadOnlyList<string> Plan);

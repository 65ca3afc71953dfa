using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>How watching ended.</summary>
[JsonConverter(typeof(SnakeCase<WatchOutcome>))]
public enum WatchOutcome
{
    /// <summary>Nothing began to be wrong.</summary>
    Quiet,
    /// <summary>Something did, whether it is over or not.</summary>
    Troubled,
    /// <summary>The server did not answer in the last round.</summary>
    Unreachable,
    /// <summary>Somebody ended it before its time, and nothing was wrong until then.</summary>
    Interrupted,
}

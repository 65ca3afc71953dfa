using Eclusier.Planning;

namespace Eclusier.Engines;

/// <summary>What is to be tidied up in a database some time after a run.</summary>
public interface IMaintenance
{
    /// <summary>How long after the last run that ended well.</summary>
    TimeSpan After { get; }

    /// <summary>What there is to drop, with counts.</summary>
    /// <param name="accepted">Names of the runs whose way back is needed no more.</param>
    Task<IReadOnlyList<Step>> StepsAsync(IReadOnlyList<string> accepted, CancellationToken cancellationToken);
}

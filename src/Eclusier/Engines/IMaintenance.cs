using Eclusier.Planning;

namespace Eclusier.Engines;

/// <summary>What is to be tidied up in a database some time after a run.</summary>
public interface IMaintenance
{
    /// <summary>How long after the last run that ended well.</summary>
    TimeSpan After { get; }

    /// <summary>What there is to drop, with counts.</summary>
    /// <param name="runs">Names of the runs on record.</param>
    /// <param name="isAccepted">Whether a run's way back is needed no more; asked for those only that have left something behind.</param>
    Task<IReadOnlyList<Step>> StepsAsync(IReadOnlyList<string> runs, Func<string, bool> isAccepted, CancellationToken cancellationToken);
}

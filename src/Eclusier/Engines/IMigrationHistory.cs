using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Engines;

/// <summary>What a baseline must know of a database whose migrations are files, and may write: rows of the tracking table.</summary>
public interface IMigrationHistory
{
    /// <summary>The layout's own tool looks at the newest row alone: what is older and not recorded, it never runs.</summary>
    bool RunsOnlyWhatIsNewer { get; }

    /// <summary>Every migration of the folder in the order to run, whatever is applied; what the runbook says of skipping and replacing does not count.</summary>
    /// <exception cref="InvalidInputException">Files that make no plan.</exception>
    IReadOnlyList<Step> Migrations(TargetEnvironment environment);

    /// <summary>What migrations find here before the first of them runs.</summary>
    Task<Surroundings> SurroundingsAsync(string platform, CancellationToken cancellationToken);

    /// <summary>Runs a migration here, on a sandbox, statement by statement: one that is refused keeps no other from running.</summary>
    /// <param name="target">What the sandbox stands for.</param>
    /// <returns>What was refused.</returns>
    Task<IReadOnlyList<Unreplayed>> ReplayAsync(Step step, Surroundings target, CancellationToken cancellationToken);

    /// <summary>What a migration makes by its text, also where a replay finds it there already.</summary>
    Makes MakesOf(Step step);

    /// <summary>A catalog in the parts that are judged one by one, and without what says nothing of a migration.</summary>
    CatalogSnapshot InParts(CatalogSnapshot catalog);

    /// <summary>Migrations that the tracking table has and the folder has no file of, with their text where the layout keeps it.</summary>
    Task<IReadOnlyList<LostMigration>> LostAsync(CancellationToken cancellationToken);

    /// <summary>What earlier baselines left to settle, and what was said of it.</summary>
    Task<IReadOnlyList<Settlement>> SettlementsAsync(CancellationToken cancellationToken);

    /// <summary>Writes the rows of migrations that are applied already into the tracking table, and what is to be remembered of others: all in one transaction.</summary>
    /// <param name="remembered">In the place of what was remembered before.</param>
    /// <exception cref="RefusedException">The server refuses; nothing was written.</exception>
    Task RecordAsync(IReadOnlyList<Step> applied, IReadOnlyList<Settlement> remembered, string executedBy, CancellationToken cancellationToken);
}

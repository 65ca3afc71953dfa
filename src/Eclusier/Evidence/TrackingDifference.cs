using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Evidence;

/// <summary>A migration that only one tracking table has, or that both have from other files.</summary>
/// <param name="Migration">The version.</param>
public sealed record TrackingDifference(string Migration, string Name, DifferenceSide Difference)
{
    /// <param name="settings">What the runbook skips, and what stands for what, is no difference; null: there is no runbook.</param>
    public static IReadOnlyList<TrackingDifference> Between(IReadOnlyList<TrackedMigration> left, IReadOnlyList<TrackedMigration> right, MigrationSettings? settings)
    {
        var names = left.Concat(right).Select(row => new MigrationName(row.Version, $"{row.Version}_{row.Name}.sql")).DistinctBy(name => name.Version).ToList();
        bool IsKnown(string asked) => names.Any(name => name.IsCalled(asked));
        var replaces = settings?.Replaces.Where(entry => IsKnown(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal) ?? [];
        var replacements = new Replacements(replaces, names, new HashSet<string>(StringComparer.Ordinal), where: null);
        var (ours, theirs) = (left.ToDictionary(row => row.Version, StringComparer.Ordinal), right.ToDictionary(row => row.Version, StringComparer.Ordinal));
        var (metHere, metThere) = (replacements.Met(ours.Keys), replacements.Met(theirs.Keys));
        var skipped = names.Where(name => settings?.Skip.Keys.Any(name.IsCalled) == true).Select(name => name.Version).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from name in names.Select(name => name.Version).Order(VersionOrder.Instance)
               let pair = (Left: ours.GetValueOrDefault(name), Right: theirs.GetValueOrDefault(name))
               where !skipped.Contains(name)
               let side = pair switch
               {
                   { Left: null } => metHere.Contains(name) ? (DifferenceSide?)null : DifferenceSide.RightOnly,
                   { Right: null } => metThere.Contains(name) ? null : DifferenceSide.LeftOnly,
                   { Left.Checksum: { } one, Right.Checksum: { } other } when one != other => DifferenceSide.Different,
                   _ => null,
               }
               where side is not null
               select new TrackingDifference(name, (pair.Left ?? pair.Right)!.Name, side.Value),
        ];
    }
}

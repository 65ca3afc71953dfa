using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Baselines;

/// <summary>Of a migration and those that it stands for, the one or the others are recorded, never both.</summary>
internal sealed class Alternatives(Replacements replacements, IReadOnlyDictionary<string, MigrationVerdict> verdicts, IReadOnlySet<string> applied)
{
    public bool Contains(string migration) => replacements.Replaced.Any(entry => entry.Key == migration || entry.Value.Contains(migration));

    /// <summary>Null: it is to be recorded when it is there.</summary>
    public Text? NotNeeded(string migration)
    {
        foreach (var (one, others) in replacements.Replaced.Where(entry => !applied.Contains(migration) && (entry.Key == migration || entry.Value.Contains(migration))))
        {
            var byOthers = !applied.Contains(one) && (others.Any(applied.Contains) || (!IsPresent(one) && others.Any(IsPresent)));
            if (byOthers && migration == one && others.All(other => applied.Contains(other) || IsPresent(other)))
                return new Text($"{string.Join(", ", others)} do the same, and are applied", $"{string.Join(", ", others)} font la même chose, et sont appliquées");
            if (!byOthers && migration != one)
                return new Text($"replaced by {one}", $"remplacée par {one}");
        }

        return null;
    }

    private bool IsPresent(string migration) => verdicts.TryGetValue(migration, out var verdict) && verdict.Verdict == BaselineVerdict.Present;
}

using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Plans;

/// <summary>Where files and tracking table disagree.</summary>
internal static class PlanProblems
{
    public static IReadOnlyList<PlanProblem> Find(PlanSettings settings, IReadOnlyList<TrackedMigration> applied, IReadOnlyList<MigrationFile> files,
        IMigrationLayout layout) =>
        [.. Changed(applied, files), .. Missing(applied, files), .. UnmetDependencies(settings), .. OutOfOrder(settings, layout),
            .. settings.Replacements.Problems(), .. Unknown(settings)];

    private static IEnumerable<PlanProblem> Changed(IReadOnlyList<TrackedMigration> applied, IReadOnlyList<MigrationFile> files) =>
        from file in files
        join row in applied on file.Version equals row.Version
        where IsChanged(row.Checksum, file)
        select new PlanProblem(
            "changed",
            file.Version,
            new Text(
                $"{file.RelativePath} was changed after it was applied: restore it, and put the change into a new migration",
                $"{file.RelativePath} a été modifié après son application : rétablissez-le et placez la modification dans une nouvelle migration"),
            Blocks: true);

    private static IEnumerable<PlanProblem> Missing(IReadOnlyList<TrackedMigration> applied, IReadOnlyList<MigrationFile> files) =>
        from row in applied.ExceptBy(files.Select(file => file.Version), row => row.Version, StringComparer.Ordinal)
        select new PlanProblem(
            "missing",
            row.Version,
            new Text($"{row.Version} {row.Name} is applied, but its file is gone", $"{row.Version} {row.Name} est appliquée, mais son fichier a disparu"),
            Blocks: false);

    private static IEnumerable<PlanProblem> UnmetDependencies(PlanSettings settings)
    {
        // The order puts what is needed first, so what is met is known when its dependents come.
        var met = settings.Replacements.Met(settings.Applied);
        foreach (var file in settings.Pending.Where(file => settings.SkipReason(file) is null))
        {
            met.UnionWith(settings.Replacements.Met([file.Version]));
            foreach (var needed in settings.Dependencies.GetValueOrDefault(file.Version, []).Where(needed => !met.Contains(needed)))
            {
                yield return new PlanProblem(
                    "unmet-dependency",
                    file.Version,
                    new Text($"{file.Version} needs {needed}, which is neither applied nor going to run", $"{file.Version} nécessite {needed}, qui n'est ni appliquée ni prévue"),
                    Blocks: true);
            }
        }
    }

    private static IEnumerable<PlanProblem> OutOfOrder(PlanSettings settings, IMigrationLayout layout)
    {
        var last = settings.Applied.Where(layout.HasPlace).Max(layout.Order);
        return
            from file in settings.Pending
            where last is not null && layout.HasPlace(file.Version) && settings.SkipReason(file) is null && !settings.Ordered.Contains(file.Version)
                && layout.Order.Compare(file.Version, last) < 0
            select new PlanProblem(
                "out-of-order",
                file.Version,
                new Text($"{file.Version} is older than {last}, which is already applied", $"{file.Version} est antérieure à {last}, déjà appliquée"),
                Blocks: false);
    }

    /// <summary>Known before the backup: the step would end with it.</summary>
    public static IEnumerable<PlanProblem> Unsuitable(IReadOnlyList<Step> steps) =>
        from step in steps
        from statement in step.Statements
        let why = statement.Unsuitable
        where why is not null
        let place = UnsuitableStatement.Place(statement, step.File)
        select new PlanProblem(
            "unsuitable-statement",
            step.Migration,
            new Text($"{place} cannot stand in a migration: {why.En}", $"{place} n'a pas sa place dans une migration : {why.Fr}"),
            Blocks: true)
        {
            Remedy = new Text("Take it out of the file.", "Retirez-la du fichier."),
        };

    /// <summary>What was to be skipped under that name would run.</summary>
    private static IEnumerable<PlanProblem> Unknown(PlanSettings settings) =>
        from name in settings.SkippedUnknown
        select new PlanProblem("unknown", name, new Text($"\"skip\" names {name}, of which there is no file", $"« skip » nomme {name}, dont il n'y a pas de fichier"), Blocks: true);

    /// <summary>A null or foreign checksum (another tool's) says nothing about a change.</summary>
    private static bool IsChanged(string? recorded, MigrationFile file) =>
        recorded is not null && file.RecordedChecksum is { } now && IsSha256(recorded) == IsSha256(now) && !file.IsRecordedAs(recorded);

    private static bool IsSha256(string checksum) => checksum.Length == 64 && checksum.All(char.IsAsciiHexDigit);
}

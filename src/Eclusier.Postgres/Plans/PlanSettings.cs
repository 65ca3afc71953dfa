using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Plans;

/// <summary>What the runbook says about these files, every name in it resolved.</summary>
internal sealed class PlanSettings
{
    private readonly Runbook _runbook;
    private readonly IReadOnlyList<MigrationName> _names;
    private readonly Dictionary<string, Text> _skip;
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);

    /// <exception cref="InvalidInputException">A setting names no migration or no hazard.</exception>
    public PlanSettings(Runbook runbook, IReadOnlyList<MigrationFile> files, IReadOnlyList<TrackedMigration> tracked)
    {
        _runbook = runbook;
        var applied = tracked.Where(row => row.Success).ToArray();
        Applied = applied.Select(row => row.Version).ToHashSet(StringComparer.Ordinal);
        var byVersion = files.ToDictionary(file => file.Version, StringComparer.Ordinal);
        // What is applied may be named although its file is gone.
        var gone = applied.Where(row => !byVersion.ContainsKey(row.Version)).Select(row => new MigrationName(row.Version, $"{row.Version}_{row.Name}.sql"));
        _names = [.. files.Select(NameOf), .. gone.DistinctBy(name => name.Version)];

        var settings = runbook.Migrations;
        Dependencies = MigrationOrder.Dependencies(_names, settings.Depends, runbook.File).ToDictionary(
            entry => entry.Key.Version, entry => entry.Value.Select(name => name.Version).ToArray(), StringComparer.Ordinal);
        Replacements = new Replacements(settings.Replaces, _names, Applied, runbook.File);
        _skip = Replacements.Skipped().ToDictionary(entry => entry.Version, entry => entry.Reason, StringComparer.Ordinal);
        foreach (var (name, reason) in settings.Skip)
        {
            if (_names.FirstOrDefault(known => known.IsCalled(name)) is { } skipped)
                _skip[skipped.Version] = Text.Same(reason);
        }

        Ordered = settings.Order.Select(name => Version(name, "order")).ToHashSet(StringComparer.Ordinal);
        foreach (var group in settings.Groups)
        {
            foreach (var name in group.Files)
                _groups.TryAdd(Version(name, "groups"), group.Title);
        }
        CheckPolicy(runbook.Policy);
        Pending = [.. MigrationOrder.Sort(_names, settings.Order, settings.Depends, runbook.File)
            .Where(name => !Applied.Contains(name.Version))
            .Select(name => byVersion[name.Version])];
    }

    /// <summary>Versions that the tracking table has as successful.</summary>
    public IReadOnlySet<string> Applied { get; }

    /// <summary>In the order to run, those to skip among them.</summary>
    public IReadOnlyList<MigrationFile> Pending { get; }

    /// <summary>What paths of files are relative to.</summary>
    public string BaseFolder => _runbook.Migrations.BaseFolder;

    public bool HasWork => Pending.Any(file => SkipReason(file) is null);

    /// <summary>Version -> versions that must be applied before it.</summary>
    public IReadOnlyDictionary<string, string[]> Dependencies { get; }

    /// <summary>Names that the runbook skips and nothing has: a file that is lost, or a slip of the pen.</summary>
    public IEnumerable<string> SkippedUnknown => _runbook.Migrations.Skip.Keys.Where(name => !_names.Any(known => known.IsCalled(name)));

    /// <summary>Migrations that stand for others.</summary>
    public Replacements Replacements { get; }

    /// <summary>Versions whose place the runbook gives.</summary>
    public IReadOnlySet<string> Ordered { get; }

    public IReadOnlyDictionary<string, PartitionSettings> Partitions => _runbook.Migrations.Partitions;

    public string? Group(MigrationFile file) => _groups.GetValueOrDefault(file.Version);

    public Text? SkipReason(MigrationFile file) => _skip.GetValueOrDefault(file.Version);

    public string Relative(string path) => MigrationPaths.Relative(_runbook.Directory, path);

    /// <summary>The runbook's reason, or the one in the file itself; null when the hazard is not allowed.</summary>
    public string? AllowedBecause(Hazard hazard, MigrationFile file, Directives directives)
    {
        return _runbook.Policy.Allowed(hazard.Rule, NameOf(file).IsCalled)?.Because ?? directives.Allow.GetValueOrDefault(hazard.Rule);
    }

    private void CheckPolicy(Policy policy)
    {
        foreach (var rule in policy.Forbid.Where(rule => !StatementKind.Known.Contains(rule)).Concat(policy.Allow.Select(allow => allow.Hazard)))
        {
            if (!HazardRules.Ids.Contains(rule) && !Predictions.SurpriseRules.Contains(rule))
                throw HazardRules.Unknown(rule, _runbook.File);
        }
        foreach (var kind in policy.Only.Where(kind => !StatementKind.Known.Contains(kind)))
            throw StatementKind.Unknown(kind, _runbook.File);
        foreach (var migration in policy.Allow.Select(allow => allow.Migration).OfType<string>())
            MigrationOrder.Find(migration, _names, "policy.allow", _runbook.File);
    }

    private string Version(string name, string setting) => MigrationOrder.Find(name, _names, setting, _runbook.File).Version;

    private static MigrationName NameOf(MigrationFile file) => new(file.Version, file.FileName);
}

using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Migrations;
using Eclusier.Postgres.Partitions;
using Eclusier.Postgres.Rollbacks;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Plans;

/// <summary>Makes the plan from the files and the tracking table. Touches no database; parses only what is pending.</summary>
public static class PlanBuilder
{
    /// <param name="target">The database without secrets.</param>
    /// <param name="tables">The target's tables by <c>schema.table</c>; empty when they are not known.</param>
    /// <param name="catalog">What else is known of the target; null when it was not looked at.</param>
    /// <param name="scripts">Keeps what was parsed for the next plan.</param>
    /// <exception cref="InvalidInputException">Files or settings that make no plan.</exception>
    public static Plan Build(
        Runbook runbook,
        TargetEnvironment environment,
        string target,
        string schemaFingerprint,
        IReadOnlyList<MigrationFile> files,
        IReadOnlyList<TrackedMigration> tracked,
        IReadOnlyDictionary<string, TableFacts> tables,
        CatalogFacts? catalog = null,
        ScriptCache? scripts = null)
    {
        var settings = new PlanSettings(runbook, files, tracked);
        var layout = MigrationLayouts.Find(runbook.Migrations.Layout);
        var applied = tracked.Where(row => row.Success).OrderBy(row => row.Version, layout.Order).ToArray();
        var scanner = new HazardScanner(tables, catalog);
        scripts ??= new ScriptCache();
        // Of each file those before it have made what it calls.
        var committing = new List<TableName>(catalog?.CommittingProcedures ?? []);
        var steps = settings.Pending.Select(file => ToStep(file, settings, scanner, catalog, scripts, committing)).ToArray();
        return new Plan
        {
            Id = PlanId.Of(target, schemaFingerprint, applied, steps),
            Environment = environment.Name,
            Target = target,
            SchemaFingerprint = schemaFingerprint,
            Steps = steps,
            Applied = applied,
            Failed = [.. tracked.Where(row => !row.Success)],
            Problems = [.. PlanProblems.Find(settings, applied, files, layout), .. PlanProblems.Unsuitable(steps)],
        };
    }

    private static Step ToStep(MigrationFile file, PlanSettings settings, HazardScanner scanner, CatalogFacts? catalog, ScriptCache scripts, List<TableName> committing)
    {
        var shown = settings.Relative(file.Path);
        var step = new Step
        {
            Migration = file.Version,
            Name = file.Name,
            File = shown,
            Group = settings.Group(file),
            Checksum = file.Checksum,
            Recorded = file.Recorded,
            RollbackFile = file.RollbackFile is null ? null : settings.Relative(file.RollbackFile),
            Statements = [],
            RiskReason = new Text("skipped", "ignorée"),
            SkipReason = settings.SkipReason(file),
        };
        if (step.SkipReason is not null)
            return step;
        var script = RoutineBody.CallsApart(AskedPartitions.Resolve(scripts.Read(file, shown), settings.Partitions, shown), committing);
        HazardRules.RefuseUnknown(script.Directives, shown);
        committing.AddRange(RoutineBody.Committing(script.Statements));
        Statement[] statements = [.. script.Statements.Select(node => node.Statement)];
        Hazard[] hazards = [.. scanner.Scan(script).Select(hazard => hazard with { AllowedBecause = settings.AllowedBecause(hazard, file, script.Directives) })];
        var (risk, reason) = RiskAssessment.Of(hazards);
        var (reversible, way) = Reversibility.Of([.. script.Statements.Where(node => node.Statement is { Control: null, RolledBack: false })], catalog ?? CatalogFacts.None, file.RollbackFile is not null || file.Down is not null || script.Directives.RollbackOffset is not null);
        if (RollbackFault.Of(file, settings.BaseFolder) is { } fault)
            (reversible, way) = (Reversible.No, fault);
        step = step with { Reversible = reversible, ReversibleReason = way, RollbackFile = step.RollbackFile ?? (script.Directives.RollbackOffset is null && file.Down is null ? null : shown) };
        return step with { Statements = statements, Transactional = script.Transactional, Description = StepDescription.Of(script.Statements), Hazards = hazards, Risk = risk, RiskReason = reason };
    }
}

using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Partitions;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>Finds the way back of each migration: its own rollback file, or SQL made from the catalog before and after.</summary>
/// <param name="files">The migrations as they lie in their folder.</param>
/// <param name="settings">Where paths start from, and how tables were partitioned.</param>
/// <param name="tables">The target's tables, for the hazards of the way back.</param>
internal sealed class Reversals(IReadOnlyList<MigrationFile> files, MigrationSettings settings, IReadOnlyDictionary<string, TableFacts> tables)
{
    /// <param name="undone">What is to be undone, newest first.</param>
    /// <param name="recorded">What each changed in the catalog, as far as that is on record.</param>
    /// <param name="now">The catalog as it is.</param>
    public IReadOnlyList<Reversal> Of(IReadOnlyList<TrackedMigration> undone, IReadOnlyList<RecordedChanges> recorded, CatalogSnapshot now)
    {
        var reversals = new List<Reversal>();
        foreach (var migration in undone)
        {
            var record = recorded.LastOrDefault(record => record.Migration == migration.Version);
            var sorted = record is null ? null : ChangedObjects.Sort(record.Changes, now);
            var reversal = Of(migration, record, sorted, now);
            reversals.Add(reversal with { ChangedSince = [.. sorted?.Others.Select(Said) ?? []], Undoes = [.. sorted?.Unchanged ?? [], .. reversal.Undoes] });
            // The one below is undone from where this one ends.
            now = sorted is null ? now : sorted.Undone(now);
        }

        return reversals;
    }

    private Reversal Of(TrackedMigration migration, RecordedChanges? record, ChangedObjects? changes, CatalogSnapshot now)
    {
        var file = files.FirstOrDefault(file => file.Version == migration.Version);
        if (migration.Success && file is not null && RollbackScript.Of(file, settings.BaseFolder) is { } script)
            return ByFile(migration, script) with { RowsAtRisk = record is { Proven: true } ? null : RowsAtRisk(migration, file) };
        if (file is not null && Unpartitioned(file) is { } former)
            return new Reversal(migration.Version, migration.Name, ReversalSource.Generated, ToStep(migration, former, $"{migration.Version} (generated)", file.Text));
        if (changes is null || record is null)
            return None(migration, new Text("what it changed is not on record", "ce qu'elle a modifié n'est pas noté"));
        if (record.Reversible != Reversible.Yes)
            return None(migration, record.Reason);
        var reverse = ReverseScript.Of(changes, now);
        if (reverse.Impossible.Count > 0)
            return None(migration, Text.Join(reverse.Impossible));
        var sql = string.Concat(reverse.Statements.Select(statement => $"{statement};\n"));
        return new Reversal(migration.Version, migration.Name, ReversalSource.Generated, ToStep(migration, MigrationScript.Read(sql, "generated"), $"{migration.Version} (generated)", sql))
        {
            Undoes = [.. reverse.MadeAgain.Select(made => new CatalogChange(made, made))],
        };
    }

    private Reversal ByFile(TrackedMigration migration, ScriptSource source)
    {
        var written = MigrationScript.Read(source);
        if (RollbackFault.Of(written, source.File) is { } fault)
            return Without(migration, new Text($"{migration.Version}: {fault.En}", $"{migration.Version} : {fault.Fr}"));
        var script = AskedPartitions.Resolve(written, settings.Partitions, source.File ?? "");
        UnsuitableStatement.Refuse(script.Statements.Select(node => node.Statement), source.File ?? "");
        var tracking = new MigrationSource(settings).Place.Table;
        var dropped = script.Statements.Where(node => node.Tree is { Type: "DropStmt" } drop && drop.Text("removeType") == "OBJECT_TABLE")
            .SelectMany(node => DroppedObjects.Names(node.Tree!)).FirstOrDefault(name => TrackingTable.Names.Contains(name.Name) || name.Name == tracking);
        return dropped.Name is not null
            ? new Reversal(migration.Version, migration.Name, ReversalSource.None, null, new Text(
                $"{source.File} drops {dropped.Name}, and with it what is known of all other migrations", $"{source.File} supprime {dropped.Name}, et avec elle tout ce qui est connu des autres migrations"))
            : new Reversal(migration.Version, migration.Name, ReversalSource.File, ToStep(migration, script, source.File ?? "", source.Text));
    }

    /// <summary>What its catalog does not bring back is up to the file.</summary>
    private static Text? RowsAtRisk(TrackedMigration migration, MigrationFile file)
    {
        var forward = MigrationScript.Read(file.Script, file.NoTransaction);
        var (reversible, why) = Reversibility.Of(forward.Statements, CatalogFacts.None, rollback: false);
        return reversible == Reversible.Yes ? null : new Text(
            $"{migration.Version}, {why.En}: rows and values are as they were only if its rollback file restores them; nothing has proven it",
            $"{migration.Version}, {why.Fr} : lignes et valeurs ne sont comme avant que si son fichier de retour les rétablit ; rien ne l'a prouvé");
    }

    /// <summary>Of a migration that does nothing but partition tables, also of one that was cut off: the former tables are put back.</summary>
    private MigrationScript? Unpartitioned(MigrationFile file)
    {
        var script = Directives.Read(file.Text, file.RelativePath).Partitions.Count > 0 ? MigrationScript.Read(file.Script, file.NoTransaction) : null;
        return script?.Statements.All(node => node.Statement.Partition is not null) == true
            ? AskedPartitions.Resolve(PartitionedBlocks.Undoing(script), settings.Partitions, file.RelativePath)
            : null;
    }

    private static Reversal None(TrackedMigration migration, Text why) => Without(migration, new Text(
        $"{migration.Version} has no rollback file, and none can be made: {why.En}", $"{migration.Version} n'a pas de fichier de retour, et aucun ne peut être généré : {why.Fr}"));

    private static Reversal Without(TrackedMigration migration, Text why) => new(migration.Version, migration.Name, ReversalSource.None, null, why);

    private Step ToStep(TrackedMigration migration, MigrationScript script, string file, string text)
    {
        var hazards = new HazardScanner(tables).Scan(script);
        var (risk, reason) = RiskAssessment.Of(hazards);
        return new Step
        {
            Kind = Step.Rollback,
            Migration = migration.Version,
            Name = migration.Name,
            File = file,
            Checksum = MigrationText.Checksum(text),
            Recorded = files.FirstOrDefault(file => file.Version == migration.Version)?.Recorded ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Statements = [.. script.Statements.Select(node => node.Statement)],
            Transactional = script.Transactional,
            Description = StepDescription.Of(script.Statements),
            Hazards = hazards,
            Risk = risk,
            RiskReason = reason,
        };
    }

    private static Text Said(CatalogObject changed) => new($"{changed} was changed since", $"{changed} a été modifié depuis");
}

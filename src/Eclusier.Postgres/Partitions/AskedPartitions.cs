using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Partitions;

/// <summary>Gives each partitioning of a migration the options that the runbook has for its table.</summary>
internal static class AskedPartitions
{
    /// <param name="file">The migration's, for errors.</param>
    /// <exception cref="InvalidInputException">The runbook has none for a table.</exception>
    public static MigrationScript Resolve(MigrationScript script, IReadOnlyDictionary<string, PartitionSettings> settings, string file) =>
        script.Directives.Partitions.Count == 0 ? script : script with { Statements = [.. script.Statements.Select(node => Resolve(node, settings, file))] };

    private static StatementNode Resolve(StatementNode node, IReadOnlyDictionary<string, PartitionSettings> settings, string file)
    {
        if (node.Statement.Partition is not { } partitioning)
            return node;
        var table = TableName.Read(partitioning.Table)!.Value;
        var asked = settings.Values.FirstOrDefault(candidate => TableName.Read(candidate.Table)?.Matches(table) == true) ?? throw Unknown(table, $"{file}:{node.Statement.Line}");
        // The text stands for the statement in the record of how far a migration has come: other options are another statement.
        return node with { Statement = node.Statement with { Sql = $"-- partition {asked}: {partitioning.Phase}", Partition = partitioning with { Settings = asked } } };
    }

    private static EclusierException Unknown(TableName table, string where) => new InvalidInputException(
        new Text($"The runbook does not say how {table} is partitioned.", $"Le runbook ne dit pas comment {table} est partitionnée."),
        where,
        new Text(
            $"Add to the runbook: migrations: {{ partition: {{ {table}: {{ by: created_at, every: month }} }} }}",
            $"Ajoutez au runbook : migrations: {{ partition: {{ {table}: {{ by: created_at, every: month }} }} }}"));
}

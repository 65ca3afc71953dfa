using Eclusier.Planning;

namespace Eclusier.Postgres.Sql;

/// <summary>Puts the statements of an online partitioning in the place of those that other tools run.</summary>
internal static class PartitionedBlocks
{
    /// <exception cref="InvalidInputException">There is nothing in a block: other tools would leave the table as it is.</exception>
    public static IReadOnlyList<StatementNode> Replace(IReadOnlyList<StatementNode> statements, IReadOnlyList<PartitionDirective> blocks)
    {
        foreach (var block in blocks)
        {
            var first = statements.Index().FirstOrDefault(entry => IsInside(entry.Item, block), (Index: -1, Item: null!)).Index;
            if (first < 0)
                throw Empty(block);
            statements = [.. statements.Take(first), .. Phases(block).Select(phase => Node(block, phase)), .. statements.Skip(first).Where(node => !IsInside(node, block))];
        }

        return statements;
    }

    /// <summary>The way back of a script that does nothing else.</summary>
    public static MigrationScript Undoing(MigrationScript script) =>
        script with { Statements = [.. script.Directives.Partitions.Reverse().Select(block => Node(block, PartitionPhase.Undo))] };

    private static bool IsInside(StatementNode node, PartitionDirective block) => node.Statement.Partition is null && node.Statement.Line > block.From && node.Statement.Line < block.Until && node.Statement.IncludedFrom is null;

    private static IReadOnlyList<PartitionPhase> Phases(PartitionDirective block) => block.Undo ? [PartitionPhase.Undo] : [PartitionPhase.Prepare, PartitionPhase.Copy, PartitionPhase.Swap];

    private static StatementNode Node(PartitionDirective block, PartitionPhase phase)
    {
        var name = phase.ToString().ToLowerInvariant();
        var statement = new Statement
        {
            Sql = $"-- partition {block.Table}: {name}",
            Kind = $"partition-{name}",
            Line = block.From,
            Column = 1,
            Transactional = false,
            Partition = new Partitioning(block.Table.Quoted, phase),
        };
        return new StatementNode(statement, Tree: null);
    }

    private static EclusierException Empty(PartitionDirective block) => new InvalidInputException(
        new Text($"Nothing stands in the place where {block.Table} is partitioned.", $"Rien ne figure à l'endroit où {block.Table} est partitionnée."),
        block.Where,
        new Text(
            "Put the statements there that do it on an empty database: other tools, and whoever builds one from the files, run those.",
            "Placez-y les instructions qui le font sur une base vide : les autres outils, et ceux qui en construisent une depuis les fichiers, les exécutent."));
}

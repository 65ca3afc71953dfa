using Eclusier.Evidence;

namespace Eclusier.Reports;

/// <summary>Tables that were partitioned, with the proof that no row was lost.</summary>
internal static class PartitionsSection
{
    public static void Write(MarkdownWriter to, RunRecord record)
    {
        var tables = record.Steps.SelectMany(step => step.Partitioned).ToList();
        if (tables.Count == 0)
            return;
        to.Section("Partitioned tables", "Tables partitionnées");
        to.Table(
            ["Table", to.Say("Rows before and after", "Lignes avant et après"), to.Say("Hash of both", "Empreinte des deux"), to.Say("Partitions with rows", "Partitions avec lignes"), to.Say("Former table kept as", "Ancienne table gardée sous")],
            tables.Select(table => new[] { table.Table, to.Formats.Number(table.Rows), table.Hash, to.Formats.Number(table.Partitions.Count), table.Kept }));
        to.List(tables.SelectMany(table => table.Partitions).Select(partition => $"{partition.Name}{to.Say(": ", " : ")}{to.Formats.Count(partition.Rows, "row", "ligne")}"));
    }
}

using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>Applies every rule to the statements of a plan, in the order in which they will run. Not thread-safe.</summary>
public sealed class HazardScanner(IReadOnlyDictionary<string, TableFacts> tables)
{
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);

    public IReadOnlyList<Hazard> Scan(IReadOnlyList<StatementNode> statements)
    {
        var hazards = new List<Hazard>();
        var script = new HazardContext(_created, tables) { Script = statements };
        foreach (var (position, node) in statements.Index())
        {
            var context = script with { Position = position };
            foreach (var rule in HazardRules.All)
                hazards.AddRange(rule.Check(node, context).Where(finding => IsReal(finding, context)).Select(finding => ToHazard(rule, finding, node, context)));
            Follow(node);
        }
        return hazards;
    }

    private static bool IsReal(HazardFinding finding, HazardContext context) => finding.Table is not { } table || !context.IsNew(table);

    private static Hazard ToHazard(HazardRule rule, HazardFinding finding, StatementNode node, HazardContext context)
    {
        var severity = finding.Severity ?? rule.Severity;
        if (rule.Effect == HazardEffect.Blocks && finding.Table is { } table && context.IsSmall(table))
            severity = Risk.Low;
        return new Hazard(rule.Id, severity, finding.Message, node.Statement.Line, node.Statement.Column) { Remedy = finding.Remedy ?? $"-- for example:\n{rule.Good}" };
    }

    /// <summary>Keeps track of which tables the plan has made, and which of them it has dropped or renamed since.</summary>
    private void Follow(StatementNode node)
    {
        if (node.Tree is not { } tree)
            return;
        switch (tree.Type)
        {
            case "CreateStmt" when tree.Table() is { } table:
                Create(table, tree.Flag("if_not_exists"));
                break;
            case "CreateTableAsStmt" when tree.Field("into")?.Table("rel") is { } table:
                Create(table, tree.Flag("if_not_exists"));
                break;
            case "SelectStmt" when tree.Field("intoClause")?.Table("rel") is { } table:
                Create(table, mayExist: false);
                break;
            case "RenameStmt" when tree.Text("renameType") == "OBJECT_TABLE" && tree.Table() is { } table && _created.Remove(table.Key):
                _created.Add((table with { Name = tree.Text("newname") }).Key);
                break;
            case "DropStmt":
                foreach (var table in DroppedObjects.Names(tree))
                    _created.Remove(table.Key);
                break;
        }
    }

    private void Create(TableName table, bool mayExist)
    {
        // IF NOT EXISTS on a table that is there creates nothing.
        if (!mayExist || !tables.ContainsKey(table.Key))
            _created.Add(table.Key);
    }
}

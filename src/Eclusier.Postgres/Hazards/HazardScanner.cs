using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>Applies every rule to the statements of a plan, in the order in which they will run. Not thread-safe.</summary>
public sealed class HazardScanner(IReadOnlyDictionary<string, TableFacts> tables, CatalogFacts? catalog = null)
{
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);

    public IReadOnlyList<Hazard> Scan(MigrationScript migration)
    {
        var hazards = new List<Hazard>();
        var script = new HazardContext(_created, tables) { Migration = new MigrationFacts(migration.Statements) { Transactional = migration.Transactional }, Catalog = catalog ?? CatalogFacts.None };
        foreach (var (position, node) in migration.Statements.Index())
        {
            var context = script with { Position = position };
            hazards.AddRange(Check(node, context));
            if (StatementBody.Of(node) is { } body)
                hazards.AddRange(Inside(body, context));
            context.Migration.Locked.UnionWith(ManyLocks.Locked(node, context));
            Follow(node);
        }
        return hazards;
    }

    private static IEnumerable<Hazard> Check(StatementNode node, HazardContext context) =>
        from rule in HazardRules.For(node)
        from finding in rule.Check(node, context)
        where IsReal(finding, context)
        select ToHazard(rule, finding, node, context);

    /// <summary>A DO block runs now, and what it does counts in full. A function runs some day: only what it would destroy is worth a word.</summary>
    private List<Hazard> Inside(StatementBody body, HazardContext context)
    {
        var hazards = new List<Hazard>();
        foreach (var node in body.Statements)
        {
            var found = Check(node, context);
            if (body.Name is null)
            {
                hazards.AddRange(found.Select(hazard => hazard with { Message = new Text($"in the DO block: {hazard.Message.En}", $"dans le bloc DO : {hazard.Message.Fr}") }));
                Follow(node);
            }
            else
            {
                hazards.AddRange(found.Where(hazard => hazard.Severity == Risk.High).Select(hazard => hazard with
                {
                    Severity = Risk.Low,
                    Message = new Text($"inside function {body.Name}: {hazard.Message.En}", $"dans la fonction {body.Name} : {hazard.Message.Fr}"),
                }));
            }
        }

        return hazards;
    }

    private static bool IsReal(HazardFinding finding, HazardContext context) => finding.Table is not { } table || !context.IsNew(table);

    private static Hazard ToHazard(HazardRule rule, HazardFinding finding, StatementNode node, HazardContext context)
    {
        return new Hazard(rule.Id, Severity(rule, finding, context), finding.Message, node.Statement.Line, node.Statement.Column)
        {
            IncludedFrom = node.Statement.IncludedFrom,
            Remedy = context.IsOlderThan(rule.Since) ? $"-- the safe way needs PostgreSQL {rule.Since}" : finding.Remedy ?? $"-- for example:\n{rule.Good}",
            Table = finding.Table?.ToString(),
            Lock = rule.Lock?.Name(),
            Rewrites = rule.Work == TableWork.Rewrite,
        };
    }

    /// <summary>Whether others wait for a moment or stand still is a matter of the table's size, and of how much is written to it.</summary>
    private static Risk Severity(HazardRule rule, HazardFinding finding, HazardContext context)
    {
        var severity = finding.Severity ?? rule.Severity;
        if (rule.Effect != HazardEffect.Blocks || finding.Table is not { } table)
            return severity;
        if (context.IsSmall(table))
            return Risk.Low;
        return rule.Lock?.BlocksWrites() == true && context.IsBusy(table, rule.Work) ? Risk.High : severity;
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

using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;
using Eclusier.Redaction;

namespace Eclusier.Postgres.Hazards;

/// <summary>Applies every rule to the statements of a plan, in the order in which they will run. Not thread-safe.</summary>
public sealed class HazardScanner(IReadOnlyDictionary<string, TableFacts> tables, CatalogFacts? catalog = null)
{
    private readonly PlanFacts _plan = new(tables, catalog ?? CatalogFacts.None);

    public IReadOnlyList<Hazard> Scan(MigrationScript migration) => Scan(migration.Transactions());

    /// <param name="parts">The transactions of one migration: what it sets for its session holds for all of them.</param>
    private Hazard[] Scan(IReadOnlyList<MigrationScript> parts)
    {
        var hazards = parts.SelectMany(Transaction).ToArray();
        _plan.EndMigration();
        return hazards;
    }

    private List<Hazard> Transaction(MigrationScript migration)
    {
        var hazards = new List<Hazard>();
        var script = new HazardContext(_plan, tables, catalog ?? CatalogFacts.None)
        {
            Migration = new MigrationFacts(migration.Statements) { Transactional = migration.Transactional, AsksForTransaction = migration.Wrapped },
        };
        foreach (var (position, node) in migration.Statements.Index())
        {
            var context = script with { Position = position };
            hazards.AddRange(Check(node, context));
            hazards.AddRange(UnreadStatement.Scan(node, part => Check(part, context)));
            if (StatementBody.Of(node) is { } body)
                hazards.AddRange(Inside(body, context));
            context.Migration.Locked.UnionWith(ManyLocks.Locked(node, context));
            // What the script itself takes back was never there.
            if (!node.Statement.RolledBack)
                _plan.Follow(node);
            if (!script.Migration.Transactional)
                _plan.EndTransaction();
        }

        _plan.EndTransaction();
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
                _plan.Follow(node);
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
            Remedy = context.IsOlderThan(rule.Since) ? $"-- the safe way needs PostgreSQL {rule.Since}" : finding.Remedy is { } remedy ? Secrets.Redact(remedy) : Example(rule),
            Table = finding.Table?.ToString(),
            Lock = (finding.Lock ?? rule.Lock)?.Name(),
            Rewrites = (finding.Work ?? rule.Work) == TableWork.Rewrite,
        };
    }

    /// <summary>Advice in words stands as it is; SQL on the tables of the examples is said to be such.</summary>
    private static string Example(HazardRule rule) => rule.Good.Split('\n').All(line => line.StartsWith("--", StringComparison.Ordinal)) ? rule.Good : $"-- for example:\n{rule.Good}";

    /// <summary>Whether others wait for a moment or stand still is a matter of the table's size, and of how much is written to it.</summary>
    private static Risk Severity(HazardRule rule, HazardFinding finding, HazardContext context)
    {
        var severity = finding.Severity ?? rule.Severity;
        if (rule.Effect != HazardEffect.Blocks || finding.Table is not { } table)
            return severity;
        if (context.IsSmall(table))
            return Risk.Low;
        return (finding.Lock ?? rule.Lock)?.BlocksWrites() == true && context.IsBusy(table, finding.Work ?? rule.Work) ? Risk.High : severity;
    }
}

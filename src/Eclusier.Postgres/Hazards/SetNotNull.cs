using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>SET NOT NULL, and ADD CONSTRAINT … NOT NULL without NOT VALID (since 18), scans the table under an ACCESS EXCLUSIVE lock, unless a valid CHECK proves it.</summary>
internal static class SetNotNull
{
    public static HazardRule Rule { get; } = new("set-not-null", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Scan,
        Since = 12,
        Why = new(
            "SET NOT NULL reads every row under an ACCESS EXCLUSIVE lock, unless a valid CHECK already proves that there is no null.",
            "SET NOT NULL lit chaque ligne sous un verrou ACCESS EXCLUSIVE, sauf si un CHECK valide prouve déjà l'absence de null."),
        Bad = "alter table orders alter column customer_id set not null;",
        Good = "alter table orders add constraint orders_customer_set check (customer_id is not null) not valid;\n-- in a later migration:\n-- alter table orders validate constraint orders_customer_set;\n-- alter table orders alter column customer_id set not null;\n-- alter table orders drop constraint orders_customer_set;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        let column = Column(change)
        where column is not null
        let table = change.Table
        where !context.IsNeverNull(table, column)
        select new HazardFinding(
            new Text(
                $"scans {context.Describe(table, TableWork.Scan).En}, which nobody can read meanwhile; a CHECK (… IS NOT NULL) NOT VALID, validated first, avoids it",
                $"parcourt {context.Describe(table, TableWork.Scan).Fr}, illisible entre-temps ; un CHECK (… IS NOT NULL) NOT VALID, validé avant, l'évite"),
            table,
            // A constraint that nobody here has seen was validated just before: most likely the proof.
            Severity: context.Plan.Proofs.MayBeProved(table) ? Risk.Low : null,
            Remedy: AlterTableRemedy.Of(node, context));

    private static string? Column(TableChange change) => change.Is("AT_SetNotNull") ? change.Command.Text("name")
        : change.Constraint is { } constraint && constraint.Text("contype") == "CONSTR_NOTNULL" && !constraint.Flag("skip_validation") ? constraint.Items("keys").FirstOrDefault()?.Text("sval")
        : null;
}

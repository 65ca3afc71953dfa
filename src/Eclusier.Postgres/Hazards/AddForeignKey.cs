using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ADD FOREIGN KEY without NOT VALID scans the table while writes to both tables wait.</summary>
internal static class AddForeignKey
{
    public static HazardRule Rule { get; } = new("add-foreign-key", Risk.Medium, HazardEffect.Blocks, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in TableChanges.Of(node)
        where change.Constraint is { } constraint && constraint.Text("contype") == "CONSTR_FOREIGN" && !constraint.Flag("skip_validation")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"blocks writes to {context.Describe(table).En} while its rows are checked; NOT VALID, then VALIDATE CONSTRAINT, does not",
                $"bloque les écritures dans {context.Describe(table).Fr} pendant la vérification de ses lignes ; NOT VALID puis VALIDATE CONSTRAINT ne bloque pas"),
            table);
}

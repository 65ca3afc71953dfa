using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A column whose value differs from row to row (volatile default, serial, identity, generated) rewrites the table.</summary>
internal static class AddColumnWithRewrite
{
    public static HazardRule Rule { get; } = new("add-column-volatile-default", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "A default that differs from row to row, a serial, an identity or a stored generated column makes the server write every row anew under an ACCESS EXCLUSIVE lock. A constant default does not: it is kept in the catalog.",
            "Une valeur par défaut propre à chaque ligne, un serial, une colonne identity ou générée fait réécrire chaque ligne sous un verrou ACCESS EXCLUSIVE. Une valeur constante, non : elle reste dans le catalogue."),
        Bad = "alter table orders add column token uuid default gen_random_uuid();",
        Good = "alter table orders add column token uuid;\nalter table orders alter column token set default gen_random_uuid();\n-- then fill the old rows in batches",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_AddColumn")
        let column = change.Command.Child("def")
        where column is not null
        let reason = Reason(column, context)
        where reason is not null
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"adds column {column.Text("colname")} {reason.En}: rewrites {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile",
                $"ajoute la colonne {column.Text("colname")} {reason.Fr} : réécrit {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"),
            table,
            Remedy: ColumnRemedy.DefaultLater(node, change));

    private static readonly HashSet<string> Serial = new(StringComparer.Ordinal)
    {
        "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8",
    };

    /// <summary>Why the server has to write each row; null when it keeps one value in the catalog.</summary>
    private static Text? Reason(TreeNode column, HazardContext context)
    {
        var own = new Text("with a value of its own for each row", "avec une valeur propre à chaque ligne");
        if (column.Field("typeName") is { } type)
        {
            var name = TableName.Of(type.Items("names"));
            if (Serial.Contains(name.Name))
                return own;
            if (context.Plan.IsConstrainedDomain(name))
                return new Text($"of domain {name}, whose constraint each row must keep", $"du domaine {name}, dont chaque ligne doit respecter la contrainte");
        }

        foreach (var constraint in column.Items("constraints"))
        {
            if (constraint.Text("contype") is "CONSTR_IDENTITY" || (constraint.Text("contype") == "CONSTR_GENERATED" && constraint.Text("generated_kind") != "v"))
                return own;
            if (constraint.Text("contype") != "CONSTR_DEFAULT")
                continue;
            foreach (var call in constraint.Descendants("FuncCall").Select(call => TableName.Of(call.Items("funcname"))))
            {
                switch (context.Plan.IsVolatile(call))
                {
                    case true:
                        return own;
                    case null:
                        return new Text($"with the value of {call}(), which is not known: where that function is volatile", $"avec la valeur de {call}(), qui n'est pas connue : si cette fonction est volatile");
                }
            }
        }

        return null;
    }
}

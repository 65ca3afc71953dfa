using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A NOT NULL column without a default: the migration fails where there are rows, and old clients cannot insert.</summary>
internal static class AddNotNullColumn
{
    public static HazardRule Rule { get; } = new("add-not-null-column", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["AlterTableStmt"],
        Why = new(
            "ADD COLUMN … NOT NULL without a default fails on a table that has rows. On an empty one it succeeds, and the clients of the day, which do not know the column, can no longer insert.",
            "ADD COLUMN … NOT NULL sans valeur par défaut échoue sur une table qui a des lignes. Sur une table vide, cela réussit, et les clients du moment, qui ignorent la colonne, ne peuvent plus insérer."),
        Bad = "alter table orders add column region text not null;",
        Good = "alter table orders add column region text not null default 'eu';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_AddColumn") && change.Command.Child("def") is { } column && IsUnfilled(column)
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"adds {change.Command.Child("def")?.Text("colname")} to {table} as NOT NULL without a default: fails where there are rows, and clients that do not know it cannot insert",
                $"ajoute {change.Command.Child("def")?.Text("colname")} à {table} en NOT NULL sans valeur par défaut : échoue s'il y a des lignes, et les clients qui l'ignorent ne peuvent plus insérer"),
            table);

    private static bool IsUnfilled(TreeNode column)
    {
        var constraints = column.Items("constraints").Select(constraint => constraint.Text("contype")).ToArray();
        return (constraints.Contains("CONSTR_NOTNULL") || constraints.Contains("CONSTR_PRIMARY"))
            && !constraints.Any(kind => kind is "CONSTR_DEFAULT" or "CONSTR_IDENTITY" or "CONSTR_GENERATED")
            && !(column.Field("typeName") is { } type && TableName.Of(type.Items("names")).Name.Contains("serial", StringComparison.Ordinal));
    }
}

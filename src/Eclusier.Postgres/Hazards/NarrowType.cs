using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A type that holds less: digits, times of day or the ends of texts are gone.</summary>
internal static class NarrowType
{
    public static HazardRule Rule { get; } = new("narrow-type", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "A type that holds less rounds numbers, forgets the time of day, or cuts texts where USING casts to varchar(n). Nothing fails, and the way back does not bring the old values.",
            "Un type qui contient moins arrondit les nombres, oublie l'heure, ou coupe les textes quand USING convertit en varchar(n). Rien n'échoue, et le retour ne rend pas les anciennes valeurs."),
        Bad = "alter table orders alter column note type varchar(10) using note::varchar(10);",
        Good = "alter table orders add column short_note varchar(10);\n-- fill it, switch the readers over, and keep the old column until nobody misses it",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_AlterColumnType")
        let column = change.Command.Text("name")
        where TypeChange.Loses(context.TypeOf(change.Table, column), change.Command)
        select new HazardFinding(
            new Text(
                $"the new type of {change.Table}.{column} holds less than the old one: values are rounded or cut",
                $"le nouveau type de {change.Table}.{column} contient moins que l'ancien : des valeurs sont arrondies ou coupées"),
            change.Table);
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CASCADE drops what the migration does not name.</summary>
internal static class DropCascade
{
    public static HazardRule Rule { get; } = new("drop-cascade", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["DropStmt", "AlterTableStmt"],
        Why = new(
            "CASCADE drops whatever depends on the object: views, foreign keys, columns of its type, defaults. Nobody who reads the migration sees which. Drop them one by one.",
            "CASCADE supprime tout ce qui dépend de l'objet : vues, clés étrangères, colonnes de son type, valeurs par défaut. Personne ne le voit en lisant la migration. Supprimez-les une à une."),
        Bad = "drop view open_orders cascade;",
        Good = "create view open_orders_2 as select id from orders;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "DropStmt" } drop && drop.Text("behavior") == "DROP_CASCADE" && !DroppedObjects.Names(drop).All(context.IsNew))
            yield return new HazardFinding(Says(string.Join(", ", DroppedObjects.Names(drop))));
        foreach (var change in node.TableChanges.Where(change => change.Command.Text("behavior") == "DROP_CASCADE"))
            yield return new HazardFinding(Says($"{change.Table}.{change.Command.Text("name")}"), change.Table);
    }

    private static Text Says(string name) => new($"drops {name} and all that depends on it, whatever that is", $"supprime {name} et tout ce qui en dépend, quoi que ce soit");
}

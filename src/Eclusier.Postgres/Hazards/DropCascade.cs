using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CASCADE drops what the migration does not name.</summary>
internal static class DropCascade
{
    public static HazardRule Rule { get; } = new("drop-cascade", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["DropStmt", "AlterTableStmt", "TruncateStmt"],
        Why = new(
            "CASCADE drops whatever depends on the object: views, foreign keys, columns of its type, defaults; TRUNCATE … CASCADE empties every table that refers to the one it names. Nobody who reads the migration sees which. Name them one by one.",
            "CASCADE supprime tout ce qui dépend de l'objet : vues, clés étrangères, colonnes de son type, valeurs par défaut ; TRUNCATE … CASCADE vide chaque table qui renvoie à celle qu'il nomme. Personne ne le voit en lisant la migration. Nommez-les une à une."),
        Bad = "drop view open_orders cascade;",
        Good = "create view open_orders_2 as select id from orders;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "DropStmt" } drop && drop.Text("behavior") == "DROP_CASCADE" && !DroppedObjects.Names(drop).All(context.IsNew))
            yield return new HazardFinding(Says(string.Join(", ", DroppedObjects.Names(drop))));
        foreach (var change in node.TableChanges.Where(change => change.Command.Text("behavior") == "DROP_CASCADE"))
            yield return new HazardFinding(Says($"{change.Table}.{change.Command.Text("name")}"), change.Table);
        if (node.Tree is { Type: "TruncateStmt" } truncate && truncate.Text("behavior") == "DROP_CASCADE")
        {
            var named = truncate.Items("relations").Select(TableName.Of).Where(table => !context.IsNew(table)).ToArray();
            var reached = Reached([.. named.Select(context.KeyOf)], context);
            if (named.Length > 0 && (reached.Count > 0 || !context.Plan.Names.KnowsTarget))
                yield return new HazardFinding(Empties(string.Join(", ", named), string.Join(", ", reached)));
        }
    }

    private static Text Says(string name) => new($"drops {name} and all that depends on it, whatever that is", $"supprime {name} et tout ce qui en dépend, quoi que ce soit");

    private static Text Empties(string named, string reached) => reached.Length > 0
        ? new Text($"CASCADE empties with {named} all that refers to it: {reached}", $"CASCADE vide avec {named} tout ce qui y renvoie : {reached}")
        : new Text($"CASCADE empties with {named} every table that refers to it, whichever these are", $"CASCADE vide avec {named} chaque table qui y renvoie, quelles qu'elles soient");

    /// <summary>Tables whose foreign keys lead to these, over however many others.</summary>
    private static List<string> Reached(string[] named, HazardContext context)
    {
        var keys = context.Catalog.Constraints.SelectMany(table => table).Where(constraint => constraint.References is not null).ToArray();
        var (reached, open) = (new List<string>(), new Queue<string>(named));
        while (open.TryDequeue(out var table))
        {
            foreach (var other in keys.Where(key => key.References == table).Select(key => key.Table).Where(other => !named.Contains(other) && !reached.Contains(other)).Distinct().ToArray())
            {
                reached.Add(other);
                open.Enqueue(other);
            }
        }

        return [.. reached.Select(key => key.StartsWith("public.", StringComparison.Ordinal) ? key["public.".Length..] : key)];
    }
}

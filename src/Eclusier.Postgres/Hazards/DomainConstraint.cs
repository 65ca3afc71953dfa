using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER DOMAIN … ADD CONSTRAINT and SET NOT NULL read every table that has a column of the domain.</summary>
internal static class DomainConstraint
{
    public static HazardRule Rule { get; } = new("domain-constraint", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterDomainStmt"],
        Lock = LockMode.Share,
        On = "parcels",
        Work = TableWork.Scan,
        Why = new(
            "A new constraint of a domain is proved by reading every table that has a column of it, under a SHARE lock on each: nobody writes to them meanwhile. NOT VALID spares them for now, and VALIDATE CONSTRAINT reads them later, under the same lock.",
            "Une nouvelle contrainte de domaine est prouvée en lisant chaque table qui en a une colonne, sous un verrou SHARE sur chacune : personne n'y écrit entre-temps. NOT VALID les épargne pour l'instant, et VALIDATE CONSTRAINT les lit plus tard, sous le même verrou."),
        Bad = "alter domain weight add constraint weight_positive check (value > 0);",
        Good = "alter domain weight add constraint weight_positive check (value > 0) not valid;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "AlterDomainStmt" } domain || !Reads(domain))
            yield break;
        var name = TableName.Of(domain.Items("typeName"));
        yield return new HazardFinding(
            new Text($"reads every table with a column of domain {name}, to which nobody can write meanwhile", $"lit chaque table qui a une colonne du domaine {name}, où personne ne peut écrire entre-temps"),
            Remedy: "-- NOT VALID holds for new rows at once and reads nothing; validate it in a migration of its own, while few write");
    }

    /// <summary>The letters of the grammar: C adds a constraint, V validates one, O sets NOT NULL.</summary>
    private static bool Reads(TreeNode domain) => domain.Text("subtype") switch
    {
        "C" => domain.Child("def")?.Flag("skip_validation") != true,
        "V" or "O" => true,
        _ => false,
    };
}

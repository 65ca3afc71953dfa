using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A statement that the parser does not know.</summary>
internal static class Unclassified
{
    public static HazardRule Rule { get; } = new("unclassified", Risk.Medium, HazardEffect.Unseen, Check)
    {
        Why = new(
            "The parser is PostgreSQL 18's (where the program was built without a C compiler, the distribution's libpg_query, which may be older). Newer syntax, or a mistake, is sent to the server as it stands, and nobody has looked at it.",
            "L'analyseur est celui de PostgreSQL 18 (là où le programme a été construit sans compilateur C, la libpg_query de la distribution, peut-être plus ancienne). Une syntaxe plus récente, ou une erreur, est envoyée telle quelle au serveur, et personne ne l'a examinée."),
        Bad = "alter table orders add constraint c not null total no inherit nonsense;",
        Good = "alter table orders add column c int;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is null && node.Statement.Partition is null)
            yield return new HazardFinding(new Text($"statement on line {node.Statement.Line} is not understood by the parser: review it", $"instruction ligne {node.Statement.Line} non comprise par l'analyseur : à relire"));
    }
}

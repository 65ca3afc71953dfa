using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP SCHEMA: with CASCADE, everything in it is gone.</summary>
internal static class DropSchema
{
    public static HazardRule Rule { get; } = new("drop-schema", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["DropStmt"],
        Why = new(
            "A schema and, with CASCADE, everything in it is gone.",
            "Un schéma et, avec CASCADE, tout ce qu'il contient disparaît."),
        Bad = "drop schema archive;",
        Good = "alter schema archive rename to archive_old;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        DroppedObjects.Find(node, "OBJECT_SCHEMA", name => new HazardFinding(new Text($"drops schema {name}", $"supprime le schéma {name}")));
}

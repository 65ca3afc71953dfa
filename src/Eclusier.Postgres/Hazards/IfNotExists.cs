using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>IF NOT EXISTS can hide an object of that name that is something else.</summary>
internal static class IfNotExists
{
    public static HazardRule Rule { get; } = new("if-not-exists", Risk.Low, HazardEffect.Habit, Check)
    {
        Statements = ["CreateStmt", "IndexStmt"],
        Why = new(
            "When an object of that name is there, the statement does nothing, whatever that object is: a table with other columns, or an invalid index that a failed CREATE INDEX CONCURRENTLY left. The migration is recorded, and the difference stays. (Eclusier itself rebuilds an invalid index of that name.)",
            "Si un objet de ce nom existe, l'instruction ne fait rien, quel qu'il soit : une table aux autres colonnes, ou un index invalide laissé par un CREATE INDEX CONCURRENTLY en échec. La migration est enregistrée, et l'écart demeure. (Eclusier, lui, reconstruit un index invalide de ce nom.)"),
        Bad = "create table if not exists invoices (id bigint primary key);",
        Good = "create table invoices (id bigint primary key);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "CreateStmt" or "IndexStmt" } create && create.Flag("if_not_exists"))
            yield return new HazardFinding(new Text("IF NOT EXISTS: an object of that name that is something else would be kept as it is", "IF NOT EXISTS : un objet de ce nom, même différent, serait gardé tel quel"));
    }
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>REINDEX without CONCURRENTLY: writes wait, and reads that would use the index.</summary>
internal static class Reindex
{
    public static HazardRule Rule { get; } = new("reindex", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["ReindexStmt"],
        Lock = LockMode.Share,
        Work = TableWork.Scan,
        Since = 12,
        Why = new(
            "REINDEX holds a SHARE lock on the table and an ACCESS EXCLUSIVE one on the index: writes wait, and reads that would use the index.",
            "REINDEX tient un verrou SHARE sur la table et ACCESS EXCLUSIVE sur l'index : les écritures attendent, et les lectures qui utiliseraient l'index."),
        Bad = "reindex table orders;",
        Good = "reindex table concurrently orders;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "ReindexStmt" } reindex || reindex.OptionIsOn("params", "concurrently"))
            yield break;
        var what = reindex.Table() is { } name ? name.ToString() : reindex.Text("name");
        yield return new HazardFinding(new Text(
            $"blocks writes while {what} is reindexed; REINDEX CONCURRENTLY does not",
            $"bloque les écritures pendant la réindexation de {what} ; REINDEX CONCURRENTLY ne bloque pas"), Remedy: Remedies.Reindex(node));
    }
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CREATE INDEX without CONCURRENTLY: a SHARE lock, under which nobody writes.</summary>
internal static class CreateIndex
{
    public static HazardRule Rule { get; } = new("create-index", Risk.Medium, HazardEffect.Blocks, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "IndexStmt" } index || index.Flag("concurrent") || index.Table() is not { } table)
            yield break;
        var name = context.Describe(table);
        yield return new HazardFinding(
            new Text(
                $"blocks writes to {name.En} while the index is built; CREATE INDEX CONCURRENTLY does not",
                $"bloque les écritures dans {name.Fr} pendant la construction de l'index ; CREATE INDEX CONCURRENTLY ne bloque pas"),
            table);
    }
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CREATE OR REPLACE VIEW: readers see something else from now on.</summary>
internal static class ReplaceView
{
    public static HazardRule Rule { get; } = new("replace-view", Risk.Medium, HazardEffect.BreaksClients, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "ViewStmt" } view && view.Flag("replace") && view.Table("view") is { } name)
            yield return new HazardFinding(new Text($"replaces view {name}, if it exists: its readers see the new one", $"remplace la vue {name}, si elle existe : ses lecteurs voient la nouvelle"));
    }
}

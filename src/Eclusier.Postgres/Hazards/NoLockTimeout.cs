using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A migration that turns lock_timeout off queues for a lock without end, and everybody behind it.</summary>
internal static class NoLockTimeout
{
    public static HazardRule Rule { get; } = new("no-lock-timeout", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["VariableSetStmt"],
        Why = new(
            "Eclusier gives each attempt a lock_timeout, steps back and tries again. A migration that sets it to 0 waits as long as the longest transaction, with the whole application queued behind it.",
            "Eclusier donne à chaque essai un lock_timeout, se retire et réessaie. Une migration qui le met à 0 attend aussi longtemps que la plus longue transaction, toute l'application faisant la queue derrière elle."),
        Bad = "set lock_timeout = 0;",
        Good = "set local lock_timeout = '500ms';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "VariableSetStmt" } setting && setting.Text("name") == "lock_timeout" && IsOff(setting) && !IsPutBack(setting, context))
            yield return new HazardFinding(new Text("turns lock_timeout off: waits without end, and everybody behind it", "désactive lock_timeout : attend sans fin, et tout le monde derrière"));
    }

    /// <summary>RESET behind the last statement that works: nothing waits any more.</summary>
    private static bool IsPutBack(TreeNode setting, HazardContext context) =>
        setting.Text("kind") != "VAR_SET_VALUE" && context.Migration.LastOrdinaryPosition is >= 0 and var last && last < context.Position;

    private static bool IsOff(TreeNode setting) =>
        setting.Text("kind") != "VAR_SET_VALUE" || setting.Items("args").Any(arg => arg.Field("ival") is { } number ? !number.Has("ival") : arg.Field("sval")?.Text("sval") is "0" or "0s" or "0ms");
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A call of a function that may do anything.</summary>
internal static class FunctionCall
{
    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CreateTableAsStmt", "CallStmt", "CopyStmt", "PrepareStmt", "ExplainStmt",
    };

    public static HazardRule Rule { get; } = new("function-call", Risk.Low, HazardEffect.Unseen, Check)
    {
        Statements = [.. Kinds],
        Why = new(
            "A function that is not the server's own may change tables and take any lock, and the plan cannot see it beforehand. What is declared STABLE or IMMUTABLE cannot.",
            "Une fonction qui n'est pas celle du serveur peut modifier des tables et prendre n'importe quel verrou, sans que le plan le voie d'avance. Celle déclarée STABLE ou IMMUTABLE ne le peut pas."),
        Bad = "select order_count();",
        Good = "-- write out what the function does, or rehearse the migration",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { } tree || !Kinds.Contains(tree.Type) || (tree.Type == "ExplainStmt" && !tree.OptionIsOn("options", "analyze")))
            yield break;
        var calls = CalledFunctions.Of(tree).Where(call => !BuiltInFunctions.Contains(call) && context.Plan.IsVolatile(call) != false).Select(call => call.ToString()).Distinct(StringComparer.Ordinal).Take(3).ToArray();
        if (calls.Length > 0)
        {
            var names = string.Join(", ", calls.Select(call => $"{call}()"));
            yield return new HazardFinding(new Text($"calls {names}, which may do anything: it cannot be seen beforehand", $"appelle {names}, qui peut tout faire : cela ne se voit pas d'avance"));
        }
    }
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A function with other parameters is another function: it stands beside the old one, or in its place.</summary>
internal static class FunctionSignature
{
    public static HazardRule Rule { get; } = new("function-signature", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["CreateFunctionStmt"],
        Why = new(
            "A function is known by its name and the types of its parameters. With other types, CREATE OR REPLACE replaces nothing: the old function stays, is called as before, and a call that fits both fails. Dropped and created anew, it breaks every caller that still gives the old arguments or expects the old result.",
            "Une fonction est connue par son nom et les types de ses paramètres. Avec d'autres types, CREATE OR REPLACE ne remplace rien : l'ancienne reste, continue d'être appelée, et un appel qui convient aux deux échoue. Supprimée puis recréée, elle casse tout appelant qui donne encore les anciens arguments ou attend l'ancien résultat."),
        Bad = "drop function order_count();\ncreate function order_count(since date) returns bigint language sql as 'select count(*) from orders where placed_at >= since';",
        Good = "create function order_count_since(since date) returns bigint language sql as 'select count(*) from orders where placed_at >= since';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "CreateFunctionStmt" } function)
            yield break;
        var name = TableName.Of(function.Items("funcname"));
        var present = context.Catalog.Functions[name.Key].ToArray();
        if (context.Migration.DropsFunction(name))
        {
            yield return new HazardFinding(new Text(
                $"drops function {name} and creates it anew: callers that know the old parameters or the old result fail",
                $"supprime puis recrée la fonction {name} : ceux qui connaissent les anciens paramètres ou l'ancien résultat échouent"));
        }
        else if (present.Length > 0 && !present.Contains(InputTypes(function)))
        {
            var old = present[0].Replace(",", ", ", StringComparison.Ordinal);
            yield return new HazardFinding(new Text(
                $"creates a second function {name} beside {name.Name}({old}): nothing is replaced, and a call that fits both fails",
                $"crée une seconde fonction {name} à côté de {name.Name}({old}) : rien n'est remplacé, et un appel qui convient aux deux échoue"));
        }
    }

    private static string InputTypes(TreeNode function) => string.Join(
        ',',
        from parameter in function.Items("parameters")
        where parameter.Text("mode") is not ("FUNC_PARAM_OUT" or "FUNC_PARAM_TABLE")
        let type = parameter.Field("argType")
        select $"{(type?.Has("arrayBounds") == true ? "_" : "")}{TableName.Of(type?.Items("names") ?? []).Name}");
}

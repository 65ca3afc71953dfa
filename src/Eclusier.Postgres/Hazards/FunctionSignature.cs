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
        var inputs = InputTypes(function);
        var present = context.Catalog.Functions[name.Schema is null ? $"{context.Catalog.SearchPath.FirstOrDefault() ?? "public"}.{name.Name}" : name.Key].Where(known => !known.OfExtension).ToArray();
        var dropped = context.Migration.DroppedBefore(name, context.Position).ToArray();
        if (dropped.Length > 0)
        {
            // The same parameters are the same function; what it returns is only known where the target was looked at.
            var same = present.FirstOrDefault(known => known.Inputs == inputs);
            if (dropped.Any(old => old.Inputs == inputs) && (same is null || Returns(function) is not { } result || result == same.Result))
                yield break;
            yield return new HazardFinding(new Text(
                $"drops function {name} and creates it anew: callers that know the old parameters or the old result fail",
                $"supprime puis recrée la fonction {name} : ceux qui connaissent les anciens paramètres ou l'ancien résultat échouent"));
        }
        else if (present.Length > 0 && present.All(known => known.Inputs != inputs))
        {
            var old = present[0].Inputs.Replace(",", ", ", StringComparison.Ordinal);
            yield return new HazardFinding(new Text(
                $"creates a second function {name} beside {name.Name}({old}): nothing is replaced, and a call that fits both fails",
                $"crée une seconde fonction {name} à côté de {name.Name}({old}) : rien n'est remplacé, et un appel qui convient aux deux échoue"));
        }
    }

    /// <summary>The types of its input parameters, as <c>pg_type</c> calls them.</summary>
    internal static string InputTypes(TreeNode function) => string.Join(
        ',',
        from parameter in function.Items("parameters")
        where parameter.Text("mode") is not ("FUNC_PARAM_OUT" or "FUNC_PARAM_TABLE")
        let type = parameter.Field("argType")
        where type is not null
        select TypeName(type));

    /// <summary>By <c>typname</c>: <c>int4</c>, <c>_text</c>.</summary>
    internal static string TypeName(TreeNode type) => $"{(type.Has("arrayBounds") ? "_" : "")}{TableName.Of(type.Items("names")).Name}";

    /// <summary>As <c>format_type</c> writes it; null for what it writes otherwise than the parser, and for sets.</summary>
    private static string? Returns(TreeNode function) => function.Field("returnType") is { } type && !type.Flag("setof")
        ? TypeName(type) switch
        {
            "int4" => "integer",
            "int8" => "bigint",
            "int2" => "smallint",
            "bool" => "boolean",
            "text" or "void" or "numeric" or "date" or "uuid" or "jsonb" or "json" or "trigger" or "bytea" => TypeName(type),
            _ => null,
        }
        : null;
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>Types that are regretted: char(n), json, money, and floating point for amounts.</summary>
internal static class ColumnTypes
{
    public static HazardRule Rule { get; } = new("column-type", Risk.Low, HazardEffect.Habit, Check)
    {
        Statements = ["CreateStmt", "AlterTableStmt"],
        Why = new(
            "char(n) pads with blanks, json keeps a text that no index reads and that has no equality, money depends on a setting of the server, and floating point loses cents. Changing the type later rewrites the table.",
            "char(n) complète par des espaces, json garde un texte qu'aucun index ne lit et qui n'a pas d'égalité, money dépend d'un réglage du serveur, et la virgule flottante perd des centimes. Changer de type plus tard réécrit la table."),
        Bad = "create table invoices (id bigint primary key, price double precision);",
        Good = "create table invoices (id bigint primary key, price numeric(12, 2));",
    };

    private static readonly string[] Amounts = ["price", "amount", "total", "cost", "fee", "balance", "salary", "tax", "montant", "prix", "solde"];

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        foreach (var column in NewColumns.Of(node))
        {
            var name = column.Text("colname");
            switch (column.Field("typeName") is { } type ? TableName.Of(type.Items("names")).Name : "")
            {
                case "bpchar":
                    yield return new HazardFinding(new Text($"{name} is char(n), which pads with blanks: text, with a CHECK on its length", $"{name} est un char(n), complété par des espaces : text, avec un CHECK sur sa longueur"));
                    break;
                case "json":
                    yield return new HazardFinding(new Text($"{name} is json: jsonb can be compared and indexed", $"{name} est un json : jsonb se compare et s'indexe"));
                    break;
                case "money":
                    yield return new HazardFinding(new Text($"{name} is money, which depends on lc_monetary: numeric does not", $"{name} est un money, qui dépend de lc_monetary : numeric, non"));
                    break;
                case "float4" or "float8" when Amounts.Any(amount => name.Contains(amount, StringComparison.OrdinalIgnoreCase)):
                    yield return new HazardFinding(new Text($"{name} is floating point and looks like an amount: numeric keeps the cents", $"{name} est en virgule flottante et semble un montant : numeric garde les centimes"));
                    break;
            }
        }
    }
}

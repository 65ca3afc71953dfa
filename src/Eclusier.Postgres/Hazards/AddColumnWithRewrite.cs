using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A column whose value differs from row to row (volatile default, serial, identity, generated) rewrites the table.</summary>
internal static class AddColumnWithRewrite
{
    public static HazardRule Rule { get; } = new("add-column-volatile-default", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "A default that differs from row to row, a serial, an identity or a stored generated column makes the server write every row anew under an ACCESS EXCLUSIVE lock. A constant default does not: it is kept in the catalog.",
            "Une valeur par défaut propre à chaque ligne, un serial, une colonne identity ou générée fait réécrire chaque ligne sous un verrou ACCESS EXCLUSIVE. Une valeur constante, non : elle reste dans le catalogue."),
        Bad = "alter table orders add column token uuid default gen_random_uuid();",
        Good = "alter table orders add column token uuid;\nalter table orders alter column token set default gen_random_uuid();\n-- then fill the old rows in batches",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_AddColumn") && change.Command.Child("def") is { } column && Rewrites(column)
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"adds column {change.Command.Child("def")?.Text("colname")} with a value of its own for each row: rewrites {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile",
                $"ajoute la colonne {change.Command.Child("def")?.Text("colname")} avec une valeur propre à chaque ligne : réécrit {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"),
            table);

    private static readonly HashSet<string> Serial = new(StringComparer.Ordinal)
    {
        "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8",
    };

    private static readonly HashSet<string> Volatile = new(StringComparer.Ordinal)
    {
        "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4", "uuidv7",
        "random", "clock_timestamp", "timeofday", "nextval", "gen_random_bytes", "txid_current",
    };

    private static bool Rewrites(TreeNode column) =>
        (column.Field("typeName") is { } type && Serial.Contains(TableName.Of(type.Items("names")).Name))
        || column.Items("constraints").Any(constraint => constraint.Text("contype") switch
        {
            "CONSTR_IDENTITY" or "CONSTR_GENERATED" => true,
            "CONSTR_DEFAULT" => constraint.Descendants("FuncCall").Any(call => Volatile.Contains(TableName.Of(call.Items("funcname")).Name)),
            _ => false,
        });
}

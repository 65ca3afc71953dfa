using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A primary key of 32 bits runs out at 2.1 billion.</summary>
internal static class IntPrimaryKey
{
    public static HazardRule Rule { get; } = new("int-primary-key", Risk.Low, HazardEffect.Habit, Check)
    {
        Statements = ["CreateStmt"],
        Why = new(
            "integer and serial end at 2,147,483,647, failed inserts and rolled-back transactions count too. Changing it later means a rewrite of this table and of all that refer to it; bigint costs four bytes.",
            "integer et serial s'arrêtent à 2 147 483 647, insertions en échec et transactions annulées comprises. En changer plus tard réécrit cette table et toutes celles qui la référencent ; bigint coûte quatre octets."),
        Bad = "create table invoices (id serial primary key);",
        Good = "create table invoices (id bigint generated always as identity primary key);",
    };

    private static readonly HashSet<string> Narrow = new(StringComparer.Ordinal) { "int4", "int2", "serial", "serial4", "smallserial", "serial2" };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "CreateStmt" } create)
            return [];
        var elements = create.Items("tableElts").ToArray();
        // A key of several columns runs out with none of them.
        var ofTable = elements.Where(element => element.Type == "Constraint" && element.Text("contype") == "CONSTR_PRIMARY")
            .Select(key => key.Items("keys").Select(column => column.Text("sval")).ToArray()).Where(key => key.Length == 1).Select(key => key[0]).ToArray();
        return from column in elements
               where column.Type == "ColumnDef" && (ofTable.Contains(column.Text("colname")) || column.Items("constraints").Any(constraint => constraint.Text("contype") == "CONSTR_PRIMARY"))
                   && column.Field("typeName") is { } type && Narrow.Contains(TableName.Of(type.Items("names")).Name)
               select new HazardFinding(new Text(
                   $"{create.Table()}.{column.Text("colname")} has 32 bits or fewer: bigint does not run out",
                   $"{create.Table()}.{column.Text("colname")} n'a que 32 bits ou moins : bigint ne s'épuise pas"));
    }
}

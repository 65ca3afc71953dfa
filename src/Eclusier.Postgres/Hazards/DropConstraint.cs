using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP CONSTRAINT: what was certain of the rows is so no longer.</summary>
internal static class DropConstraint
{
    public static HazardRule Rule { get; } = new("drop-constraint", Risk.Low, HazardEffect.BreaksClients, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Why = new(
            "From now on nothing keeps wrong rows out, and bringing the constraint back means reading every row. Without its primary key a table has no rows that ON CONFLICT, other tables or logical replication could name.",
            "Désormais rien n'empêche des lignes fausses, et rétablir la contrainte oblige à relire chaque ligne. Sans sa clé primaire, une table n'a plus de lignes que ON CONFLICT, d'autres tables ou la réplication logique puissent désigner."),
        Bad = "alter table orders drop constraint orders_pkey;",
        Good = "-- add what replaces it first, and drop the old one in a migration of its own",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_DropConstraint")
        let table = change.Table
        let name = change.Command.Text("name")
        where !context.Migration.AddsConstraint(table, name) && !context.Plan.Proofs.HasServed(table, name)
        let kind = context.Catalog.Constraints[context.KeyOf(table)].FirstOrDefault(constraint => constraint.Name == name)?.Kind
        let primary = kind is null ? name == ObjectNames.Make(table.Name, "", "pkey") : kind == 'p'
        select new HazardFinding(
            primary
                ? new Text($"drops the primary key {name} of {table}", $"supprime la clé primaire {name} de {table}")
                : new Text($"drops constraint {name} of {table}: nothing keeps wrong rows out any more", $"supprime la contrainte {name} de {table} : plus rien n'empêche des lignes fausses"),
            table,
            primary ? Risk.Medium : null);
}

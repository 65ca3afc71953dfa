using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A new table without row security where its neighbours have it.</summary>
internal static class RowSecurityMissing
{
    public static HazardRule Rule { get; } = new("row-security-missing", Risk.Medium, HazardEffect.OpensAccess, Check)
    {
        Statements = ["CreateStmt"],
        Why = new(
            "Where the tables of a schema use row security as a rule, a table without it is open to every role that the API lets in.",
            "Là où les tables d'un schéma utilisent en règle générale la sécurité par ligne, une table sans elle est ouverte à tout rôle que l'API laisse entrer."),
        Bad = "alter table customers enable row level security;\ncreate table invoices (id bigint primary key, owner text);",
        Good = "create table invoices (id bigint primary key, owner text);\nalter table invoices enable row level security;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "CreateStmt" } create || create.Table() is not { } table || create.Has("partbound") || create.Field("relation")?.Text("relpersistence") == "t")
            yield break;
        if (table.Name == "schema_migrations" || context.Migration.Secures(table) || !context.UsesRowSecurity(table))
            yield break;
        yield return new HazardFinding(new Text(
            $"{table} has no row security, as its neighbours have: ALTER TABLE … ENABLE ROW LEVEL SECURITY",
            $"{table} n'a pas de sécurité par ligne, contrairement à ses voisines : ALTER TABLE … ENABLE ROW LEVEL SECURITY"), Remedy: $"alter table {table.Sql} enable row level security;");
    }
}

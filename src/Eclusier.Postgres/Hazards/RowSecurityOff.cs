using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DISABLE and NO FORCE ROW LEVEL SECURITY: rows that policies kept from somebody are open.</summary>
internal static class RowSecurityOff
{
    public static HazardRule Rule { get; } = new("row-security-off", Risk.Medium, HazardEffect.OpensAccess, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        On = "accounts",
        Why = new(
            "Without row security the table's policies count for nothing: whoever may read the table reads every row. NO FORCE exempts its owner, as whom many applications log in.",
            "Sans sécurité par ligne, les politiques de la table ne comptent plus : qui peut lire la table lit chaque ligne. NO FORCE en exempte le propriétaire, sous le nom duquel bien des applications se connectent."),
        Bad = "alter table accounts disable row level security;",
        Good = "create policy accounts_own on accounts using (owner = current_user);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        let off = change.Is("AT_DisableRowSecurity")
        where off || change.Is("AT_NoForceRowSecurity")
        let table = change.Table
        select new HazardFinding(
            off
                ? new Text($"turns the row security of {table} off: its policies count for nothing", $"désactive la sécurité par ligne de {table} : ses politiques ne comptent plus")
                : new Text($"exempts the owner of {table} from its policies", $"exempte le propriétaire de {table} de ses politiques"),
            table);
}

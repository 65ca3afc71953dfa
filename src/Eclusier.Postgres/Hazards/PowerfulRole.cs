using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>SUPERUSER, BYPASSRLS and their like: a role past all rights.</summary>
internal static class PowerfulRole
{
    public static HazardRule Rule { get; } = new("powerful-role", Risk.High, HazardEffect.OpensAccess, Check)
    {
        Statements = ["CreateRoleStmt", "AlterRoleStmt", "GrantRoleStmt"],
        Why = new(
            "A superuser is asked for no right, and may run programs on the server; BYPASSRLS reads every row; REPLICATION copies the whole server; CREATEROLE hands out rights. Grant what the role needs instead.",
            "Un superutilisateur n'a besoin d'aucun droit et peut lancer des programmes sur le serveur ; BYPASSRLS lit chaque ligne ; REPLICATION copie tout le serveur ; CREATEROLE distribue des droits. Accordez plutôt ce dont le rôle a besoin."),
        Bad = "alter role reader superuser;",
        Good = "grant select on orders to reader;",
    };

    private static readonly Dictionary<string, Risk> Attributes = new(StringComparer.Ordinal)
    {
        ["superuser"] = Risk.High,
        ["bypassrls"] = Risk.High,
        ["isreplication"] = Risk.Medium,
        ["createrole"] = Risk.Medium,
    };

    /// <summary>Roles of the server itself that reach files and programs, or every row.</summary>
    private static readonly HashSet<string> OfServer = new(StringComparer.Ordinal)
    {
        "pg_execute_server_program", "pg_write_server_files", "pg_read_server_files", "pg_read_all_data", "pg_write_all_data",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "CreateRoleStmt" or "AlterRoleStmt" } role)
        {
            var name = role.Text("role") is { Length: > 0 } created ? created : role.Field("role")?.Text("rolename") ?? "";
            foreach (var attribute in role.Items("options").Where(option => Attributes.ContainsKey(option.Text("defname")) && role.OptionIsOn("options", option.Text("defname"))))
            {
                var word = attribute.Text("defname") == "isreplication" ? "REPLICATION" : attribute.Text("defname").ToUpperInvariant();
                yield return new HazardFinding(new Text($"gives role {name} {word}", $"donne au rôle {name} {word}"), Severity: Attributes[attribute.Text("defname")]);
            }
        }
        else if (node.Tree is { Type: "GrantRoleStmt" } grant && grant.Flag("is_grant"))
        {
            foreach (var power in grant.Items("granted_roles").Select(granted => granted.Text("priv_name")).Where(OfServer.Contains))
                yield return new HazardFinding(new Text($"grants {power}: files, programs or rows past all other rights", $"accorde {power} : fichiers, programmes ou lignes au-delà de tout autre droit"), Severity: Risk.Medium);
        }
    }
}

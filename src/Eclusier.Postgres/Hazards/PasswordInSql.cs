using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A password in a migration is in the repository, in the server's log and in pg_stat_activity.</summary>
internal static class PasswordInSql
{
    public static HazardRule Rule { get; } = new("password-in-sql", Risk.High, HazardEffect.OpensAccess, Check)
    {
        Statements = ["CreateRoleStmt", "AlterRoleStmt"],
        Why = new(
            "A password in a migration file is in the repository for ever, and in the server's log. Set it outside, with psql's \\password.",
            "Un mot de passe dans une migration reste dans le dépôt pour toujours, et dans le journal du serveur. Définissez-le à part, avec \\password de psql."),
        Bad = "create role api login password 'secret';",
        Good = "create role api login;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "CreateRoleStmt" or "AlterRoleStmt" } role || !role.Items("options").Any(option => option.Text("defname") == "password" && option.Has("arg")))
            yield break;
        yield return new HazardFinding(new Text("holds a password: it is in the repository and in the server's log", "contient un mot de passe : il est dans le dépôt et dans le journal du serveur"));
    }
}

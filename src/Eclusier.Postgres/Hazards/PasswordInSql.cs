using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A password in a migration is in the repository, in the server's log and in pg_stat_activity.</summary>
internal static class PasswordInSql
{
    public static HazardRule Rule { get; } = new("password-in-sql", Risk.High, HazardEffect.OpensAccess, Check)
    {
        Statements = ["CreateRoleStmt", "AlterRoleStmt", "CreateUserMappingStmt", "AlterUserMappingStmt", "CreateForeignServerStmt", "CreateSubscriptionStmt", "AlterSubscriptionStmt"],
        Why = new(
            "A password in a migration file is in the repository for ever, and in the server's log. Set it outside, with psql's \\password.",
            "Un mot de passe dans une migration reste dans le dépôt pour toujours, et dans le journal du serveur. Définissez-le à part, avec \\password de psql."),
        Bad = "create role api login password 'secret';",
        Good = "create role api login;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { } tree && (tree.Items("options").Any(option => option.Text("defname") == "password" && option.Has("arg")) || ConnectsWithPassword(tree.Text("conninfo"))))
            yield return new HazardFinding(new Text("holds a password: it is in the repository and in the server's log", "contient un mot de passe : il est dans le dépôt et dans le journal du serveur"));
    }

    /// <summary><c>host=… password=…</c>, or a URL with one.</summary>
    private static bool ConnectsWithPassword(string connection) =>
        connection.Contains("password", StringComparison.OrdinalIgnoreCase) || (Uri.TryCreate(connection, UriKind.Absolute, out var url) && url.UserInfo.Contains(':', StringComparison.Ordinal));
}

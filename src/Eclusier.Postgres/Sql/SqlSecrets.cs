using Eclusier.Redaction;

namespace Eclusier.Postgres.Sql;

/// <summary>
/// Remembers the secrets that stand in a statement as literals, so that no error, no excerpt and no report repeats them: passwords of roles, options of
/// user mappings and servers, connection strings of subscriptions, and what settings and functions with such a name are given.
/// </summary>
internal static class SqlSecrets
{
    private static readonly string[] Telling = ["pass", "pwd", "secret", "token", "api_key", "apikey", "access_key", "private_key"];

    /// <summary>Function -> which of its arguments is the secret, from zero.</summary>
    private static readonly Dictionary<string, int> Functions = new(StringComparer.Ordinal)
    {
        ["create_secret"] = 0,
        ["update_secret"] = 1,
        ["crypt"] = 0,
        ["pgp_sym_encrypt"] = 1,
        ["pgp_sym_encrypt_bytea"] = 1,
        ["pgp_sym_decrypt"] = 1,
        ["pgp_sym_decrypt_bytea"] = 1,
        ["hmac"] = 1,
        ["sign"] = 1,
    };

    public static void Remember(TreeNode tree, string sql)
    {
        switch (tree.Type)
        {
            case "CreateRoleStmt" or "AlterRoleStmt" or "CreateUserMappingStmt" or "AlterUserMappingStmt" or "CreateForeignServerStmt" or "AlterForeignServerStmt":
                foreach (var option in tree.Items("options").Where(option => IsTelling(option.Text("defname"))))
                    Secrets.Remember(option.Child("arg")?.Text("sval"));
                break;
            case "CreateSubscriptionStmt" or "AlterSubscriptionStmt" when tree.Text("conninfo") is { Length: > 0 } address:
                _ = new DatabaseUrl(address);
                break;
            case "VariableSetStmt":
                Setting(tree);
                break;
            case "AlterRoleSetStmt" or "AlterDatabaseSetStmt" or "AlterSystemStmt" when tree.Field("setstmt") is { } setting:
                Setting(setting);
                break;
            // A walk over every tree would cost more than parsing it.
            case not "" when sql.Contains("crypt", StringComparison.OrdinalIgnoreCase) || sql.Contains("secret", StringComparison.OrdinalIgnoreCase)
                || sql.Contains("set_config", StringComparison.OrdinalIgnoreCase) || sql.Contains("dblink", StringComparison.OrdinalIgnoreCase):
                foreach (var call in tree.Descendants("FuncCall"))
                    Call(call);
                break;
        }
    }

    private static bool IsTelling(string name) => Telling.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) || name.EndsWith("_key", StringComparison.OrdinalIgnoreCase);

    private static void Setting(TreeNode setting)
    {
        foreach (var value in IsTelling(setting.Text("name")) || setting.Text("name").EndsWith("conninfo", StringComparison.Ordinal) ? setting.Items("args") : [])
            Take(Literal(value), isAddress: !IsTelling(setting.Text("name")));
    }

    private static void Call(TreeNode call)
    {
        var name = call.Items("funcname").LastOrDefault()?.Text("sval") ?? "";
        var arguments = call.Items("args").ToList();
        if (name.StartsWith("dblink", StringComparison.Ordinal))
            arguments.ForEach(argument => Take(Literal(argument), isAddress: true));
        else if (name == "set_config" && arguments.Count > 1 && Literal(arguments[0]) is { } setting && IsTelling(setting))
            Take(Literal(arguments[1]), isAddress: false);
        else if (Functions.TryGetValue(name, out var position) && position < arguments.Count)
            Take(Literal(arguments[position]), isAddress: false);
    }

    private static void Take(string? literal, bool isAddress)
    {
        if (isAddress && literal is not null)
            _ = new DatabaseUrl(literal);
        else
            Secrets.Remember(literal);
    }

    private static string? Literal(TreeNode node) => node.Type switch
    {
        "A_Const" => node.Field("sval")?.Text("sval"),
        "TypeCast" => node.Child("arg") is { } inner ? Literal(inner) : null,
        _ => null,
    };
}

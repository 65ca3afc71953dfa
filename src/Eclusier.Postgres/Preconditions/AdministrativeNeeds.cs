using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>The rights for what concerns roles, extensions and the server rather than one table. See <see cref="StatementNeeds"/>.</summary>
internal static class AdministrativeNeeds
{
    public static IEnumerable<Need> Of(TreeNode tree, int major) => tree.Type switch
    {
        "CreateExtensionStmt" => [Extension(tree, major)],
        "CreateRoleStmt" => [Need.Attribute("rolcreaterole", "CREATEROLE"), .. Attributes(tree, major)],
        "AlterRoleStmt" => Attributes(tree, major),
        "DropRoleStmt" => [Need.Attribute("rolcreaterole", "CREATEROLE")],
        "CreatedbStmt" => [Need.Attribute("rolcreatedb", "CREATEDB")],
        "AlterDefaultPrivilegesStmt" => Creators(tree).Select(Need.Member),
        "CreatePublicationStmt" => Publication(tree),
        "CreateSubscriptionStmt" when major < 16 => [Need.Superuser(new Text("CREATE SUBSCRIPTION", "CREATE SUBSCRIPTION"))],
        "CreateEventTrigStmt" => [Need.Superuser(Text.Same("CREATE EVENT TRIGGER"))],
        "CreateFdwStmt" => [Need.Superuser(Text.Same("CREATE FOREIGN DATA WRAPPER"))],
        "CreateAmStmt" => [Need.Superuser(Text.Same("CREATE ACCESS METHOD"))],
        "CreateTableSpaceStmt" => [Need.Superuser(Text.Same("CREATE TABLESPACE"))],
        "CreateOpClassStmt" => [Need.Superuser(Text.Same("CREATE OPERATOR CLASS"))],
        "AlterSystemStmt" when major < 15 => [Need.Superuser(Text.Same("ALTER SYSTEM"))],
        "VariableSetStmt" when tree.Text("kind") == "VAR_SET_VALUE" && tree.Text("name") == "role" =>
            tree.Items("args").FirstOrDefault()?.Field("sval")?.Text("sval") is { Length: > 0 } role and not "none" ? [Need.Member(role)] : [],
        "VariableSetStmt" when tree.Text("kind") == "VAR_SET_VALUE" => [Setting(tree.Text("name"), major)],
        _ => [],
    };

    /// <summary>A trusted one needs CREATE on the database, another one a superuser; one that is there already, nothing.</summary>
    private static Need Extension(TreeNode tree, int major)
    {
        var name = tree.Text("extname");
        var trusted = major >= 13 ? "bool_or(v.trusted)" : "false";
        return new Need(
            $"""
            (select {(tree.Flag("if_not_exists") ? $"exists (select from pg_extension e where e.extname = {Literal.Quote(name)}) or " : "")}{Need.OfMe("r.rolsuper")}
               or case when not bool_or(v.superuser) or {trusted} then has_database_privilege(current_database(), 'CREATE') else false end
             from pg_available_extension_versions v where v.name = {Literal.Quote(name)} having count(*) > 0)
            """,
            new Text($"the right to create extension {name} (a superuser's, or CREATE on this database where it is trusted)", $"le droit de créer l'extension {name} (superutilisateur, ou CREATE sur cette base si elle est de confiance)"),
            BySuperuser: true);
    }

    private static IEnumerable<Need> Attributes(TreeNode tree, int major)
    {
        if (tree.OptionIsOn("options", "superuser"))
            yield return Need.Superuser(Text.Same("ALTER ROLE … SUPERUSER"));
        foreach (var (option, column) in new[] { ("isreplication", "rolreplication"), ("bypassrls", "rolbypassrls") })
        {
            if (tree.OptionIsOn("options", option))
                yield return major >= 16 ? Need.Attribute(column, column[3..].ToUpperInvariant()) : Need.Superuser(Text.Same(column[3..].ToUpperInvariant()));
        }
    }

    private static IEnumerable<string> Creators(TreeNode tree) =>
        tree.Items("options").Where(option => option.Text("defname") == "roles").SelectMany(option => option.Child("arg")?.Items("items") ?? []).Select(role => StatementNeeds.Role(role)).OfType<string>();

    private static IEnumerable<Need> Publication(TreeNode tree) =>
    [
        Need.OnDatabase("CREATE"),
        .. tree.Flag("for_all_tables") ? [Need.Superuser(Text.Same("FOR ALL TABLES"))] : Array.Empty<Need>(),
        .. tree.Descendants("PublicationTable").Select(table => table.Table()).OfType<TableName>().Select(Need.Owner),
    ];

    private static Need Setting(string name, int major) => new(
        $"""
        (select s.context <> 'superuser' or {Need.OfMe("r.rolsuper")}{(major >= 15 ? $" or has_parameter_privilege({Literal.Quote(name)}, 'SET')" : "")} from pg_settings s where lower(s.name) = lower({Literal.Quote(name)}))
        """,
        new Text($"the right to set {name}", $"le droit de régler {name}"), BySuperuser: true);
}

using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>The rights for what concerns roles, extensions and the server rather than one table. See <see cref="StatementNeeds"/>.</summary>
internal static class AdministrativeNeeds
{
    public static IEnumerable<Need> Of(TreeNode tree, int major) => tree.Type switch
    {
        "CreateExtensionStmt" => [Extension(tree, major)],
        "AlterExtensionStmt" => [ObjectNeeds.Owner("OBJECT_EXTENSION", tree.Text("extname"))],
        "AlterExtensionContentsStmt" => [ObjectNeeds.Owner("OBJECT_EXTENSION", tree.Text("extname")), .. ObjectNeeds.Owner(tree.Text("objtype"), tree.Child("object"))],
        "CreateRoleStmt" => [Need.Attribute("rolcreaterole", "CREATEROLE"), .. Attributes(tree, major)],
        "AlterRoleStmt" => [.. OfRole(tree), .. Attributes(tree, major)],
        "AlterRoleSetStmt" => [.. RoleSet(tree), .. tree.Field("setstmt") is { } set ? [Setting(set.Text("name"), major)] : Array.Empty<Need>()],
        "DropRoleStmt" => tree.Items("roles").Select(StatementNeeds.Role).OfType<string>().SelectMany(OverRole),
        "GrantRoleStmt" => tree.Items("granted_roles").Select(role => Giving(role.Text("priv_name"), major)),
        "DropOwnedStmt" => tree.Items("roles").Select(StatementNeeds.Role).OfType<string>().Select(Acting),
        "ReassignOwnedStmt" => tree.Items("roles").Append(tree.Field("newrole")).OfType<TreeNode>().Select(StatementNeeds.Role).OfType<string>().Select(Acting),
        "AlterDatabaseStmt" or "AlterDatabaseRefreshCollStmt" => [ObjectNeeds.Owner("OBJECT_DATABASE", tree.Text("dbname"))],
        "AlterDatabaseSetStmt" => [ObjectNeeds.Owner("OBJECT_DATABASE", tree.Text("dbname")), .. tree.Field("setstmt") is { } set ? [Setting(set.Text("name"), major)] : Array.Empty<Need>()],
        "DropdbStmt" => [ObjectNeeds.Owner("OBJECT_DATABASE", tree.Text("dbname"))],
        "CreatedbStmt" => [Need.Attribute("rolcreatedb", "CREATEDB")],
        "AlterDefaultPrivilegesStmt" => Creators(tree).Select(Need.Member),
        "CreatePublicationStmt" => Publication(tree),
        "CreateSubscriptionStmt" when major < 16 => [Need.Superuser(new Text("CREATE SUBSCRIPTION", "CREATE SUBSCRIPTION"))],
        "AlterPublicationStmt" => [ObjectNeeds.Owner("OBJECT_PUBLICATION", tree.Text("pubname")), .. Published(tree)],
        "AlterSubscriptionStmt" or "DropSubscriptionStmt" => [ObjectNeeds.Owner("OBJECT_SUBSCRIPTION", tree.Text("subname"))],
        "AlterEventTrigStmt" => [ObjectNeeds.Owner("OBJECT_EVENT_TRIGGER", tree.Text("trigname"))],
        "AlterFdwStmt" => [Need.Superuser(Text.Same("ALTER FOREIGN DATA WRAPPER"))],
        "CreateForeignServerStmt" => [OfWrapper(tree.Text("fdwname"))],
        "AlterForeignServerStmt" => [ObjectNeeds.Owner("OBJECT_FOREIGN_SERVER", tree.Text("servername"))],
        "CreateUserMappingStmt" or "AlterUserMappingStmt" or "DropUserMappingStmt" =>
            [tree.Field("user")?.Text("roletype") == "ROLESPEC_CURRENT_USER" ? Need.OnServer(tree.Text("servername")) : Mapping(tree)],
        "ImportForeignSchemaStmt" => [Need.OnServer(tree.Text("server_name")), Need.CreateIn(tree.Text("local_schema"))],
        "CreateOpFamilyStmt" => [Need.Superuser(Text.Same("CREATE OPERATOR FAMILY"))],
        "AlterOpFamilyStmt" => [Need.Superuser(Text.Same("ALTER OPERATOR FAMILY"))],
        "CreatePLangStmt" => [Need.Superuser(Text.Same("CREATE LANGUAGE"))],
        "LoadStmt" when !tree.Text("filename").StartsWith("$libdir/plugins/", StringComparison.Ordinal) => [Need.Superuser(Text.Same("LOAD"))],
        "CheckPointStmt" => [major >= 15 ? Need.Member("pg_checkpoint") : Need.Superuser(Text.Same("CHECKPOINT"))],
        "CreateEventTrigStmt" => [Need.Superuser(Text.Same("CREATE EVENT TRIGGER"))],
        "CreateFdwStmt" => [Need.Superuser(Text.Same("CREATE FOREIGN DATA WRAPPER"))],
        "CreateAmStmt" => [Need.Superuser(Text.Same("CREATE ACCESS METHOD"))],
        "CreateTableSpaceStmt" => [Need.Superuser(Text.Same("CREATE TABLESPACE"))],
        "DropTableSpaceStmt" or "AlterTableSpaceOptionsStmt" => [ObjectNeeds.Owner("OBJECT_TABLESPACE", tree.Text("tablespacename"))],
        "CreateOpClassStmt" => [Need.Superuser(Text.Same("CREATE OPERATOR CLASS"))],
        "AlterSystemStmt" => [System(tree.Field("setstmt")?.Text("name") ?? "", major)],
        "VariableSetStmt" when tree.Text("kind") == "VAR_SET_VALUE" && tree.Text("name") == "role" =>
            tree.Items("args").FirstOrDefault()?.Field("sval")?.Text("sval") is { Length: > 0 } role and not "none" ? [Need.Member(role)] : [],
        "VariableSetStmt" when tree.Text("name") == "session_authorization" && tree.Text("kind") == "VAR_SET_VALUE" => [Need.Superuser(Text.Same("SET SESSION AUTHORIZATION"))],
        "VariableSetStmt" when tree.Text("kind") is "VAR_SET_VALUE" or "VAR_SET_CURRENT" or "VAR_RESET" or "VAR_SET_DEFAULT" && tree.Text("name") is not ("role" or "session_authorization") => [Setting(tree.Text("name"), major)],
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

    /// <summary>What is done to a superuser's role needs a superuser.</summary>
    internal static IEnumerable<Need> OverRole(string role) =>
    [
        Need.Attribute("rolcreaterole", "CREATEROLE"),
        new($"(select not o.rolsuper or {Need.OfMe("r.rolsuper")} from pg_roles o where o.rolname = {Literal.Quote(role)})", new Text($"SUPERUSER for role {role}", $"SUPERUSER pour le rôle {role}"), BySuperuser: true) { Names = [role] },
    ];

    /// <summary>The same, where to do it to oneself is permitted.</summary>
    private static IEnumerable<Need> OverAnother(string role) => OverRole(role).Select(need => need with { Holds = $"{Literal.Quote(role)} = current_user or {need.Holds}" });

    /// <summary>One's own password is one's own affair.</summary>
    private static IEnumerable<Need> OfRole(TreeNode tree) => StatementNeeds.Role(tree.Field("role")) switch
    {
        { } role when tree.Items("options").All(option => option.Text("defname") == "password") => OverAnother(role),
        { } role => OverRole(role),
        _ => [],
    };

    private static IEnumerable<Need> RoleSet(TreeNode tree) => (StatementNeeds.Role(tree.Field("role")), tree.Text("database")) switch
    {
        ({ } role, _) => OverAnother(role),
        (null, { Length: > 0 } database) when !tree.Has("role") => [ObjectNeeds.Owner("OBJECT_DATABASE", database)],
        (null, _) when !tree.Has("role") => [Need.Superuser(Text.Same("ALTER ROLE ALL"))],
        _ => [],
    };

    /// <summary>Up to version 15, CREATEROLE could give any role but a superuser's.</summary>
    private static Need Giving(string role, int major) => new(
        $"(select pg_has_role(o.oid, 'MEMBER WITH ADMIN OPTION') or {(major < 16 ? Need.OfMe("r.rolsuper or (r.rolcreaterole and not o.rolsuper)") : Need.OfMe("r.rolsuper"))} from pg_roles o where o.rolname = {Literal.Quote(role)})",
        new Text($"ADMIN OPTION for role {role}", $"ADMIN OPTION sur le rôle {role}"), BySuperuser: true)
    { Names = [role] };

    /// <summary>A member that inherits nothing does not suffice.</summary>
    private static Need Acting(string role) => new(
        $"(select pg_has_role(o.oid, 'USAGE') from pg_roles o where o.rolname = {Literal.Quote(role)})", new Text($"the rights of role {role}", $"les droits du rôle {role}"))
    { Names = [role] };

    private static Need OfWrapper(string wrapper) => new(
        $"(select has_foreign_data_wrapper_privilege(w.oid, 'USAGE') from pg_foreign_data_wrapper w where w.fdwname = {Literal.Quote(wrapper)})",
        new Text($"USAGE on foreign data wrapper {wrapper}", $"USAGE sur le foreign data wrapper {wrapper}"))
    { Names = [wrapper] };

    /// <summary>The server's owner; for oneself, USAGE will do.</summary>
    private static Need Mapping(TreeNode tree)
    {
        var (server, role) = (tree.Text("servername"), tree.Field("user") is { } user ? StatementNeeds.Role(user) : null);
        return new Need(
            $"(select pg_has_role(s.srvowner, 'USAGE') or (current_user = {Literal.Quote(role ?? "")} and has_server_privilege(s.oid, 'USAGE')) from pg_foreign_server s where s.srvname = {Literal.Quote(server)})",
            new Text($"ownership of server {server}", $"être propriétaire du serveur {server}"))
        { Names = [server] };
    }

    private static Need System(string name, int major) => major >= 15 && name.Length > 0
        ? new Need($"{Need.OfMe("r.rolsuper")} or has_parameter_privilege({Literal.Quote(name)}, 'ALTER SYSTEM')", new Text($"ALTER SYSTEM on parameter {name}", $"ALTER SYSTEM sur le paramètre {name}"), BySuperuser: true)
        : Need.Superuser(Text.Same("ALTER SYSTEM"));

    private static IEnumerable<string> Creators(TreeNode tree) =>
        tree.Items("options").Where(option => option.Text("defname") == "roles").SelectMany(option => option.Child("arg")?.Items("items") ?? []).Select(role => StatementNeeds.Role(role)).OfType<string>();

    private static IEnumerable<Need> Publication(TreeNode tree) =>
    [
        Need.OnDatabase("CREATE"),
        .. tree.Flag("for_all_tables") ? [Need.Superuser(Text.Same("FOR ALL TABLES"))] : Array.Empty<Need>(),
        .. Published(tree),
    ];

    private static IEnumerable<Need> Published(TreeNode tree)
    {
        var named = tree.Items("pubobjects").ToList();
        return
        [
            .. named.Any(part => part.Text("pubobjtype").StartsWith("PUBLICATIONOBJ_TABLES_IN", StringComparison.Ordinal)) && tree.Text("action") != "AP_DropObjects"
                ? [Need.Superuser(Text.Same("TABLES IN SCHEMA"))]
                : Array.Empty<Need>(),
            .. tree.Text("action") == "AP_DropObjects" ? [] : named.Select(part => part.Field("pubtable")?.Table()).OfType<TableName>().Select(Need.Owner),
        ];
    }

    internal static Need Setting(string name, int major) => new(
        $"""
        (select s.context <> 'superuser' or {Need.OfMe("r.rolsuper")}{(major >= 15 ? $" or has_parameter_privilege({Literal.Quote(name)}, 'SET')" : "")} from pg_settings s where lower(s.name) = lower({Literal.Quote(name)}))
        """,
        new Text($"the right to set {name}", $"le droit de régler {name}"), BySuperuser: true);
}

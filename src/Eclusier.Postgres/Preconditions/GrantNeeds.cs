using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>
/// Who may give rights away. The server refuses a GRANT of somebody who has no right at all on the object (<c>restrict_and_check_grant</c> in aclchk.c); with
/// some right, but without its grant option, it warns and grants nothing.
/// </summary>
internal static class GrantNeeds
{
    public static IEnumerable<Need> Of(TreeNode tree, int major)
    {
        var kind = tree.Text("objtype");
        return (tree.Text("targtype"), kind) switch
        {
            ("ACL_TARGET_ALL_IN_SCHEMA", _) => tree.Items("objects").Select(schema => InSchema(kind, schema.Text("sval"), major)).OfType<Need>(),
            (_, "OBJECT_TABLE") => tree.Items("objects").Select(range => OnTable(TableName.Of(range), major)),
            (_, "OBJECT_SEQUENCE") => tree.Items("objects").Select(range => Need.OnSequence("USAGE, SELECT, UPDATE", TableName.Of(range))),
            (_, "OBJECT_SCHEMA") => tree.Items("objects").Select(item => Any("schema", item.Text("sval"), "pg_namespace", "nspname", "has_schema_privilege", "USAGE, CREATE")),
            (_, "OBJECT_DATABASE") => tree.Items("objects").Select(item => Any("database", item.Text("sval"), "pg_database", "datname", "has_database_privilege", "CREATE, CONNECT, TEMPORARY")),
            (_, "OBJECT_TABLESPACE") => tree.Items("objects").Select(item => Any("tablespace", item.Text("sval"), "pg_tablespace", "spcname", "has_tablespace_privilege", "CREATE")),
            (_, "OBJECT_LANGUAGE") => tree.Items("objects").Select(item => Any("language", item.Text("sval"), "pg_language", "lanname", "has_language_privilege", "USAGE")),
            (_, "OBJECT_FOREIGN_SERVER") => tree.Items("objects").Select(item => Any("server", item.Text("sval"), "pg_foreign_server", "srvname", "has_server_privilege", "USAGE")),
            (_, "OBJECT_FDW") => tree.Items("objects").Select(item => Any("foreign data wrapper", item.Text("sval"), "pg_foreign_data_wrapper", "fdwname", "has_foreign_data_wrapper_privilege", "USAGE")),
            (_, "OBJECT_FUNCTION" or "OBJECT_PROCEDURE" or "OBJECT_ROUTINE") => tree.Items("objects").Select(item => Need.Execute(TableName.Of(item.Items("objname")))),
            (_, "OBJECT_TYPE" or "OBJECT_DOMAIN") => tree.Items("objects").Select(item => Need.UsageOfType(TableName.Of(item.Items("items")))),
            (_, "OBJECT_LARGEOBJECT") => tree.Items("objects").SelectMany(item => ObjectNeeds.Owner("OBJECT_LARGEOBJECT", item)),
            (_, "OBJECT_PARAMETER_ACL") => tree.Items("objects").Select(item => Parameter(item.Text("sval"), major)),
            _ => [],
        };
    }

    private static string OfTable(int major) => $"SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER{(major >= 17 ? ", MAINTAIN" : "")}";

    private static Need OnTable(TableName table, int major)
    {
        const string OfColumns = "SELECT, INSERT, UPDATE, REFERENCES";
        return Need.OnTable(table, $"case c.relkind when 'S' then has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE') else has_table_privilege(c.oid, '{OfTable(major)}') or has_any_column_privilege(c.oid, '{OfColumns}') end", new Text($"a grant option on {table}", $"un droit de transmettre (GRANT OPTION) sur {table}"));
    }

    /// <summary>The server goes through all that the schema holds, and stops at the first on which one has no right.</summary>
    private static Need? InSchema(string kind, string schema, int major)
    {
        var (from, allowed) = kind switch
        {
            "OBJECT_TABLE" => ("pg_class o on o.relnamespace = n.oid and o.relkind in ('r', 'p', 'v', 'm', 'f')", $"has_table_privilege(o.oid, '{OfTable(major)}')"),
            "OBJECT_SEQUENCE" => ("pg_class o on o.relnamespace = n.oid and o.relkind = 'S'", "has_sequence_privilege(o.oid, 'USAGE, SELECT, UPDATE')"),
            "OBJECT_FUNCTION" => ("pg_proc o on o.pronamespace = n.oid and o.prokind <> 'p'", "has_function_privilege(o.oid, 'EXECUTE')"),
            "OBJECT_PROCEDURE" => ("pg_proc o on o.pronamespace = n.oid and o.prokind = 'p'", "has_function_privilege(o.oid, 'EXECUTE')"),
            "OBJECT_ROUTINE" => ("pg_proc o on o.pronamespace = n.oid", "has_function_privilege(o.oid, 'EXECUTE')"),
            _ => ("", ""),
        };
        return from.Length == 0 ? null : new Need(
            $"(select bool_and(has_schema_privilege(n.oid, 'USAGE') and coalesce({allowed}, true)) from pg_namespace n left join {from} where n.nspname = {Literal.Quote(schema)})",
            new Text($"a grant option on everything in schema {schema}", $"un droit de transmettre (GRANT OPTION) sur tout ce que contient le schéma {schema}"))
        { Names = [schema] };
    }

    private static Need Any(string noun, string name, string catalog, string column, string function, string rights) => new(
        $"(select {function}(o.oid, '{rights}') from {catalog} o where o.{column} = {Literal.Quote(name)})",
        new Text($"a grant option on {noun} {name}", $"un droit de transmettre (GRANT OPTION) sur {noun} {name}"))
    { Names = [name] };

    /// <summary>Before 15 the server does not know such rights, and says so itself.</summary>
    private static Need Parameter(string name, int major) => new(
        major >= 15 ? $"{Need.OfMe("r.rolsuper")} or has_parameter_privilege({Literal.Quote(name)}, 'SET, ALTER SYSTEM')" : Need.OfMe("r.rolsuper"),
        new Text($"a grant option on parameter {name}", $"un droit de transmettre (GRANT OPTION) sur le paramètre {name}"),
        BySuperuser: true);
}

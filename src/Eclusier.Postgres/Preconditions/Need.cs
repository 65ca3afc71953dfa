using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>A right that a statement needs.</summary>
/// <param name="Holds">SQL that the role of the statement asks: true, false, or null where that cannot be known beforehand.</param>
/// <param name="BySuperuser">Hosted services permit such things by means of their own.</param>
internal sealed record Need(string Holds, Text What, bool BySuperuser = false)
{
    /// <summary>Whose right it is: where the plan changes one of these before, the server cannot be asked.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>It stands without its schema: the search path finds it.</summary>
    public bool UsesPath { get; init; }

    public static Need Owner(TableName table) => OnTable(table, "pg_has_role(c.relowner, 'USAGE')", new Text($"ownership of {table}", $"être propriétaire de {table}"));

    /// <summary>For REFRESH, REINDEX and CLUSTER: the owner's affair, until PostgreSQL 17 made a privilege of it. That of an index is its table's.</summary>
    public static Need Maintain(TableName table, int major) => major < 17 ? Owner(table) : OnTable(
        table, "has_table_privilege(coalesce((select i.indrelid from pg_index i where i.indexrelid = c.oid), c.oid), 'MAINTAIN')", new Text($"MAINTAIN on {table}", $"MAINTAIN sur {table}"));

    /// <summary>To drop, the owner of the schema will do.</summary>
    public static Need OwnerToDrop(TableName table) =>
        OnTable(table, "pg_has_role(c.relowner, 'USAGE') or pg_has_role(n.nspowner, 'USAGE')", new Text($"ownership of {table}, or of its schema", $"être propriétaire de {table} ou de son schéma"));

    /// <summary>One that can also be granted for single columns is there when it is there for any.</summary>
    public static Need Privilege(string privilege, TableName table) => OnTable(
        table,
        privilege is "TRUNCATE" or "TRIGGER" or "DELETE" ? $"has_table_privilege(c.oid, '{privilege}')" : $"has_table_privilege(c.oid, '{privilege}') or has_any_column_privilege(c.oid, '{privilege}')",
        new Text($"{privilege} on {table}", $"{privilege} sur {table}"));

    /// <summary>For a whole table, where rights on single columns do not suffice.</summary>
    public static Need ReadWhole(TableName table) =>
        OnTable(table, "c.relkind = 'c' or has_table_privilege(c.oid, 'SELECT')", new Text($"SELECT on {table}", $"SELECT sur {table}"));

    /// <param name="rights">Any of them: <c>USAGE, UPDATE</c>.</param>
    public static Need OnSequence(string rights, TableName sequence)
    {
        var first = rights.Split(',')[0];
        return OnTable(sequence, $"case when c.relkind = 'S' then has_sequence_privilege(c.oid, '{rights}') end", new Text($"{first} on sequence {sequence}", $"{first} sur la séquence {sequence}"));
    }

    /// <summary>Of any function of that name.</summary>
    public static Need Execute(TableName function) => new(
        $"""
        (select bool_or({Used(function)}has_function_privilege(p.oid, 'EXECUTE')) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where {Named(function, "p.proname", "pg_function_is_visible(p.oid)")})
        """,
        new Text($"EXECUTE on function {function}", $"EXECUTE sur la fonction {function}"))
    { Names = NamesOf(function), UsesPath = function.Schema is null };

    public static Need UsageOfType(TableName type) => new(
        $"(select {Used(type)}has_type_privilege(t.oid, 'USAGE') from pg_type t join pg_namespace n on n.oid = t.typnamespace where {Named(type, "t.typname", "pg_type_is_visible(t.oid)")})",
        new Text($"USAGE on type {type}", $"USAGE sur le type {type}"))
    { Names = NamesOf(type), UsesPath = type.Schema is null };

    public static Need UsageOfSchema(string schema) => new(InSchema(schema, "has_schema_privilege(n.oid, 'USAGE')"), new Text($"USAGE on schema {schema}", $"USAGE sur le schéma {schema}")) { Names = [schema] };

    /// <summary>But for the database's own tablespace.</summary>
    public static Need CreateInTablespace(string tablespace) => new(
        $"(select s.oid = d.dattablespace or has_tablespace_privilege(s.oid, 'CREATE') from pg_tablespace s cross join pg_database d where s.spcname = {Literal.Quote(tablespace)} and d.datname = current_database())",
        new Text($"CREATE on tablespace {tablespace}", $"CREATE sur le tablespace {tablespace}"))
    { Names = [tablespace] };

    public static Need OnServer(string server) => new(
        $"(select has_server_privilege(s.oid, 'USAGE') from pg_foreign_server s where s.srvname = {Literal.Quote(server)})", new Text($"USAGE on server {server}", $"USAGE sur le serveur {server}"))
    { Names = [server] };

    /// <summary>As IF NOT EXISTS does: nothing is asked where there is such a table.</summary>
    public Need Unless(TableName table) => this with
    {
        Holds = $"coalesce((select true from pg_class c join pg_namespace n on n.oid = c.relnamespace where {Named(table, "c.relname", "pg_table_is_visible(c.oid)")}), {Holds})",
    };

    /// <summary>To create an index or rename a table, too, the table's schema is asked.</summary>
    public static Need CreateBeside(TableName table) => OnTable(table, "has_schema_privilege(n.oid, 'CREATE')", new Text($"CREATE on the schema of {table}", $"CREATE sur le schéma de {table}"));

    /// <param name="schema">Null: the first of the search path.</param>
    public static Need CreateIn(string? schema) => schema is null
        ? new Need("has_schema_privilege(current_schema(), 'CREATE')", new Text("CREATE on the first schema of the search path", "CREATE sur le premier schéma du search_path")) { UsesPath = true }
        : new Need(InSchema(schema, "has_schema_privilege(n.oid, 'CREATE')"), new Text($"CREATE on schema {schema}", $"CREATE sur le schéma {schema}")) { Names = [schema] };

    public static Need OwnerOfSchema(string schema) => new(InSchema(schema, "pg_has_role(n.nspowner, 'USAGE')"), new Text($"ownership of schema {schema}", $"être propriétaire du schéma {schema}")) { Names = [schema] };

    /// <summary>For all of a schema or of the database: its owner's affair, and since PostgreSQL 17 that of pg_maintain's members.</summary>
    public static Need MaintainAll(Need owner, int major) => major < 17 ? owner : owner with { Holds = $"({owner.Holds}) or pg_has_role('pg_maintain', 'USAGE')" };

    public static Need OnDatabase(string privilege) => new($"has_database_privilege(current_database(), '{privilege}')", new Text($"{privilege} on this database", $"{privilege} sur cette base"));

    public static Need OwnerOfType(TableName type, bool toDrop) => new(
        $"(select {Used(type)}(pg_has_role(t.typowner, 'USAGE'){(toDrop ? " or pg_has_role(n.nspowner, 'USAGE')" : "")}) from pg_type t join pg_namespace n on n.oid = t.typnamespace where {Named(type, "t.typname", "pg_type_is_visible(t.oid)")})",
        new Text($"ownership of type {type}", $"être propriétaire du type {type}"))
    { Names = NamesOf(type), UsesPath = type.Schema is null };

    /// <param name="types">As the parser names them: <c>int4,text</c>; null: any of that name will do.</param>
    /// <param name="toDrop">The owner of the schema may drop what is in it.</param>
    public static Need OwnerOfFunction(TableName function, string? types, bool toDrop = false) => new(
        $"""
        (select bool_or({Used(function)}(pg_has_role(p.proowner, 'USAGE'){(toDrop ? " or pg_has_role(n.nspowner, 'USAGE')" : "")})) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where {Named(function, "p.proname", "pg_function_is_visible(p.oid)")}{(types is null ? "" : $" and (select coalesce(string_agg(t.typname, ',' order by i.place), '') from unnest(p.proargtypes::oid[]) with ordinality i (type, place) join pg_type t on t.oid = i.type) = {Literal.Quote(types)}")})
        """,
        new Text($"ownership of function {function}", $"être propriétaire de la fonction {function}"))
    { Names = NamesOf(function), UsesPath = function.Schema is null };

    public static Need Member(string role) => new(
        $"(select pg_has_role(r.oid, 'MEMBER') from pg_roles r where r.rolname = {Literal.Quote(role)})", new Text($"membership in role {role}", $"être membre du rôle {role}"))
    { Names = [role] };

    /// <param name="attribute">A column of <c>pg_roles</c>: <c>rolcreaterole</c>.</param>
    public static Need Attribute(string attribute, string name) => new(OfMe($"r.{attribute} or r.rolsuper"), Text.Same(name), BySuperuser: true);

    /// <summary>Something that the server leaves to superusers.</summary>
    public static Need Superuser(Text what) => new(OfMe("r.rolsuper"), new Text($"SUPERUSER for {what.En}", $"SUPERUSER pour {what.Fr}"), BySuperuser: true);

    public static string OfMe(string condition) => $"(select {condition} from pg_roles r where r.rolname = current_user)";

    /// <summary>Something that is asked of a table: <c>c</c> is its row of pg_class, <c>n</c> of pg_namespace.</summary>
    public static Need OnTable(TableName table, string condition, Text what) => new(
        $"(select {Used(table)}({condition}) from pg_class c join pg_namespace n on n.oid = c.relnamespace where {Named(table, "c.relname", "pg_table_is_visible(c.oid)")})",
        what)
    {
        Names = NamesOf(table),
        UsesPath = table.Schema is null,
    };

    /// <summary>Whoever names a schema must be let into it.</summary>
    public static string Used(TableName name) => name.Schema is null ? "" : "has_schema_privilege(n.oid, 'USAGE') and ";

    public static IReadOnlyList<string> NamesOf(TableName name) => name.Schema is { } schema ? [name.Name, schema] : [name.Name];

    private static string InSchema(string schema, string condition) => $"(select {condition} from pg_namespace n where n.nspname = {Literal.Quote(schema)})";

    /// <summary>The row of that name, by its schema, or else where the search path finds it.</summary>
    public static string Named(TableName name, string column, string visible) =>
        $"{column} = {Literal.Quote(name.Name)} and {(name.Schema is { } schema ? $"n.nspname = {Literal.Quote(schema)}" : visible)}";
}

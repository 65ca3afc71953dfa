using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>
/// Whom a statement's object must belong to, for every kind that has an owner: ALTER, COMMENT, DROP and GRANT name the kind and the object in the same way
/// (<c>ObjectType</c> in parsenodes.h), and the server asks in one place (<c>check_object_ownership</c> in objectaddress.c).
/// </summary>
internal static class ObjectNeeds
{
    /// <summary>Where the catalog has objects of a kind. Columns begin with <see cref="Prefix"/>; null: objects of this kind are in no schema.</summary>
    private sealed record Kind(string Catalog, string Prefix, string Noun, string? Visible = null, bool BySuperuser = false);

    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["OBJECT_COLLATION"] = new("pg_collation", "coll", "collation", "pg_collation_is_visible"),
        ["OBJECT_CONVERSION"] = new("pg_conversion", "con", "conversion", "pg_conversion_is_visible"),
        ["OBJECT_OPCLASS"] = new("pg_opclass", "opc", "operator class", "pg_opclass_is_visible"),
        ["OBJECT_OPFAMILY"] = new("pg_opfamily", "opf", "operator family", "pg_opfamily_is_visible"),
        ["OBJECT_OPERATOR"] = new("pg_operator", "opr", "operator", "pg_operator_is_visible"),
        ["OBJECT_TSCONFIGURATION"] = new("pg_ts_config", "cfg", "text search configuration", "pg_ts_config_is_visible"),
        ["OBJECT_TSDICTIONARY"] = new("pg_ts_dict", "dict", "text search dictionary", "pg_ts_dict_is_visible"),
        ["OBJECT_STATISTIC_EXT"] = new("pg_statistic_ext", "stx", "statistics", "pg_statistics_obj_is_visible"),
        ["OBJECT_DATABASE"] = new("pg_database", "dat", "database"),
        ["OBJECT_FOREIGN_SERVER"] = new("pg_foreign_server", "srv", "server"),
        ["OBJECT_PUBLICATION"] = new("pg_publication", "pub", "publication"),
        ["OBJECT_SUBSCRIPTION"] = new("pg_subscription", "sub", "subscription"),
        ["OBJECT_FDW"] = new("pg_foreign_data_wrapper", "fdw", "foreign data wrapper", BySuperuser: true),
        ["OBJECT_LANGUAGE"] = new("pg_language", "lan", "language", BySuperuser: true),
        ["OBJECT_EVENT_TRIGGER"] = new("pg_event_trigger", "evt", "event trigger", BySuperuser: true),
        ["OBJECT_EXTENSION"] = new("pg_extension", "ext", "extension", BySuperuser: true),
        ["OBJECT_TABLESPACE"] = new("pg_tablespace", "spc", "tablespace", BySuperuser: true),
    };

    /// <summary>Those who own what is named. A statement that names a table's column, trigger or constraint is asked about the table.</summary>
    /// <param name="item">As DROP, COMMENT and ALTER hold it: a list of words, a type, a routine with its arguments, or one word.</param>
    /// <param name="toDrop">The owner of the schema may drop what is in it.</param>
    public static IEnumerable<Need> Owner(string kind, TreeNode? item, bool toDrop = false)
    {
        if (item is null)
            return [];
        var words = item.Items("items").ToList();
        return kind switch
        {
            "OBJECT_TABLE" or "OBJECT_VIEW" or "OBJECT_MATVIEW" or "OBJECT_INDEX" or "OBJECT_SEQUENCE" or "OBJECT_FOREIGN_TABLE" when words.Count > 0 =>
                [toDrop ? Need.OwnerToDrop(TableName.Of(words)) : Need.Owner(TableName.Of(words))],
            "OBJECT_COLUMN" or "OBJECT_TRIGGER" or "OBJECT_POLICY" or "OBJECT_RULE" or "OBJECT_TABCONSTRAINT" when words.Count > 1 => [Need.Owner(TableName.Of(words.SkipLast(1)))],
            "OBJECT_SCHEMA" => [Need.OwnerOfSchema(item.Text("sval"))],
            "OBJECT_TYPE" or "OBJECT_DOMAIN" => [Need.OwnerOfType(TypeName(item), toDrop)],
            "OBJECT_DOMCONSTRAINT" => [Need.OwnerOfType(words.FirstOrDefault() is { Type: "TypeName" } type ? TypeName(type) : TableName.Of(words), toDrop: false)],
            "OBJECT_FUNCTION" or "OBJECT_PROCEDURE" or "OBJECT_ROUTINE" or "OBJECT_AGGREGATE" => [Need.OwnerOfFunction(TableName.Of(item.Items("objname")), Arguments(item), toDrop)],
            "OBJECT_OPERATOR" => [Named(Kinds[kind], TableName.Of(item.Items("objname")), toDrop)],
            "OBJECT_OPCLASS" or "OBJECT_OPFAMILY" => [Named(Kinds[kind], TableName.Of(words.Skip(1)), toDrop)],
            "OBJECT_CAST" => [OwnerOfEither([.. words.Where(word => word.Type == "TypeName").Select(TypeName)])],
            "OBJECT_TRANSFORM" when words.FirstOrDefault() is { Type: "TypeName" } type => [Need.OwnerOfType(TypeName(type), toDrop: false)],
            "OBJECT_LARGEOBJECT" => [OwnerOfLargeObject(item)],
            "OBJECT_ROLE" => [.. AdministrativeNeeds.OverRole(item.Text("sval"))],
            "OBJECT_ACCESS_METHOD" or "OBJECT_TSPARSER" or "OBJECT_TSTEMPLATE" => [Need.Superuser(Text.Same(kind["OBJECT_".Length..].Replace('_', ' ').Replace("TS", "TEXT SEARCH ", StringComparison.Ordinal)))],
            _ when Kinds.GetValueOrDefault(kind) is { } known => [Named(known, words.Count > 0 ? TableName.Of(words) : new TableName(null, item.Text("sval")), toDrop)],
            _ => [],
        };
    }

    /// <param name="name">Of an object of a kind that lies in no schema: a server, a publication, a database.</param>
    public static Need Owner(string kind, string name) => Named(Kinds[kind], new TableName(null, name), toDrop: false);

    /// <param name="name">As a list of words.</param>
    public static Need Owner(string kind, IEnumerable<TreeNode> name) => Named(Kinds[kind], TableName.Of(name), toDrop: false);

    /// <summary>To rename what lies in a schema, CREATE is asked of that, too (not of types: <c>RenameType</c>).</summary>
    public static IEnumerable<Need> Renamed(string kind, TreeNode? item) => item is null ? [] :
    [
        .. Owner(kind, item),
        .. kind switch
        {
            "OBJECT_FUNCTION" or "OBJECT_PROCEDURE" or "OBJECT_ROUTINE" or "OBJECT_AGGREGATE" => CreateBeside("pg_proc", "pro", "pg_function_is_visible", TableName.Of(item.Items("objname"))),
            "OBJECT_OPCLASS" or "OBJECT_OPFAMILY" => CreateBeside(Kinds[kind], TableName.Of(item.Items("items").Skip(1))),
            _ when Kinds.GetValueOrDefault(kind) is { Visible: not null } known && item.Items("items").Any() => CreateBeside(known, TableName.Of(item.Items("items"))),
            _ => Array.Empty<Need>(),
        },
    ];

    /// <summary>The new owner must be able to make such a thing where it lies; superusers are not asked.</summary>
    public static IEnumerable<Need> NewOwner(string kind, TreeNode? item, string role)
    {
        var words = item?.Items("items").ToList() ?? [];
        return kind switch
        {
            "OBJECT_FUNCTION" or "OBJECT_PROCEDURE" or "OBJECT_ROUTINE" or "OBJECT_AGGREGATE" => MayCreate("pg_proc", "pro", "pg_function_is_visible", TableName.Of(item!.Items("objname")), role),
            "OBJECT_TYPE" or "OBJECT_DOMAIN" => MayCreate("pg_type", "typ", "pg_type_is_visible", TypeName(item!), role),
            "OBJECT_SCHEMA" => [Need.OnDatabase("CREATE")],
            "OBJECT_DATABASE" => [Need.Attribute("rolcreatedb", "CREATEDB")],
            "OBJECT_FDW" or "OBJECT_EVENT_TRIGGER" => [Need.Superuser(Text.Same("OWNER TO"))],
            "OBJECT_OPERATOR" => MayCreate(Kinds[kind], TableName.Of(item!.Items("objname")), role),
            "OBJECT_OPCLASS" or "OBJECT_OPFAMILY" => MayCreate(Kinds[kind], TableName.Of(words.Skip(1)), role),
            _ when Kinds.GetValueOrDefault(kind) is { Visible: not null } known => MayCreate(known, TableName.Of(words), role),
            _ => [],
        };
    }

    public static Need NewOwnerOfTable(TableName table, string role) => MayCreate("pg_class", "rel", "pg_table_is_visible", table, role).Single();

    public static TableName TypeName(TreeNode type) => TableName.Of(type.Items(type.Has("names") ? "names" : "items"));

    private static string? Arguments(TreeNode routine) => routine.Flag("args_unspecified") || routine.Items("objfuncargs").Any(parameter => parameter.Text("mode") is "FUNC_PARAM_OUT" or "FUNC_PARAM_VARIADIC")
        ? null
        : string.Join(',', routine.Items("objargs").Select(FunctionSignature.TypeName));

    private static Need Named(Kind kind, TableName name, bool toDrop) => new(
        $"(select bool_or({Need.Used(name)}(pg_has_role({Catalog.Owner(kind.Prefix)}, 'USAGE'){(toDrop && kind.Visible is not null ? " or pg_has_role(n.nspowner, 'USAGE')" : "")})) {Catalog.From(kind.Catalog, kind.Prefix, kind.Visible, name)})",
        new Text($"ownership of {kind.Noun} {name}", $"être propriétaire de {kind.Noun} {name}"), kind.BySuperuser)
    { Names = Need.NamesOf(name), UsesPath = kind.Visible is not null && name.Schema is null };

    private static IEnumerable<Need> CreateBeside(Kind kind, TableName name) => CreateBeside(kind.Catalog, kind.Prefix, kind.Visible!, name);

    private static IEnumerable<Need> CreateBeside(string catalog, string prefix, string visible, TableName name) =>
    [
        new($"(select bool_or(has_schema_privilege(n.oid, 'CREATE')) {Catalog.From(catalog, prefix, visible, name)})", new Text($"CREATE on the schema of {name}", $"CREATE sur le schéma de {name}"))
        { Names = Need.NamesOf(name), UsesPath = name.Schema is null },
    ];

    private static IEnumerable<Need> MayCreate(Kind kind, TableName name, string role) => MayCreate(kind.Catalog, kind.Prefix, kind.Visible!, name, role);

    private static IEnumerable<Need> MayCreate(string catalog, string prefix, string visible, TableName name, string role) =>
    [
        new(
            $"(select bool_or({Catalog.Owner(prefix)} = r.oid or has_schema_privilege(r.oid, n.oid, 'CREATE') or {Need.OfMe("r.rolsuper")}) {Catalog.From(catalog, prefix, visible, name, $"cross join (select oid from pg_roles where rolname = {Literal.Quote(role)}) r")})",
            new Text($"CREATE for {role} on the schema of {name}", $"CREATE pour {role} sur le schéma de {name}"))
        { Names = [role, .. Need.NamesOf(name)], UsesPath = name.Schema is null },
    ];

    internal static Need OwnerOfEither(IReadOnlyList<TableName> types)
    {
        var named = string.Join(" or ", types.Select(type => $"({Need.Named(type, "t.typname", "pg_type_is_visible(t.oid)")})"));
        var names = string.Join(", ", types);
        return new Need(
            $"(select bool_or(pg_has_role(t.typowner, 'USAGE')) from pg_type t join pg_namespace n on n.oid = t.typnamespace where {named})",
            new Text($"ownership of one of the types {names}", $"être propriétaire d'un des types {names}"))
        { Names = [.. types.Where(type => type.Schema != "pg_catalog").SelectMany(Need.NamesOf)], UsesPath = types.Any(type => type.Schema is null) };
    }

    internal static Need OwnerOfLargeObject(TreeNode number)
    {
        var oid = number.Has("ival") ? number.Fields.GetProperty("ival").GetInt64() : 0;
        return new Need($"(select pg_has_role(l.lomowner, 'USAGE') from pg_largeobject_metadata l where l.oid = {oid})", new Text($"ownership of large object {oid}", $"être propriétaire de l'objet large {oid}"));
    }

    /// <summary>How the catalog's tables are asked: their columns have the same names but for the first letters.</summary>
    private static class Catalog
    {
        /// <summary>Of the columns that hold an owner, one does not begin like the others.</summary>
        public static string Owner(string prefix) => prefix == "dat" ? "o.datdba" : $"o.{prefix}owner";

        public static string From(string catalog, string prefix, string? visible, TableName name, string more = "") => visible is null
            ? $"from {catalog} o where o.{prefix}name = {Literal.Quote(name.Name)}"
            : $"from {catalog} o join pg_namespace n on n.oid = o.{prefix}namespace {more} where {Need.Named(name, $"o.{prefix}name", $"{visible}(o.oid)")}";
    }
}

using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Untracked;

/// <summary>The names that a database has, and that statements which run before take away.</summary>
internal sealed class TakenNames
{
    /// <summary>Kinds that DROP … CASCADE may take along without naming them; tables, types and schemas fall by name, or with their schema.</summary>
    private static readonly HashSet<string> FallWithOthers = new(StringComparer.Ordinal) { "view", "index", "sequence", "column", "constraint", "trigger",
        "policy", "rule", "function", "statistics", "enum label" };

    private readonly HashSet<(string Schema, string Name)> _invalid = [];

    private readonly Dictionary<(string Sort, string Schema, string Table, string Name), string> _taken = [];

    /// <summary>The schemas of the search path that are there, in their order.</summary>
    public required IReadOnlyList<string> SearchPath { get; init; }

    /// <summary>One round trip.</summary>
    public static async Task<TakenNames> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Ours = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
        var rows = await connection.RowsAsync(
            $"""
            select 'relation', n.nspname::text, coalesce(t.relname, '')::text, c.relname::text, case c.relkind when 'v' then 'view' when 'm' then 'view' when 'i' then 'index' when 'I' then 'index' when 'S' then 'sequence' else 'table' end
            from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_index i on i.indexrelid = c.oid left join pg_class t on t.oid = i.indrelid
            where c.relkind in ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S') and {Ours}
            union all
            select 'type', n.nspname, '', t.typname, 'type' from pg_type t join pg_namespace n on n.oid = t.typnamespace
            where (t.typtype in ('e', 'd',
                'r') or (t.typtype = 'c' and exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))) and {Ours}
            union all
            select 'enum label', n.nspname, t.typname, e.enumlabel,
                'enum label' from pg_enum e join pg_type t on t.oid = e.enumtypid join pg_namespace n on n.oid = t.typnamespace where {Ours}
            union all
            select 'function', n.nspname, '', p.proname || '(' || (select coalesce(string_agg(t.typname, ',' order by i.place), '') from unnest(p.proargtypes::oid[]) with ordinality i (type, place) join pg_type t on t.oid = i.type) || ')', 'function'
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace where {Ours}
            union all
            select 'schema', '', '', n.nspname, 'schema' from pg_namespace n where {Ours}
            union all
            select 'column', n.nspname, c.relname, a.attname,
                'column' from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped and {Ours}
            union all
            select 'constraint', n.nspname, c.relname, k.conname,
                'constraint' from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where {Ours}
            union all
            select 'primary key', n.nspname, c.relname, '',
                'constraint' from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where k.contype = 'p' and {Ours}
            union all
            select 'trigger', n.nspname, c.relname, t.tgname,
                'trigger' from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where not t.tgisinternal and {Ours}
            union all
            select 'policy', n.nspname, c.relname, p.polname,
                'policy' from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where {Ours}
            union all
            select 'rule', n.nspname, c.relname, r.rulename,
                'rule' from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace where r.rulename <> '_RETURN' and {Ours}
            union all
            select 'statistics', n.nspname, '', s.stxname, 'statistics' from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where {Ours}
            union all select 'extension', '', '', extname, 'extension' from pg_extension
            union all select 'publication', '', '', pubname, 'publication' from pg_publication
            union all select 'role', '', '', rolname, 'role' from pg_roles
            union all select 'event trigger', '', '', evtname, 'event trigger' from pg_event_trigger
            union all select 'server', '', '', srvname, 'server' from pg_foreign_server
            union all
            select 'invalid index', n.nspname, '', c.relname,
                '' from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where not i.indisvalid and {Ours}
            union all select 'search path', '', place::text, s.name::text, '' from unnest(current_schemas(false)) with ordinality s (name, place)
            """,
            row => (Sort: row.GetString(0), Schema: row.GetString(1), Table: row.GetString(2), Name: row.GetString(3), Kind: row.GetString(4)),
            cancellationToken);
        var names = new TakenNames
        {
            SearchPath = [.. rows.Where(row => row.Sort == "search path")
            .OrderBy(row => int.Parse(row.Table, System.Globalization.CultureInfo.InvariantCulture)).Select(row => row.Name)]
        };
        names._invalid.UnionWith(rows.Where(row => row.Sort == "invalid index").Select(row => (row.Schema, row.Name)));
        foreach (var row in rows.Where(row => row.Sort is not "search path" and not "invalid index"))
            names._taken[(row.Sort, row.Schema, row.Sort == "relation" ? "" : row.Table, row.Name)] = row.Sort == "relation" && row.Kind == "index"
                ? $"index {row.Table}" : row.Kind;
        return names;
    }

    /// <summary>A relation of that very name.</summary>
    public bool HasRelation(string schema, string name) => _taken.ContainsKey(("relation", schema, "", name));

    /// <param name="path">Where names without a schema are looked for; null: nobody knows, and then they are taken for free.</param>
    public bool Has(CreatedName created, IReadOnlyList<string>? path)
    {
        if (created.Table is { } table)
            return SchemaOf(created.Sort == "enum label" ? "type" : "relation", table, path) is { } schema
                && _taken.ContainsKey((created.Sort, schema, table.Name, created.Name));
        if (created.Sort is "schema" or "extension" or "publication" or "event trigger" or "server" or "role")
            return _taken.ContainsKey((created.Sort, "", "", created.Name));
        return (created.Schema ?? path?.FirstOrDefault()) is { } into && !(created.Concurrently && _invalid.Contains((into, created.Name))) && _taken.ContainsKey((created.Sort, into, "", created.Name));
    }

    /// <summary>What a statement drops or renames is free afterwards.</summary>
    public void Free(TreeNode tree, IReadOnlyList<string>? path)
    {
        switch (tree.Type)
        {
            case "DropStmt":
                Drop(tree, path);
                break;
            case "RenameStmt" or "AlterObjectSchemaStmt":
                Rename(tree, path);
                break;
            case "AlterTableStmt":
                foreach (var change in TableChange.Of(tree).Where(change => change.Is("AT_DropColumn") || change.Is("AT_DropConstraint")))
                    FreeParts(change.Table, path);
                break;
            case "DropRoleStmt":
                Remove(key => key.Sort == "role" && tree.Items("roles").Any(role => role.Text("rolename") == key.Name));
                break;
            case "DropOwnedStmt":
                _taken.Clear();
                break;
            default:
                break;
        }
    }

    private void Drop(TreeNode drop, IReadOnlyList<string>? path)
    {
        var kind = drop.Text("removeType");
        foreach (var (item, name) in drop.Items("objects").Zip(DroppedObjects.Names(drop)))
        {
            if (kind == "OBJECT_SCHEMA")
                Remove(key => key.Schema == name.Name || (key.Sort == "schema" && key.Name == name.Name));
            else if (kind is "OBJECT_TRIGGER" or "OBJECT_POLICY" or "OBJECT_RULE")
                // schema.table.name
                FreeNamed(TableName.Of(item.Items("items").SkipLast(1)), name.Name, path);
            else if (kind is "OBJECT_FUNCTION" or "OBJECT_PROCEDURE" or "OBJECT_ROUTINE" or "OBJECT_AGGREGATE")
                Remove(key => key.Sort == "function" && key.Name.StartsWith($"{name.Name}(", StringComparison.Ordinal) && IsIn(key.Schema, name, path));
            else
                FreeObject(name, path);
        }

        if (drop.Text("behavior") == "DROP_CASCADE")
            Remove(key => FallWithOthers.Contains(_taken[key].Split(' ')[0]) || FallWithOthers.Contains(key.Sort));
    }

    private void Rename(TreeNode tree, IReadOnlyList<string>? path)
    {
        if (tree.Table() is { } table)
        {
            FreeParts(table, path);
            if (tree.Text("subname").Length == 0)
                FreeObject(table, path);
        }
        else if (tree.Text("renameType") == "OBJECT_SCHEMA")
        {
            Remove(key => key.Schema == tree.Text("subname") || (key.Sort == "schema" && key.Name == tree.Text("subname")));
        }
        else if (tree.Text("renameType") == "OBJECT_ROLE")
        {
            Remove(key => key.Sort == "role" && key.Name == tree.Text("subname"));
        }
        else if (tree.Child("object") is { } named)
        {
            var name = named.Type == "List" ? TableName.Of(named.Items("items")) : named.Type == "ObjectWithArgs" ? TableName.Of(named.Items("objname"))
                : TableName.Of(named.Items("names"));
            Remove(key => (key.Name == name.Name || key.Name.StartsWith($"{name.Name}(", StringComparison.Ordinal) || key.Table == name.Name)
                && (key.Schema.Length == 0 || IsIn(key.Schema, name, path)));
        }
    }

    /// <summary>A table, view, index, type, …, with all that is part of it.</summary>
    private void FreeObject(TableName name, IReadOnlyList<string>? path)
    {
        FreeParts(name, path);
        Remove(key => key.Name == name.Name && key.Table.Length == 0 && (key.Schema.Length == 0 || IsIn(key.Schema, name, path)));
    }

    /// <summary>Columns, constraints, indexes, …: which of them fall together is the server's to know.</summary>
    private void FreeParts(TableName table, IReadOnlyList<string>? path) =>
        Remove(key => (key.Table == table.Name || _taken[key] == $"index {table.Name}" || _taken[key] == "sequence") && IsIn(key.Schema, table, path));

    private void FreeNamed(TableName table, string name, IReadOnlyList<string>? path) =>
        Remove(key => key.Table == table.Name && key.Name == name && IsIn(key.Schema, table, path));

    private void Remove(Func<(string Sort, string Schema, string Table, string Name), bool> gone)
    {
        foreach (var key in _taken.Keys.Where(gone).ToArray())
            _taken.Remove(key);
    }

    private static bool IsIn(string schema, TableName name, IReadOnlyList<string>? path) => name.Schema is { } given ? given == schema : path is null
        || path.Contains(schema);

    private string? SchemaOf(string sort, TableName name, IReadOnlyList<string>? path) =>
        name.Schema ?? path?.FirstOrDefault(schema => _taken.ContainsKey((sort, schema, "", name.Name)));
}

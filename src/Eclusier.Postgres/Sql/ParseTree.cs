using System.Text.Json;

namespace Eclusier.Postgres.Sql;

/// <summary>A node of the parse tree: its type's name in PostgreSQL (<c>CreateStmt</c>) and its fields.</summary>
public sealed record TreeNode(string Type, JsonElement Fields)
{
    /// <summary>A string or enum field; empty when it is not there.</summary>
    public string Text(string field) =>
        Fields.ValueKind == JsonValueKind.Object && Fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    public bool Flag(string field) => Has(field) && Fields.GetProperty(field).ValueKind == JsonValueKind.True;

    public bool Has(string field) => Fields.ValueKind == JsonValueKind.Object && Fields.TryGetProperty(field, out _);

    /// <summary>A field of one fixed type, written without the type's name (<c>relation</c>, <c>withClause</c>).</summary>
    public TreeNode? Field(string field) =>
        Has(field) ? new TreeNode("", Fields.GetProperty(field)) : null;

    /// <summary>A field of any type, written as <c>{"Type": {…}}</c>.</summary>
    public TreeNode? Child(string field) => Has(field) ? Wrapped(Fields.GetProperty(field)) : null;

    public IEnumerable<TreeNode> Items(string field)
    {
        if (!Has(field) || Fields.GetProperty(field) is not { ValueKind: JsonValueKind.Array } items)
            yield break;
        foreach (var item in items.EnumerateArray())
        {
            if (Wrapped(item) is { } node)
                yield return node;
        }
    }

    /// <summary>Option of that name (<c>DefElem</c>): null when absent, "true" when it stands without a value.</summary>
    public string? Option(string list, string name)
    {
        var option = Items(list).FirstOrDefault(item => item.Text("defname").Equals(name, StringComparison.OrdinalIgnoreCase));
        if (option is null)
            return null;
        return option.Child("arg") switch
        {
            null => "true",
            { Type: "Integer" } integer => integer.Has("ival") && integer.Fields.GetProperty("ival").GetInt32() != 0 ? "true" : "false",
            { Type: "Boolean" } boolean => boolean.Flag("boolval") ? "true" : "false",
            { } value => value.Text("sval").ToLowerInvariant(),
        };
    }

    /// <summary>True unless the option says <c>false</c>, <c>off</c> or <c>0</c>, or is absent.</summary>
    public bool OptionIsOn(string list, string name, bool otherwise = false) =>
        Option(list, name) is { } value ? value is not ("false" or "off" or "0") : otherwise;

    public TableName? Table(string field = "relation") => Field(field) is { } range ? TableName.Of(range) : null;

    /// <summary>All nodes of a type below this one, lists in their order. Iterative: trees can be as deep as their text is long.</summary>
    public IEnumerable<TreeNode> Descendants(string type)
    {
        var open = new Stack<JsonElement>([Fields]);
        while (open.TryPop(out var element))
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray().Reverse())
                    open.Push(item);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (property.NameEquals(type))
                        yield return new TreeNode(type, property.Value);
                    open.Push(property.Value);
                }
            }
        }
    }

    private static TreeNode? Wrapped(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var property in element.EnumerateObject())
            return new TreeNode(property.Name, property.Value);
        return null;
    }
}

/// <summary>A table's name as written; without a schema when none was written.</summary>
public readonly record struct TableName(string? Schema, string Name)
{
    public static TableName Of(TreeNode rangeVariable) =>
        new(rangeVariable.Text("schemaname") is { Length: > 0 } schema ? schema : null, rangeVariable.Text("relname"));

    /// <summary>As people write it: <c>orders</c>, <c>shop."Orders"</c>; null when that is no table's name.</summary>
    internal static TableName? Read(string written) =>
        StatementClassifier.Tree(LibPgQuery.Parse($"table {written}"))?.Items("fromClause").FirstOrDefault() is { Type: "RangeVar" } range ? Of(range) : null;

    /// <summary>Both may be the same table: where one has no schema, the names decide.</summary>
    internal bool Matches(TableName other) => Name == other.Name && (Schema is null || other.Schema is null || Schema == other.Schema);

    /// <summary>From a list of <c>String</c> nodes: <c>[database.][schema.]name</c>.</summary>
    public static TableName Of(IEnumerable<TreeNode> parts)
    {
        var names = parts.Select(part => part.Text("sval")).ToArray();
        return new TableName(names.Length > 1 ? names[^2] : null, names.Length > 0 ? names[^1] : "");
    }

    /// <summary>How tables are looked up; a name without a schema is taken to be in <c>public</c>.</summary>
    public string Key => $"{Schema ?? "public"}.{Name}";

    /// <summary>As SQL wants it, with quotes only where they are needed: what people are told to write.</summary>
    public string Sql => Schema is { } schema ? $"{Identifier.QuoteWhereNeeded(schema)}.{Identifier.QuoteWhereNeeded(Name)}" : Identifier.QuoteWhereNeeded(Name);

    /// <summary>As SQL wants it.</summary>
    public string Quoted => Schema is { } schema ? $"{Identifier.Quote(schema)}.{Identifier.Quote(Name)}" : Identifier.Quote(Name);

    public override string ToString() => Schema is null or "public" ? Name : $"{Schema}.{Name}";
}

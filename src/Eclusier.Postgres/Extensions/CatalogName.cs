using System.Text.RegularExpressions;
using Eclusier.Evidence;

namespace Eclusier.Postgres.Extensions;

/// <summary>The name of an object that is not on a copy, in the parts that a refusal is compared with; none of them quoted.</summary>
/// <param name="Kind">As a catalog snapshot calls it: <c>table</c>, <c>function</c>, <c>constraint</c>, …</param>
/// <param name="Schema">Null: none was written, and any will do.</param>
/// <param name="Table">Of a column, a constraint, a trigger, …</param>
internal sealed partial record CatalogName(string Kind, string? Schema, string Name, string? Table = null)
{
    /// <summary>What the server appends to the names that it makes itself: of keys, sequences and indexes.</summary>
    private static readonly string[] Suffixes = ["_pkey", "_key", "_fkey", "_check", "_excl", "_idx", "_seq"];

    private NameKind Sort => Kind switch
    {
        "table" or "view" or "materialized view" or "foreign table" or "sequence" or "index" or "relation" => NameKind.Relation,
        "function" or "procedure" or "aggregate" or "routine" => NameKind.Routine,
        "operator" => NameKind.Operator,
        "schema" => NameKind.Schema,
        "column" => NameKind.Column,
        _ => NameKind.Object,
    };

    /// <summary>The parts of a name as <see cref="ToObject"/> writes it.</summary>
    public static CatalogName Of(UnprovenObject unproven)
    {
        var name = UnprovenObject.Plain(unproven.Name);
        if (name.Split(" on ") is [var local, var table])
            return new CatalogName(unproven.Kind, null, local, table);
        if (name.IndexOf('(', StringComparison.Ordinal) is > 0 and var parameters)
            name = name[..parameters];
        var (schema, last) = (Before(name), name[(name.LastIndexOf('.') + 1)..]);
        return unproven.Kind == "column" ? new CatalogName("column", null, last, schema) : new CatalogName(unproven.Kind, schema, last);
    }

    /// <summary>As a catalog snapshot writes it; a name without a schema is taken to be in <c>public</c>.</summary>
    /// <param name="of">The unproven table that it goes with.</param>
    public UnprovenObject ToObject(string? of = null) => new(
        Kind,
        Kind == "column" ? $"{Table}.{Quoted(Name)}"
        : Table is not null ? $"{Quoted(Name)} on {Table}"
        : Kind is "schema" or "extension" or "language" or "access method" or "server" or "publication" or "event trigger" ? Quoted(Name)
        : $"{Quoted(Schema ?? "public")}.{Quoted(Name)}",
        of);

    /// <summary>The table's name where something belongs to it.</summary>
    public static string Qualified(string? schema, string name) => $"{Quoted(schema ?? "public")}.{Quoted(name)}";

    public bool Is(RefusedName refused) => refused.Kind == NameKind.Operator
        ? Sort == NameKind.Operator && SameOperator(refused.Name)
        // A table's name is a type's name, too, and a key's that of its index.
        : (refused.Kind == Sort || (refused.Kind == NameKind.Object && Sort == NameKind.Relation) || (refused.Kind == NameKind.Relation && Kind == "constraint"))
        && (refused.Name == Name || (refused.Local == Name && (Schema is null || refused.Name == $"{Schema}.{Name}")))
        && (Table is null || refused.Table is null || SameTable(refused.Table, Table));

    /// <summary>A name that the server makes itself for a part of this table or column.</summary>
    public bool Implies(RefusedName refused)
    {
        if (refused.Kind is not (NameKind.Relation or NameKind.Object) || !(Kind is "table" or "column"))
            return false;
        var owner = Kind == "table" ? Name : $"{LastOf(Table!)}_{Name}";
        return refused.Local.StartsWith($"{owner}_", StringComparison.Ordinal) && Array.Exists(Suffixes, suffix => refused.Local.EndsWith(suffix, StringComparison.Ordinal));
    }

    /// <summary>Where only the name is known, any types will do.</summary>
    private bool SameOperator(string signature)
    {
        var ((left, name, right), (ours, known, theirs)) = (RefusedName.Parts(signature), RefusedName.Parts(Name));
        return name == known && (Name == known || ((left == ours || left == "unknown") && (right == theirs || right == "unknown")));
    }

    private static bool SameTable(string one, string other) =>
        UnprovenObject.Plain(one) is var plain && UnprovenObject.Plain(other) is var known && (plain == known || LastOf(known) == plain || LastOf(plain) == known);

    private static string LastOf(string name) => UnprovenObject.Plain(name)[(UnprovenObject.Plain(name).LastIndexOf('.') + 1)..];

    private static string? Before(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : null;

    /// <summary>For people; the server would quote keywords, too. A function's parameters stay as they are.</summary>
    private static string Quoted(string name) => Plain().IsMatch(name) ? name : Sql.Identifier.Quote(name);

    [GeneratedRegex("""^[a-z_][a-z0-9_$]*(\(.*)?$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 60_000)]
    private static partial Regex Plain();
}

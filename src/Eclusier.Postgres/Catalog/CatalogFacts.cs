using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Catalog;

/// <summary>What rules need to know of the target besides its tables' sizes. Names are <c>schema.table</c> and <c>schema.table.column</c>.</summary>
public sealed partial record CatalogFacts
{
    /// <summary>Nothing is known.</summary>
    public static CatalogFacts None { get; } = new();

    /// <summary>Major version: 15; 0 when it is not known.</summary>
    public int ServerVersion { get; init; }

    /// <summary>Schemas in which names without one are looked for, as the server has them at the start of a session.</summary>
    public IReadOnlyList<string> SearchPath { get; init; } = ["public"];

    /// <summary>Column -> type as <c>format_type</c> writes it: <c>character varying(50)</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Columns that are NOT NULL.</summary>
    public IReadOnlySet<string> NotNull { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Table -> its constraints.</summary>
    public ILookup<string, ConstraintFact> Constraints { get; init; } = Array.Empty<ConstraintFact>().ToLookup(constraint => constraint.Table, StringComparer.Ordinal);

    /// <summary>Column -> what is proved or built anew when its type changes, though its rows stay as they are: CHECKs, and indexes on expressions or with a predicate.</summary>
    public ILookup<string, string> Dependents { get; init; } = Array.Empty<string>().ToLookup(dependent => dependent, StringComparer.Ordinal);

    /// <summary>Table partitioned by ranges of one column -> that column.</summary>
    public IReadOnlyDictionary<string, string> RangeKeys { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Partitioned table -> its partitions. One without any has no entry; see <see cref="Partitioned"/>.</summary>
    public ILookup<string, PartitionFact> Partitions { get; init; } = Array.Empty<PartitionFact>().ToLookup(partition => partition.Parent, StringComparer.Ordinal);

    /// <summary>Partitioned tables and their indexes.</summary>
    public IReadOnlySet<string> Partitioned { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Functions on which a column's own expression (GENERATED) rests: dropped with CASCADE, they take it along.</summary>
    public IReadOnlySet<string> FunctionsOfColumns { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Materialized view -> whether it can be refreshed while others read it.</summary>
    public IReadOnlyDictionary<string, MaterializedViewFact> MaterializedViews { get; init; } = new Dictionary<string, MaterializedViewFact>(StringComparer.Ordinal);

    /// <summary>Domains that a value can violate, by <c>schema.name</c>.</summary>
    public IReadOnlySet<string> ConstrainedDomains { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Procedures that commit by themselves: no transaction can call them.</summary>
    public IReadOnlyList<TableName> CommittingProcedures { get; init; } = [];

    /// <summary>Function -> each of that name.</summary>
    public ILookup<string, FunctionFact> Functions { get; init; } = Array.Empty<FunctionFact>().ToLookup(function => function.Name, StringComparer.Ordinal);
}

/// <param name="Kind">As <c>pg_constraint.contype</c>: <c>c</c>, <c>f</c>, <c>p</c>, <c>u</c>, <c>x</c>, <c>n</c>.</param>
/// <param name="Expression">Of a CHECK, as the server writes it; null for any other.</param>
/// <param name="References">Of a foreign key, the other table; null for any other.</param>
public sealed record ConstraintFact(string Table, string Name, char Kind, bool Valid, string? Expression, string? References);

/// <param name="Partitioned">It has partitions itself.</param>
/// <param name="Default">It takes the rows that no other one takes.</param>
public sealed record PartitionFact(string Parent, string Schema, string Name, bool Partitioned, bool Default);

/// <param name="Populated">False: nobody can read it yet, so nobody waits.</param>
/// <param name="HasUniqueIndex">On columns alone and on all rows, as REFRESH … CONCURRENTLY wants it.</param>
public sealed record MaterializedViewFact(bool Populated, bool HasUniqueIndex);

/// <param name="Inputs">The types of its input parameters, by <c>typname</c>: <c>int4,text</c>.</param>
/// <param name="Result">As <c>format_type</c> writes it.</param>
/// <param name="Volatile">Its answer may differ from row to row, and it may change anything.</param>
/// <param name="OfExtension">It belongs to an extension, not to the migrations.</param>
public sealed record FunctionFact(string Name, string Inputs, string Result, bool Volatile, bool OfExtension);

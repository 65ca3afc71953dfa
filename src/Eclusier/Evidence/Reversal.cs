using System.Text.Json.Serialization;
using Eclusier.Catalog;
using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>Where the way back of a migration comes from.</summary>
[JsonConverter(typeof(SnakeCase<ReversalSource>))]
public enum ReversalSource
{
    /// <summary>There is none.</summary>
    None,
    /// <summary>Written by the user.</summary>
    File,
    /// <summary>Made from the catalog before and after.</summary>
    Generated,
}

/// <summary>How one applied migration is undone.</summary>
/// <param name="Step">What runs; null when there is no way back.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record Reversal(string Migration, string Name, ReversalSource Source, [property: JsonIgnore] Step? Step, Text? Problem = null)
{
    /// <summary>Objects that somebody changed since: they are left as they are.</summary>
    public IReadOnlyList<Text> ChangedSince { get; init; } = [];

    /// <summary>The migration wrote rows, and nothing has proven that its rollback file brings them back; null where nothing is at risk.</summary>
    public Text? RowsAtRisk { get; init; }

    /// <summary>What will no longer be so afterwards, as far as it is on record.</summary>
    [JsonIgnore]
    public IReadOnlyList<CatalogChange> Undoes { get; init; } = [];
}

/// <summary>What a migration changed in the catalog, on record since it ran.</summary>
/// <param name="Reversible">What its plan said of the way back.</param>
public sealed record RecordedChanges(string Migration, IReadOnlyList<CatalogChange> Changes, Reversible Reversible, Text Reason)
{
    /// <summary>Its rehearsal undid it, and compared the rows.</summary>
    public bool Proven { get; init; }

    /// <summary>The run that applied it.</summary>
    public string Run { get; init; } = "";
}

/// <summary>Rows that a rollback would take along.</summary>
/// <param name="Column">Null: the whole table.</param>
/// <param name="Rows">Rows of the table, or rows with a value in the column.</param>
public sealed record Loss(string Relation, string? Column, long Rows);

using System.Text.Json.Serialization;

namespace Eclusier.Planning;

/// <summary>How a statement is cut into batches by ranges of a key, each a short transaction of its own.</summary>
/// <param name="Table">The table whose key is walked; quoted as SQL needs it.</param>
/// <param name="Key">The column, unquoted.</param>
/// <param name="Size">Rows of the table that the first batch walks over; the next ones adapt.</param>
public sealed record Batching(string Table, string Key, int Size)
{
    /// <summary>What the statement calls the table's key; quoted as SQL needs it.</summary>
    [JsonIgnore]
    public string QualifiedKey { get; init; } = "";

    /// <summary>The statement up to where the range of a batch belongs, WHERE included.</summary>
    [JsonIgnore]
    public string Head { get; init; } = "";

    /// <summary>The rest of the statement.</summary>
    [JsonIgnore]
    public string Tail { get; init; } = "";
}

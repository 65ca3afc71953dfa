namespace Eclusier.Evidence;

/// <summary>What the tables of a copy hold at one moment, by a hash of their rows.</summary>
/// <param name="Tables">By qualified name.</param>
public sealed record RowContents(IReadOnlyDictionary<string, TableContents> Tables)
{
    /// <summary>Tables whose rows are others than before.</summary>
    public IReadOnlyList<string> DifferentFrom(RowContents before) => [.. Compared(before).Where(table => table.Equal == false).Select(table => table.Name)];

    /// <summary>Tables that somebody wrote to, and of which nobody can tell whether they hold what they held.</summary>
    public IReadOnlyList<string> UnreadSince(RowContents before) => [.. Compared(before).Where(table => table.Equal is null).Select(table => table.Name)];

    /// <summary>A table that only one side has is the catalog's affair.</summary>
    private IEnumerable<(string Name, bool? Equal)> Compared(RowContents before) =>
        from was in before.Tables
        where Tables.ContainsKey(was.Key)
        let now = Tables[was.Key]
        orderby was.Key
        select (was.Key, was.Value.Hash is { } hash && now.Hash is { } other ? hash == other : was.Value.State == now.State ? true : (bool?)null);
}

/// <param name="State">What the server counts and keeps of it: where it is the same, nobody wrote.</param>
/// <param name="Hash">Of all rows, whatever their order; null where there were too many to read.</param>
public sealed record TableContents(string State, string? Hash);

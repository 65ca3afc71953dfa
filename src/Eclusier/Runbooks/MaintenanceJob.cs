namespace Eclusier.Runbooks;

/// <summary>One job of <c>maintenance:</c>.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Kind">The key that says what it does: <c>partitions</c>, <c>refresh</c>, <c>orphans</c>, <c>analyze</c> or <c>sql</c>.</param>
public abstract record MaintenanceJob(string Name, string Kind)
{
    /// <summary>Null: it runs when somebody runs it.</summary>
    public CronSchedule? Schedule { get; init; }

    /// <summary>It may drop and delete on a protected environment without being approved each time.</summary>
    public bool Unattended { get; init; }

    /// <summary>Its place in the runbook.</summary>
    public long Line { get; init; }
}

/// <param name="Ahead">How many intervals behind the current one have their partition already.</param>
/// <param name="Keep">Partitions that are older than this many intervals leave the table; null: none does.</param>
/// <param name="Drop">They are dropped, not only detached.</param>
public sealed record PartitionsJob(string Name, string Table, int Ahead, int? Keep, bool Drop) : MaintenanceJob(Name, "partitions");

/// <param name="Views">Materialized views, in the order to refresh them.</param>
public sealed record RefreshJob(string Name, IReadOnlyList<string> Views) : MaintenanceJob(Name, "refresh");

/// <param name="Of">The column that refers to others.</param>
/// <param name="In">The column in which each of its values should stand.</param>
/// <param name="Max">More than this many rows are not deleted: something else is wrong then.</param>
public sealed record OrphansJob(string Name, ColumnPath Of, ColumnPath In, int Max) : MaintenanceJob(Name, "orphans");

public sealed record AnalyzeJob(string Name, IReadOnlyList<string> Tables) : MaintenanceJob(Name, "analyze");

public sealed record SqlJob(string Name, string Sql) : MaintenanceJob(Name, "sql");

/// <summary><c>table.column</c> or <c>schema.table.column</c>, each as SQL writes it.</summary>
public sealed record ColumnPath(string Table, string Column)
{
    /// <returns>Null when there is no table before the column.</returns>
    internal static ColumnPath? Parse(string text)
    {
        var quoted = false;
        var dot = -1;
        foreach (var (index, letter) in text.Index())
        {
            quoted ^= letter == '"';
            if (letter == '.' && !quoted)
                dot = index;
        }

        return dot < 1 || dot == text.Length - 1 ? null : new ColumnPath(text[..dot], text[(dot + 1)..]);
    }

    public override string ToString() => $"{Table}.{Column}";
}

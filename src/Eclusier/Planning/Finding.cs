namespace Eclusier.Planning;

/// <summary>Something wrong with a database, or likely to become so.</summary>
/// <param name="Rule">Stable id, such as <c>orphaned-rows</c>; what a runbook's checks and <c>inspect.ignore</c> name.</param>
/// <param name="Object">Its name as SQL wants it: <c>public.orders</c>, <c>orders_customer_fkey on public.orders</c>.</param>
/// <param name="Evidence">What was seen, with figures.</param>
/// <param name="Remedy">SQL, or what to do.</param>
/// <param name="Count">How many things, where the rule counts things (orphaned rows); null: the finding itself is the thing.</param>
public sealed record Finding(string Rule, Risk Severity, string Object, Text Evidence, Text Remedy, long? Count = null)
{
    /// <summary>The table that the object belongs to; null: the object is none of a table's, or is the table.</summary>
    public string? Table { get; init; }

    /// <summary>Nobody knows: it could not be counted in time, or the server refused to tell. It must not pass for health.</summary>
    public bool Unanswered { get; init; }
}

namespace Eclusier.Runbooks;

/// <summary>Where a tool was told to keep its tracking table (<c>migrations.tracking</c>).</summary>
/// <param name="Schema">A plain name; null: where the tool keeps it by itself.</param>
/// <param name="Table">A plain name; null: as the tool calls it by itself.</param>
public sealed record TrackingPlace(string? Schema, string? Table)
{
    public static TrackingPlace Default { get; } = new(null, null);

    /// <summary>What this one leaves open, the other may say.</summary>
    public TrackingPlace Or(TrackingPlace other) => new(Schema ?? other.Schema, Table ?? other.Table);
}

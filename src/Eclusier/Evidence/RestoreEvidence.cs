namespace Eclusier.Evidence;

/// <summary>What a full rollback to a backup found and did.</summary>
public sealed record RestoreEvidence
{
    public required string Backup { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The backup was taken of another database that had this address.</summary>
    public bool OfAnother { get; init; }

    /// <summary>Tables whose rows are not as many as in the backup: what was written since, and would be lost.</summary>
    public IReadOnlyList<RowsSince> WrittenSince { get; init; } = [];

    /// <summary>Invariants whose answer is another one in the backup.</summary>
    public IReadOnlyList<Text> InvariantsSince { get; init; } = [];

    /// <summary>How long restoring beside the live database took; what a restore in place would cost in downtime.</summary>
    public double RestoreMs { get; init; }

    /// <summary>Why databases cannot be swapped here; null when they can.</summary>
    public Text? Impossible { get; init; }

    /// <summary>What will not come along.</summary>
    public IReadOnlyList<Text> Warnings { get; init; } = [];

    /// <summary>Nothing was renamed: the dump replaced what was in the database.</summary>
    public bool InPlace { get; init; }

    /// <summary>In place: what belongs to others, and was not replaced.</summary>
    public LeftAlone LeftAlone { get; init => field = value ?? LeftAlone.Nothing; } = LeftAlone.Nothing;

    /// <summary>The former live database (in place: the backup of what was in it); null as long as nothing was swapped.</summary>
    public string? Kept { get; init; }

    /// <summary>How long nobody could connect, both ways where it was swapped back.</summary>
    public double DowntimeMs { get; init; }

    /// <summary>A check failed, and the former database is live again.</summary>
    public bool SwappedBack { get; init; }
}

/// <param name="Now">Null: the table is not there.</param>
/// <param name="Then">Null: the table is not in the backup.</param>
public sealed record RowsSince(string Table, long? Now, long? Then);

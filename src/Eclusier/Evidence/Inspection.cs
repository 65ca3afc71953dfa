using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>What a read-only look at the target found.</summary>
public sealed record Inspection
{
    public required DateTimeOffset TakenAt { get; init; }

    public DatabaseSystem System { get; init; }

    /// <summary>Host, port and database; no secrets.</summary>
    public required string Target { get; init; }

    /// <summary>Null in what was written before there were identities. Filled in by the run.</summary>
    public DatabaseIdentity? Identity { get; init; }

    public required string ServerVersion { get; init; }

    public required string User { get; init; }

    public required bool Superuser { get; init; }

    /// <summary>True on a standby, which cannot be migrated.</summary>
    public required bool InRecovery { get; init; }

    /// <summary>The database or the role has <c>default_transaction_read_only</c>: what is sent there without more is refused.</summary>
    public bool ReadOnly { get; init; }

    public required long SizeBytes { get; init; }

    public required IReadOnlyList<TableFacts> Tables { get; init; }

    public required int IndexCount { get; init; }

    /// <summary>Names of indexes that a failed concurrent build left behind.</summary>
    public required IReadOnlyList<string> InvalidIndexes { get; init; }

    public required IReadOnlyList<LongTransaction> LongTransactions { get; init; }

    /// <summary>Null where no migrations are tracked.</summary>
    public TrackingState? Tracking { get; init; }

    /// <summary>Of MongoDB; none elsewhere.</summary>
    public IReadOnlyList<CollectionFacts> Collections { get; init => field = value ?? []; } = [];

    /// <summary>Of the runbook's embeddings, where there are any.</summary>
    public IReadOnlyList<OrphanFacts> Orphans { get; init => field = value ?? []; } = [];

    /// <summary>Null: no diagnosis was taken.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }

    /// <summary>Free space where backups will go. Filled in by the run, which knows the destinations.</summary>
    public IReadOnlyList<DiskSpace> Disks { get; init; } = [];
}

/// <param name="EstimatedRows">From the statistics (<c>pg_class.reltuples</c>); -1 when never analyzed.</param>
/// <param name="TableBytes">Heap and TOAST, without indexes.</param>
/// <param name="RowSecurity">It is on.</param>
/// <param name="Policies">How many it has.</param>
public sealed record TableFacts(string Schema, string Name, long EstimatedRows, long TableBytes, long IndexBytes, bool RowSecurity, int Policies)
{
    /// <summary>Less than an hour of statistics is a restore or a restart, and says nothing of a normal day.</summary>
    private const double EnoughSeconds = 3600;

    /// <summary>Rows inserted, updated and deleted since the statistics began.</summary>
    public long RowsWritten { get; init; }

    /// <summary>How long the statistics have been kept.</summary>
    public double StatisticsSeconds { get; init; }

    /// <summary>On average; null when the statistics are too young to say.</summary>
    public double? WritesPerSecond => StatisticsSeconds < EnoughSeconds ? null : RowsWritten / StatisticsSeconds;
}

/// <summary>A transaction that has been open for long enough to make a migration wait.</summary>
public sealed record LongTransaction(int ProcessId, string Application, string User, string State, double Seconds);

/// <param name="Layout">As the runbook names it.</param>
/// <param name="Table">The tracking table's qualified name; the one that would be created when it does not exist.</param>
/// <param name="Applied">How many migrations it says were applied.</param>
/// <param name="Failed">How many whose last attempt failed.</param>
/// <param name="LastVersion">The last of those that were applied, in the layout's order.</param>
public sealed record TrackingState(string Layout, string Table, bool Exists, int Applied, int Failed, string? LastVersion);

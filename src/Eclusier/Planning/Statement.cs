using System.Text.Json.Serialization;

namespace Eclusier.Planning;

/// <summary>One statement of a migration's file.</summary>
public sealed record Statement
{
    /// <summary>Its text. Never serialised: a migration may hold secrets, and the file is at hand.</summary>
    [JsonIgnore]
    public string Sql { get; init; } = "";

    /// <summary>What COPY … FROM stdin reads; null for any other statement.</summary>
    [JsonIgnore]
    public string? Input { get; init; }

    /// <summary>What it is: <c>create-table</c>, <c>create-index</c>, <c>insert</c>, …; <c>unclassified</c> when the parser does not know it.</summary>
    public required string Kind { get; init; }

    /// <summary>The file that it stands in when the migration includes one (psql's <c>\i</c>); null when that is the migration's own.</summary>
    public string? IncludedFrom { get; init; }

    /// <summary>1-based, where the statement's first token stands.</summary>
    public required int Line { get; init; }

    public required int Column { get; init; }

    /// <summary>False for what the server refuses inside a transaction block (CREATE INDEX CONCURRENTLY, VACUUM, …), and for what runs in batches.</summary>
    public bool Transactional { get; init; } = true;

    /// <summary>It may need a lock under which others cannot write: it must not queue for it for long.</summary>
    public bool MayBlockWrites { get; init; } = true;

    /// <summary>Null: it runs as a whole.</summary>
    public Batching? Batch { get; init; }

    /// <summary>Null: it is what its SQL says.</summary>
    public Partitioning? Partition { get; init; }

    /// <summary>Of a statement that only opens or ends a transaction; null for all others.</summary>
    [JsonIgnore]
    public TransactionControl? Control { get; init; }

    /// <summary>Its transaction ends with a ROLLBACK that the script itself has: nothing of it stays.</summary>
    [JsonIgnore]
    public bool RolledBack { get; init; }

    /// <summary>Why it cannot stand in a migration; null when it can.</summary>
    [JsonIgnore]
    public Text? Unsuitable { get; init; }
}

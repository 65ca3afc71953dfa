using System.Text.Json.Serialization;

namespace Eclusier.Planning;

/// <summary>One pending migration: what will run, and what is known about it beforehand.</summary>
public sealed record Step
{
    /// <summary>The kind of step that undoes a migration.</summary>
    public const string Rollback = "rollback";

    /// <summary>The kind of step that copies a collection and puts it in the place of the target's.</summary>
    public const string Copy = "collection";

    /// <summary>The kind of step that drops a collection.</summary>
    public const string Drop = "drop";

    /// <summary>The kind of step that a maintenance job consists of.</summary>
    public const string Job = "job";

    /// <summary><c>migration</c>, <see cref="Rollback"/>, <see cref="Copy"/>, <see cref="Drop"/> or <see cref="Job"/>.</summary>
    public string Kind { get; init; } = "migration";

    /// <summary>The version, as the tracking table names it.</summary>
    public required string Migration { get; init; }

    public required string Name { get; init; }

    /// <summary>Path of the file, relative to the runbook where possible.</summary>
    public required string File { get; init; }

    /// <summary>What people call it: its file, or for a migration that is a folder, the folder.</summary>
    [JsonIgnore]
    public string FileName => Path.GetFileName(Path.GetDirectoryName(File)) is { } folder && folder == Migration ? folder : Path.GetFileName(File);

    /// <summary>The runbook's title for it and its like.</summary>
    public string? Group { get; init; }

    /// <summary>SHA-256 (lower-case hex) of the text with LF line ends and no BOM.</summary>
    public required string Checksum { get; init; }

    public required IReadOnlyList<Statement> Statements { get; init; }

    /// <summary>What its statements do, in one line.</summary>
    public Text Description { get; init; } = Text.Same("");

    public IReadOnlyList<Hazard> Hazards { get; init; } = [];

    public Risk Risk { get; init; }

    public required Text RiskReason { get; init; }

    /// <summary>Why it is not to run: the runbook's reason, or that others do the same; null when it runs.</summary>
    public Text? SkipReason { get; init; }

    /// <summary>The file that undoes it (its own, where a part of it does); null when there is none.</summary>
    public string? RollbackFile { get; init; }

    public Reversible Reversible { get; init; }

    /// <summary>What undoes it, or why nothing does.</summary>
    public Text ReversibleReason { get; init; } = Text.Same("");

    /// <summary>Of a collection: what is known of it beforehand.</summary>
    public CollectionPlan? Collection { get; init; }

    /// <summary>What the layout's own tool writes into its tracking table besides the version.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Recorded { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary><c>file:line</c>; what has no lines is named alone.</summary>
    public string Place(Hazard hazard) => hazard.Line == 0 ? File : $"{hazard.IncludedFrom ?? File}:{hazard.Line}";

    /// <summary><c>file:line</c></summary>
    public string Place(Statement statement) => $"{statement.IncludedFrom ?? File}:{statement.Line}";

    /// <summary>True when the whole migration and its tracking row commit together.</summary>
    public bool Transactional { get; init; } = true;
}

using System.Text.Json.Serialization;
using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>Whether a migration has been applied to a database, judged by what it leaves there.</summary>
[JsonConverter(typeof(SnakeCase<BaselineVerdict>))]
public enum BaselineVerdict
{
    /// <summary>All that survives of its effect is there.</summary>
    Present,
    /// <summary>Nothing of it is there.</summary>
    Absent,
    /// <summary>Some of it is there, or is there otherwise.</summary>
    Partial,
    /// <summary>It leaves no trace in the catalog, or could not be replayed.</summary>
    Undecidable,
}

/// <summary>What a verdict rests on: all but <see cref="Neighbours"/> prove it.</summary>
[JsonConverter(typeof(SnakeCase<VerdictBasis>))]
public enum VerdictBasis
{
    /// <summary>What it made, changed or removed.</summary>
    Objects,
    /// <summary>What is there can only have come about with it (or cannot have run without what is missing).</summary>
    OtherMigrations,
    /// <summary>It leaves no trace, and nothing contradicts that it is where those before it and after it are. One that was left out would look the same.</summary>
    Neighbours,
    /// <summary>A query of the runbook.</summary>
    Probe,
    /// <summary>A mark.</summary>
    Person,
}

/// <summary>What one object says about one migration.</summary>
[JsonConverter(typeof(SnakeCase<Presence>))]
public enum Presence
{
    /// <summary>As the migration left it, or as a later one did.</summary>
    Same,
    /// <summary>As it was before the migration.</summary>
    Missing,
    /// <summary>As no migration ever left it.</summary>
    Different,
    /// <summary>It would be the same with and without the migration.</summary>
    NoTrace,
}

/// <param name="Later">The later migration in whose state the object is, or another that may have made it the same; null: it is this one's own.</param>
public sealed record ObjectFinding(string Kind, string Name, Presence Finding, string? Later = null)
{
    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>One migration, and what the database says of it.</summary>
public sealed record MigrationVerdict
{
    /// <summary>The version.</summary>
    public required string Migration { get; init; }

    public required string Name { get; init; }

    public required string File { get; init; }

    public required BaselineVerdict Verdict { get; init; }

    public required Text Reason { get; init; }

    /// <summary>The objects that it made, changed or removed. What goes along with another of them is not named.</summary>
    public required IReadOnlyList<ObjectFinding> Findings { get; init; }

    /// <summary>The tracking table has it.</summary>
    public bool Recorded { get; init; }

    /// <summary>Why it is not to be recorded although it is not: the runbook's reason for skipping it, or that others stand for it.</summary>
    public Text? NotNeeded { get; init; }

    /// <summary>What a person said of it; null where nobody had to be asked.</summary>
    public Settlement? Mark { get; init; }

    /// <summary>It is there and the tracking table does not know.</summary>
    public bool ToRecord => Verdict == BaselineVerdict.Present && !Recorded && NotNeeded is null;

    /// <summary>A person must look: the database has half of it, or nobody can tell; or the tracking table says what is not so.</summary>
    public bool Unsettled => NotNeeded is null && Mark is null && (Recorded ? Verdict is BaselineVerdict.Absent or BaselineVerdict.Partial : Verdict is BaselineVerdict.Partial or BaselineVerdict.Undecidable);

    /// <summary>What the database is to remember of it; null: the tracking table says all there is to say.</summary>
    [JsonIgnore]
    internal Settlement? Remembered =>
        Unsettled && !Recorded ? new Settlement(Migration, Verdict, Reason.En, By: null)
        // A mark that says "present" becomes a row of the tracking table; where there is one already, the mark speaks for it.
        : NotNeeded is null && Mark is not null && (Recorded || Mark.Verdict == BaselineVerdict.Absent) ? Mark
        : null;

    /// <summary>What the verdict rests on; null: nothing tells (<see cref="BaselineVerdict.Undecidable"/>).</summary>
    public VerdictBasis? Basis { get; init; }

    /// <summary>Nothing in the database speaks of it, but only of its neighbours.</summary>
    [JsonIgnore]
    public bool IsInferred => Basis == VerdictBasis.Neighbours;

    /// <summary>Nothing is in the database that it alone can have left so: later ones changed all of that, or others make the same, and may have made it alone.</summary>
    [JsonIgnore]
    internal bool IsOvertaken { get; init; }

    /// <summary>All of its statements ran on the sandbox.</summary>
    [JsonIgnore]
    internal bool IsReplayed { get; init; }

    /// <summary>The migration itself, for its row in the tracking table.</summary>
    [JsonIgnore]
    public Step? Step { get; init; }
}

public static class BaselineVerdictNames
{
    public static Text Name(this BaselineVerdict verdict) => verdict switch
    {
        BaselineVerdict.Present => new Text("present", "présente"),
        BaselineVerdict.Absent => new Text("absent", "absente"),
        BaselineVerdict.Partial => new Text("PARTIAL", "PARTIELLE"),
        _ => new Text("UNDECIDABLE", "INDÉCIDABLE"),
    };
}

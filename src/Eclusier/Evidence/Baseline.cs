using System.Text.Json.Serialization;
using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>The evidence of a baseline: what a database has of each migration, and what nothing explains.</summary>
/// <param name="On"><c>sandbox</c>, or the address of the server on which the migrations were replayed.</param>
/// <param name="Verdicts">In the order to run.</param>
/// <param name="Drift">What the database has otherwise than the migrations that are present leave it.</param>
public sealed record Baseline(string On, IReadOnlyList<MigrationVerdict> Verdicts, IReadOnlyList<ReplacementProof> Replacements, IReadOnlyList<ObjectDifference> Drift)
{
    /// <summary>Rows of the tracking table that have no file.</summary>
    public IReadOnlyList<TrackedMigration> WithoutFile { get; init; } = [];

    /// <summary>What to know of how it was found out: another version of the server, say.</summary>
    public IReadOnlyList<Text> Notes { get; init; } = [];

    /// <summary>Versions whose rows were written.</summary>
    public IReadOnlyList<string> Recorded { get; init; } = [];

    /// <summary>What the database remembered when this was found out.</summary>
    [JsonIgnore]
    internal IReadOnlyList<Settlement> RememberedBefore { get; init; } = [];

    /// <summary>What it is to remember.</summary>
    [JsonIgnore]
    internal IReadOnlyList<Settlement> Remembered => [.. Verdicts.Select(verdict => verdict.Remembered).OfType<Settlement>()];

    /// <summary>What a person must say: until then, `migrate` runs nothing.</summary>
    [JsonIgnore]
    public IReadOnlyList<MigrationVerdict> ToSettle => [.. Verdicts.Where(verdict => verdict.Unsettled)];

    /// <summary>A person must look at some of them.</summary>
    public bool Unsettled => Verdicts.Any(verdict => verdict.Unsettled) || Replacements.Any(proof => !proof.Equivalent);
}

/// <summary>Whether a migration that stands for others leads where they lead, by fingerprint.</summary>
/// <param name="Differences">Objects that differ; empty when it does.</param>
public sealed record ReplacementProof(string Migration, IReadOnlyList<string> Replaces, bool Equivalent, IReadOnlyList<string> Differences);

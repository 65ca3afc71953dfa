using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>Which migrations to undo.</summary>
/// <param name="To">Everything applied after this version; <c>0</c>: everything. Null: not asked so.</param>
/// <param name="Run">What this run applied; null (with <paramref name="To"/> null, too): the newest run of which something is left.</param>
/// <param name="WithoutBackup">Leaves the runbook's backup out.</param>
public sealed record RollbackRequest(string? To, string? Run, bool WithoutBackup = false);

/// <summary>The evidence of what a rollback is about to do; its steps stand in the run's plan.</summary>
/// <param name="Reversals">Newest migration first.</param>
/// <param name="Losses">Rows that go with it, counted beforehand.</param>
public sealed record RollbackPlan(IReadOnlyList<Reversal> Reversals, IReadOnlyList<Loss> Losses)
{
    /// <summary>Where the way back of a migration comes from.</summary>
    public ReversalSource SourceOf(string migration) => Reversals.FirstOrDefault(reversal => reversal.Migration == migration)?.Source ?? ReversalSource.None;

    /// <summary>Of all reversals.</summary>
    [JsonIgnore]
    public IReadOnlyList<Text> RowsAtRisk => [.. Reversals.Select(reversal => reversal.RowsAtRisk).OfType<Text>()];

    /// <summary>Migrations that stay applied and need one that is to be undone.</summary>
    public IReadOnlyList<Text> Dependents { get; init; } = [];
}

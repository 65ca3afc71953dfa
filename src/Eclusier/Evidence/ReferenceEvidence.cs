using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>What the target, or the restored copy of it, has in common with the environment that it should equal afterwards.</summary>
/// <param name="Environment">The reference, as the runbook names it.</param>
/// <param name="Comparison">The database on the left, the reference on the right, definitions by their hashes alone; null: they could not be compared.</param>
/// <param name="Problem">Why they could not.</param>
public sealed record ReferenceEvidence(string Environment, DatabaseComparison? Comparison = null, Text? Problem = null)
{
    [JsonIgnore]
    public bool Differs => Comparison is { Equal: false };

    /// <summary>A few words for the console.</summary>
    [JsonIgnore]
    public Text Summary => Comparison switch
    {
        null => new Text($"{Environment} not compared", $"{Environment} non comparé"),
        { Equal: true } => new Text($"equals {Environment}", $"identique à {Environment}"),
        { Objects.Count: var count } => Text.Count(count, $"difference from {Environment}", $"differences from {Environment}", $"différence avec {Environment}", $"différences avec {Environment}"),
    };

    /// <summary>The first few objects that differ, and how many more.</summary>
    [JsonIgnore]
    public Text Differences => Text.JoinFirst([.. (Comparison?.Objects ?? []).Select(found =>
    {
        var side = Side(found);
        return new Text($"{found.Kind} {found.Name} is {side.En}", $"{found.Kind} {found.Name} : {side.Fr}");
    })]);

    public Text Side(ObjectDifference found) => found.Difference switch
    {
        DifferenceSide.LeftOnly => new Text($"not in {Environment}", $"pas dans {Environment}"),
        DifferenceSide.RightOnly => new Text($"only in {Environment}", $"seulement dans {Environment}"),
        _ => new Text("different", "différent"),
    };
}

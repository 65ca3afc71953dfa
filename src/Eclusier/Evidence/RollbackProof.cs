using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

[JsonConverter(typeof(SnakeCase<RollbackVerdict>))]
public enum RollbackVerdict
{
    /// <summary>A migration has no way back.</summary>
    None,
    Proven,
    /// <summary>There is a way back, and it failed or did not lead to where it should.</summary>
    NotProven,
    /// <summary>All that could be rehearsed was undone; the rest could not be, for want of an extension.</summary>
    Unproven,
}

/// <summary>A migration was undone on the restored copy, and catalog, rights and rows compared with what they had been.</summary>
/// <param name="Problem">Why it is not proven.</param>
public sealed record RollbackProof(string Migration, string Name, ReversalSource Source, bool Proven, Text? Problem, double DurationMs)
{
    /// <summary>It was undone as far as anybody looked; some rows were written, and not compared.</summary>
    public bool Uncompared { get; init; }
}

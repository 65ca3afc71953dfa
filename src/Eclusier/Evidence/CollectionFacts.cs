using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>What the runbook says of a collection.</summary>
[JsonConverter(typeof(SnakeCase<CollectionRole>))]
public enum CollectionRole
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>It is copied here.</summary>
    Copied,
    Ignored,
    /// <summary>To be dropped by <c>maintain</c>.</summary>
    Legacy,
    /// <summary>Kept by a run of ours for the way back.</summary>
    Kept,
}

/// <summary>A collection, as an inspection found it.</summary>
/// <param name="Documents">By the server's statistics.</param>
/// <param name="Bytes">Uncompressed.</param>
/// <param name="Indexes">Names, without that on <c>_id</c>.</param>
/// <param name="Validator">The server holds its documents against a validator.</param>
public sealed record CollectionFacts(string Name, long Documents, long Bytes, long IndexBytes, IReadOnlyList<string> Indexes, bool Validator, CollectionRole Role);

/// <summary>Children of an embedding whose parent is not there, in the source.</summary>
/// <param name="Children">The collection that is embedded.</param>
/// <param name="Parents">The collection that it is embedded into.</param>
public sealed record OrphanFacts(string Children, string Parents, long Count);

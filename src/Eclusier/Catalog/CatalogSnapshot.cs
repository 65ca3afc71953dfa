using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Eclusier.Catalog;

/// <summary>One thing that a migration can make, change or remove: a table, a column, an index, a grant, …</summary>
/// <param name="Kind">As the engine names it.</param>
/// <param name="Name">Qualified; unique among its kind.</param>
/// <param name="Definition">What makes it, in the engine's own words; equal where two objects are equal. Beginning with <c>--</c>: it describes only.</param>
public sealed record CatalogObject(string Kind, string Name, string Definition)
{
    /// <summary>The object that it goes away with; null when it stands for itself.</summary>
    public string? Parent { get; init; }

    /// <summary>It is a trait of its parent (a default, row security), and nothing belongs to it.</summary>
    [JsonIgnore]
    public bool IsTrait => Parent == Name;

    /// <summary>Its name within its parent or schema.</summary>
    public string Local { get; init; } = "";

    /// <summary>The server's own number for it: stays when it is renamed, and grows with time. Means nothing on another server.</summary>
    public string Id { get; init; } = "";

    /// <summary>What removes it; empty when that means nothing by itself.</summary>
    public string Removal { get; init; } = "";

    /// <summary>What has to be there before it: other objects by kind and name, as <see cref="ToString"/> writes them.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>It belongs to the server or to the database itself (a setting, a right on the database, a collation's version): a copy of the schema does not carry it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSurrounding { get; init; }

    [JsonIgnore]
    public (string Kind, string Name) Key => (Kind, Name);

    /// <summary>Its hash in the place of its definition: enough to see that it is still the same, and nothing of what is in it.</summary>
    public CatalogObject Sealed() => this with { Definition = SealOf(Definition) };

    /// <summary>The same definition; the other may be sealed.</summary>
    public bool IsAs(CatalogObject other) => other.Definition == Definition || (other.Definition.StartsWith(Seal, StringComparison.Ordinal) && other.Definition == SealOf(Definition));

    private const string Seal = "sha256:";

    internal static string SealOf(string definition) => definition.StartsWith(Seal, StringComparison.Ordinal) ? definition : $"{Seal}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definition)))}";

    /// <summary>For people: <c>index public.orders_total</c>.</summary>
    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>Everything that a migration can change, as it is at one moment.</summary>
public sealed record CatalogSnapshot(IReadOnlyList<CatalogObject> Objects)
{
    private Dictionary<(string, string), CatalogObject>? _byKey;
    private string? _fingerprint;

    /// <summary>SHA-256 (lower-case hex) of all definitions; equal where two databases are, whatever the order in which they were built.</summary>
    public string Fingerprint => _fingerprint ??= Hash();

    public CatalogObject? Find(CatalogObject other) => ByKey().GetValueOrDefault(other.Key);

    /// <summary>The same object, with the same definition.</summary>
    public bool Holds(CatalogObject other) => Find(other)?.IsAs(other) == true;

    /// <summary>
    /// Beside what was replayed on a sandbox: without the owners of objects for which the other names none (they are its superuser's), and without the settings that
    /// no migration makes; what the sandbox's server gives it (an encoding, a library's version) says nothing.
    /// </summary>
    public CatalogSnapshot AsReplayed(CatalogSnapshot other) =>
        new([.. WithoutServer().Objects.Where(found => !(found.Kind == "owner" || found.IsSurrounding) || other.Find(found) is not null)]);

    /// <summary>Without what no migration makes and only its server gives it: an encoding, a library's version.</summary>
    public CatalogSnapshot WithoutServer() => new([.. Objects.Where(found => !found.IsSurrounding || !found.Definition.StartsWith("--", StringComparison.Ordinal))]);

    /// <summary>What a copy of the schema carries.</summary>
    public CatalogSnapshot WithoutSurroundings() => new([.. Objects.Where(found => !found.IsSurrounding)]);

    private Dictionary<(string, string), CatalogObject> ByKey() => _byKey ??= Objects.DistinctBy(found => found.Key).ToDictionary(found => found.Key);

    private string Hash()
    {
        var lines = Objects.Select(found => $"{found.Kind}\0{found.Name}\0{found.Definition}").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}

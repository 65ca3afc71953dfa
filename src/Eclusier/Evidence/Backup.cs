using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>What an engine dumped into a folder, and the rows it holds. Generated JSON readers set what a manifest does not say to null.</summary>
/// <param name="File">Name of the file in the folder; of the one that tells of the others, where there are several.</param>
/// <param name="Tool">Program and version that wrote it.</param>
/// <param name="RowCounts">Qualified table -> rows, counted in the very snapshot that was dumped.</param>
/// <param name="Roles">Roles that the dump refers to; a restore elsewhere needs them.</param>
/// <param name="SchemaFingerprint">Of the database when it was dumped; see <see cref="Planning.Plan.SchemaFingerprint"/>.</param>
public sealed record Dump(string File, string Tool, IReadOnlyDictionary<string, long> RowCounts, IReadOnlyList<string> Roles, string SchemaFingerprint)
{
    /// <summary>Extensions in it; null where an older manifest does not say, or the engine knows none.</summary>
    public IReadOnlyList<DumpedExtension>? Extensions { get; init; }

    /// <summary>All files, below the folder, with slashes; empty where <see cref="File"/> is the only one.</summary>
    public IReadOnlyList<string> Files { get; init => field = value ?? []; } = [];

    /// <summary>Names of what could not be dumped.</summary>
    public IReadOnlyList<string> Skipped { get; init => field = value ?? []; } = [];
}

/// <summary>A file of a backup.</summary>
/// <param name="Path">Below the copy's folder, with slashes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record BackupFile(string Path, long SizeBytes, string Sha256);

/// <summary>The manifest: lies beside every copy as <c>manifest.json</c>, and says how to prove that the copy is whole.</summary>
public sealed record BackupManifest
{
    public required string Id { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required string Environment { get; init; }

    /// <summary>Host, port and database; no secrets.</summary>
    public required string Target { get; init; }

    /// <summary>Null in manifests from before there were identities: nothing says of which database they are.</summary>
    public DatabaseIdentity? Identity { get; init; }

    /// <summary>Which of the copies this one is, from 1 on: a place that has another one's is that other place. 0: an older manifest, which does not say.</summary>
    public int Copy { get; init; }

    public required string ServerVersion { get; init; }

    public required Dump Dump { get; init; }

    /// <summary>Of all files.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Lower-case hex: of the file; where there are several, of their list of hashes and paths as <c>sha256sum</c> writes it.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Empty where <see cref="Dump.File"/> is the only one, as in every manifest before there were several.</summary>
    public IReadOnlyList<BackupFile> Files { get; init => field = value ?? []; } = [];

    [JsonIgnore]
    public IReadOnlyList<BackupFile> AllFiles => Files.Count > 0 ? Files : [new BackupFile(Dump.File, SizeBytes, Sha256)];

    public required string CreatedBy { get; init; }

    /// <summary>Of a list of hashes and paths as <c>sha256sum</c> writes it.</summary>
    internal static string HashOf(IEnumerable<BackupFile> files) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{file.Sha256}  {file.Path}\n")))));
}

/// <summary>The evidence of the backup phase.</summary>
public sealed record Backup
{
    public required BackupManifest Manifest { get; init; }

    public required IReadOnlyList<BackupCopy> Copies { get; init; }

    /// <summary>What the verified copies are on, each thing once.</summary>
    [JsonIgnore]
    public int Devices => Copies.Where(copy => copy.Verified).Select(copy => copy.Device ?? copy.Destination).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Null: no restore was asked for.</summary>
    public RestoreCheck? Restore { get; init; }

    /// <summary>True when a recent backup of the same state was found and proved again instead of making a new one.</summary>
    public bool Reused { get; init; }

    public double DurationMs { get; init; }
}

/// <param name="Destination">As the runbook names it, without secrets.</param>
/// <param name="Path">The copy's own folder there.</param>
/// <param name="Verified">True when the copy was read back and its SHA-256 and size equal the manifest's.</param>
public sealed record BackupCopy(string Destination, string Path, bool Verified, Text? Problem = null)
{
    /// <summary>What breaks as one: a disk, a server, a bucket, a remote. Null in what was written before it was known.</summary>
    public string? Device { get; init; }
}

/// <summary>A copy was restored into a sandbox and its rows counted.</summary>
/// <param name="Differences">Tables whose row count differs from the source's snapshot, in words.</param>
public sealed record RestoreCheck(bool Passed, int Tables, long Rows, IReadOnlyList<string> Differences, double DurationMs, Text? Problem = null)
{
    /// <summary>Where it was restored: <see cref="RehearsalPlace.ThisMachine"/>, or a server's address.</summary>
    public string? On { get; init; }

    /// <summary>Extensions that the server lacks; what is unproven for them was neither counted nor compared.</summary>
    public IReadOnlyList<MissingExtension> MissingExtensions { get; init => field = value ?? []; } = [];

    /// <summary>That all is there, in words.</summary>
    public Text Said(DatabaseSystem system) => system == DatabaseSystem.MongoDb
        ? new Text($"{English.Count(Tables, "collection")}, {English.Count(Rows, "document")}, as in the source, by count and content", $"{French.Count(Tables, "collection")}, {French.Count(Rows, "document")}, comme à la source, en nombre et en contenu")
        : new Text($"{English.Count(Tables, "table")}, {English.Count(Rows, "row")}, as in the source", $"{French.Count(Tables, "table")}, {French.Count(Rows, "ligne")}, comme à la source");
}

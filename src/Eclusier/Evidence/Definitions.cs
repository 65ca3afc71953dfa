using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Eclusier.Files;

namespace Eclusier.Evidence;

/// <summary>What one line of the journal says of definitions that a rollback will execute.</summary>
public sealed record KeptDefinitions(StepChanges? Changes, StepChanges? RehearsedChanges);

/// <summary>
/// <c>definitions.jsonl</c> beside the journal: definitions as they were before a migration, to the letter, because a rollback makes them anew.
/// A function's text or a column's default may hold a password; nothing of this file is ever shown, and nobody but its owner can read it.
/// The journal names each line by its hash: one that was altered or lost is not on record, and no rollback is made from it.
/// </summary>
public static class Definitions
{
    public const string FileName = "definitions.jsonl";

    /// <returns>What the journal shall name; null when the entry holds nothing of the kind.</returns>
    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    internal static string? Keep(string folder, JournalEntry entry, bool durable)
    {
        if (entry.Changes is null && entry.RehearsedChanges is null)
            return null;
        var line = JsonSerializer.Serialize(new KeptDefinitions(entry.Changes, entry.RehearsedChanges), EclusierJson.Compact.KeptDefinitions);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly.File;
        using var file = new FileStream(Path.Combine(folder, FileName), options);
        // A line that a crash cut off ends here, and is nobody's.
        file.Write(Encoding.UTF8.GetBytes($"\n{line}\n"));
        file.Flush(durable);
        return Hash(line);
    }

    /// <summary>The entries with what is kept for them.</summary>
    internal static IReadOnlyList<JournalEntry> Complete(string folder, IReadOnlyList<JournalEntry> entries)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path) || entries.All(entry => entry.Definitions is null))
            return entries;
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
            kept[Hash(line)] = line;
        return [.. entries.Select(entry => entry.Definitions is { } hash && kept.TryGetValue(hash, out var line) ? Complete(entry, line) : entry)];
    }

    private static JournalEntry Complete(JournalEntry entry, string line)
    {
        var kept = JsonSerializer.Deserialize(line, EclusierJson.Compact.KeptDefinitions);
        return entry with { Changes = kept?.Changes, RehearsedChanges = kept?.RehearsedChanges };
    }

    private static string Hash(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
}

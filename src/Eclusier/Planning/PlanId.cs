using System.Security.Cryptography;
using System.Text;

namespace Eclusier.Planning;

/// <summary>The plan id: the hash of what will run, on what. A changed file or database gives another id.</summary>
public static class PlanId
{
    public static string Of(string target, string schemaFingerprint, IEnumerable<TrackedMigration> applied, IEnumerable<Step> steps) => Hash(Lines(target, schemaFingerprint, applied, steps));

    /// <summary>Of a baseline: which migrations are recorded as applied, on what, and what is remembered of the others.</summary>
    /// <param name="remembered">Version and verdict of each.</param>
    public static string OfBaseline(string target, string schemaFingerprint, IEnumerable<TrackedMigration> applied, IEnumerable<Step> recorded, IEnumerable<string> remembered) =>
        Hash($"baseline\n{Lines(target, schemaFingerprint, applied, recorded)}{string.Concat(remembered.Select(line => $"remember {line}\n"))}");

    private static string Lines(string target, string schemaFingerprint, IEnumerable<TrackedMigration> applied, IEnumerable<Step> steps)
    {
        var text = new StringBuilder();
        text.Append("target ").Append(target).Append('\n');
        text.Append("schema ").Append(schemaFingerprint).Append('\n');
        foreach (var migration in applied.Where(m => m.Success).OrderBy(m => m.Version, StringComparer.Ordinal))
            text.Append("applied ").Append(migration.Version).Append(' ').Append(migration.Checksum).Append('\n');
        foreach (var step in steps)
        {
            text.Append(step.SkipReason is null ? "run " : "skip ").Append(step.Migration).Append(' ').Append(step.Checksum).Append('\n');
            foreach (var settings in step.Statements.Select(statement => statement.Partition?.Settings).OfType<PartitionSettings>().Distinct())
                text.Append("partition ").Append(settings).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Of a full rollback: which backup takes the place of which database.</summary>
    public static string OfRestore(string target, string backup, string sha256) => Hash($"restore {target}\n{backup}\n{sha256}\n");

    /// <summary>The same plan on another database of that address is another plan.</summary>
    /// <param name="identity">Null: <paramref name="id"/> says it all.</param>
    public static string On(DatabaseIdentity? identity, string id) => identity is null ? id : Hash($"on {identity}\n{id}\n");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}

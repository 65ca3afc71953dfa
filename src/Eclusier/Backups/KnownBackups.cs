using System.Diagnostics;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Backups;

/// <summary>The backups of an environment that its destinations know. What lies there and is none of ours is passed over.</summary>
/// <param name="Manifests">One for each copy.</param>
/// <param name="Damaged">Id -> what is wrong with its manifest.</param>
internal sealed record KnownBackups(IReadOnlyList<BackupManifest> Manifests, IReadOnlyDictionary<string, Text> Damaged)
{
    /// <summary>Clocks of two machines differ a little. What is dated later than that would be the newest for ever.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public static async Task<KnownBackups> FindAsync(BackupSettings settings, string environment, CancellationToken cancellationToken)
    {
        var manifests = new List<BackupManifest>();
        var damaged = new Dictionary<string, Text>(StringComparer.Ordinal);
        foreach (var destination in settings.To.Select(BackupDestinations.Parse))
        {
            foreach (var id in (await destination.ListAsync(cancellationToken)).Where(id => id.EndsWith($"-{environment}", StringComparison.Ordinal)))
            {
                try
                {
                    var (manifest, problem) = await BackupProof.ReadManifestAsync(destination, id, cancellationToken);
                    if (problem is not null)
                        damaged[id] = problem;
                    else if (manifest!.Environment == environment)
                        manifests.Add(manifest);
                }
                catch (BackupFailedException)
                {
                    // No manifest: not one of ours, or not finished. The other destinations' manifests name this copy all the same.
                }
            }
        }

        return new KnownBackups(manifests, damaged);
    }

    /// <summary>The newest backup of this very database in this very state, younger than <c>max_age</c>, with every copy proved again.</summary>
    /// <returns>Null when there is none.</returns>
    public static async Task<Backup?> RecentAsync(BackupSettings settings, TargetEnvironment environment, Database database, string schemaFingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var identity = await database.IdentifyAsync(cancellationToken);
        var newest = (await FindAsync(settings, environment.Name, cancellationToken)).Manifests
            .Where(manifest => manifest.Target == database.Description && identity.Is(manifest.Identity) && manifest.Dump.SchemaFingerprint == schemaFingerprint
                && now - manifest.TakenAt < settings.MaxAge && manifest.TakenAt - now < ClockSkew)
            .MaxBy(manifest => manifest.TakenAt);
        if (newest is null)
            return null;
        return await BackupStore.VerifyAsync(settings, newest, cancellationToken) with { DurationMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
    }
}

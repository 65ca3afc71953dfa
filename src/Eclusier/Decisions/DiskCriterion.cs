using Eclusier.Evidence;

namespace Eclusier.Decisions;

/// <summary>Is there room for the backup and for the copy that is restored from it? How much a dump shrinks is not known before it is taken.</summary>
internal static class DiskCriterion
{
    /// <summary>No dump of tables is smaller than that part of them, or nearly none.</summary>
    private const int SmallestShare = 20;

    public static IEnumerable<Criterion> All(DecisionFacts evidence)
    {
        if (evidence.Runbook.Backup is null || evidence.Inspection.Disks.Count == 0)
            yield break;
        var title = new Text("Room on the disks", "Place sur les disques");
        var disks = evidence.Inspection.Disks;
        var full = disks.Where(disk => disk.FreeBytes < disk.NeededBytes / SmallestShare).ToList();
        var tight = disks.Where(disk => disk.FreeBytes < disk.NeededBytes).ToList();
        var server = new Text("on the database server: unproven", "sur le serveur de base de données : non prouvé");
        if (tight.Count == 0)
        {
            yield return new Criterion("disk", title, Verdict.Passed, Text.Join([.. disks.Select(Describe), server]));
            yield break;
        }

        yield return new Criterion("disk", title, full.Count > 0 ? Verdict.Failed : Verdict.Warning, Text.Join([.. tight.Select(Describe), server]),
            new Text("Free some space there, or name another place (backup.to; TMPDIR for restored copies).", "Libérez de la place, ou indiquez un autre endroit (backup.to ; TMPDIR pour les copies restaurées)."));
    }

    private static Text Describe(DiskSpace disk) => new(
        $"{disk.Path}: {Size(disk.FreeBytes)} MB free, up to {Size(disk.NeededBytes)} MB needed", $"{disk.Path} : {Size(disk.FreeBytes)} Mo libres, jusqu'à {Size(disk.NeededBytes)} Mo nécessaires");

    private static string Size(long bytes) => $"{bytes / 1048576.0:0}";
}

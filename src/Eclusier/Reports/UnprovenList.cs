using Eclusier.Evidence;

namespace Eclusier.Reports;

/// <summary>What a copy could not prove, and why: extensions that its server lacks.</summary>
internal static class UnprovenList
{
    public static void Write(MarkdownWriter to, RestoreCheck? restore)
    {
        if (restore is { MissingExtensions.Count: > 0 })
            to.List(restore.MissingExtensions.Select(extension => extension.Said(restore.On).In(to.Language)));
    }

    public static void Write(MarkdownWriter to, RunRecord record)
    {
        var unproven = record.Rehearsal!.Unproven(counted: record.Backup?.Restore is not null).Select(said => said.In(to.Language)).ToList();
        if (unproven.Count > 0)
            to.List(unproven);
    }
}

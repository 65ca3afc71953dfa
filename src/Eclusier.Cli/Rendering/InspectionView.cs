using Eclusier.Evidence;

namespace Eclusier.Cli.Rendering;

/// <summary>An inspection as text.</summary>
internal static class InspectionView
{
    public static string Of(Inspection found, Language language)
    {
        if (found.System == DatabaseSystem.MongoDb)
            return CollectionsView.Of(found, language);
        List<string> lines =
        [
            $"{found.Target}  PostgreSQL {found.ServerVersion}  {Formats.Of(language).Bytes(found.SizeBytes)}",
            new Text(
                $"user {found.User}{(found.Superuser ? " (superuser)" : "")}{(found.InRecovery ? ", standby" : "")}",
                $"utilisateur {found.User}{(found.Superuser ? " (superutilisateur)" : "")}{(found.InRecovery ? ", réplica" : "")}").LineIn(language),
            .. found.Tracking is { } tracking ? [Tracking(tracking).LineIn(language)] : Array.Empty<string>(),
            new Text($"{English.Count(found.Tables.Count, "table")}, {English.Count(found.IndexCount, "index", "indexes")}, row security on {found.Tables.Count(t => t.RowSecurity)}", $"{French.Count(found.Tables.Count, "table")}, {found.IndexCount} index, sécurité par ligne sur {found.Tables.Count(t => t.RowSecurity)}").LineIn(language),
        ];
        // A diagnosis tells them itself, unless the team accepts them.
        if (found.Findings is null)
            lines.AddRange(found.InvalidIndexes.Select(index => new Text($"! invalid index: {index}", $"! index invalide : {index}").LineIn(language)));
        lines.AddRange(found.LongTransactions.Select(t => new Text($"! transaction open for {t.Seconds:0} s: pid {t.ProcessId}, {t.Application}, {t.User}, {t.State}", $"! transaction ouverte depuis {t.Seconds:0} s : pid {t.ProcessId}, {t.Application}, {t.User}, {t.State}").LineIn(language)));
        lines.AddRange(found.Disks.Select(disk => Said(disk).LineIn(language)));
        lines.Add("");
        var width = found.Tables.Select(table => Name(table).Length).DefaultIfEmpty(0).Max();
        foreach (var table in found.Tables.OrderByDescending(table => table.TableBytes + table.IndexBytes))
        {
            var rows = table.EstimatedRows < 0 ? "?" : $"~{table.EstimatedRows}";
            var security = table.RowSecurity ? new Text($"row security, {English.Count(table.Policies, "policy", "policies")}", $"sécurité par ligne, {French.Count(table.Policies, "politique")}").LineIn(language) : "";
            lines.Add($"  {Name(table).PadRight(width)}  {rows,10}  {Formats.Of(language).Bytes(table.TableBytes + table.IndexBytes),10}  {security}".TrimEnd());
        }

        if (found.Findings is { } findings)
            lines.AddRange(["", .. FindingsView.Of(findings, language)]);
        return string.Join('\n', lines);
    }

    private static string Name(TableFacts table) => Visible.Line($"{table.Schema}.{table.Name}");

    private static Text Tracking(TrackingState tracking) => tracking.Exists
        ? new Text(
            $"{tracking.Table} ({tracking.Layout}): {tracking.Applied} applied, {tracking.Failed} failed, last {tracking.LastVersion ?? "-"}",
            $"{tracking.Table} ({tracking.Layout}) : {French.Count(tracking.Applied, "appliquée")}, {tracking.Failed} en échec, dernière {tracking.LastVersion ?? "-"}")
        : new Text($"{tracking.Table} ({tracking.Layout}) does not exist yet", $"{tracking.Table} ({tracking.Layout}) n'existe pas encore");

    internal static Text Said(DiskSpace disk) => new(
        $"{disk.Path}: {Formats.Of(Language.En).Bytes(disk.FreeBytes)} free, a backup needs at most about {Formats.Of(Language.En).Bytes(disk.NeededBytes)}",
        $"{disk.Path} : {Formats.Of(Language.Fr).Bytes(disk.FreeBytes)} libres, une sauvegarde demande au plus environ {Formats.Of(Language.Fr).Bytes(disk.NeededBytes)}");
}

namespace Eclusier.Runbooks;

/// <summary><c>migrations:</c></summary>
internal static class MigrationsSection
{
    public static MigrationSettings Read(RunbookNode node, string directory, string? target, IReadOnlyList<string> names, IReadOnlyDictionary<string, TargetEnvironment> environments)
    {
        var reference = node.Find("reference");
        var targetNode = node.Find("target");
        if (target is null && names.Count > 0)
            node.Error("\"migrations.target\" is missing: there are several environments", "« migrations.target » manque : il y a plusieurs environnements");
        foreach (var named in new[] { targetNode, reference }.OfType<RunbookNode>())
        {
            if (!names.Contains(named.Raw() ?? ""))
                named.NoEnvironment(named.Raw(), names);
        }

        if (target is not null && environments.TryGetValue(target, out var chosen) && chosen.Url.System != DatabaseSystem.PostgreSql)
            (targetNode ?? node).Error("\"migrations.target\" needs an environment whose URL begins with postgresql://", "« migrations.target » demande un environnement dont l'URL commence par postgresql://");

        var settings = new MigrationSettings
        {
            Path = Folder(node, directory),
            BaseFolder = directory,
            Layout = Layout(node.Find("layout")),
            Target = target ?? "",
            Reference = reference?.Raw(),
            Order = node.Find("order")?.Texts() ?? [],
            Groups = [.. (node.Find("groups")?.Items() ?? []).Select(Group)],
            Skip = node.Find("skip")?.TextsByKey() ?? [],
            Replaces = Lists(node.Find("replaces")),
            Depends = Lists(node.Find("depends")),
            Probes = (node.Find("probe")?.Entries() ?? []).ToDictionary(entry => entry.Key, entry => entry.Value.Sql() ?? "", StringComparer.Ordinal),
            Tracking = Tracking(node.Find("tracking")),
            Partitions = PartitionSection.Read(node.Find("partition")),
        };
        node.NoOtherKeys();
        return settings;
    }

    private static TrackingPlace Tracking(RunbookNode? node)
    {
        if (node is null)
            return TrackingPlace.Default;
        var place = new TrackingPlace(node.Find("schema")?.Text(), node.Find("table")?.Text());
        if (place == TrackingPlace.Default && node.IsMapping)
            node.Error("\"migrations.tracking\" needs \"schema\", \"table\" or both", "« migrations.tracking » demande « schema », « table » ou les deux");
        node.NoOtherKeys();
        return place;
    }

    private static Dictionary<string, IReadOnlyList<string>> Lists(RunbookNode? node) =>
        (node?.Entries() ?? []).ToDictionary(entry => entry.Key, entry => entry.Value.Texts(), StringComparer.Ordinal);

    private static string Folder(RunbookNode node, string directory)
    {
        var path = node.Required("path");
        var folder = Path.GetFullPath(path?.Text() ?? "", directory);
        if (path is not null && !Directory.Exists(folder))
            path.Error($"the folder {folder} does not exist", $"le dossier {folder} n'existe pas");
        return folder;
    }

    /// <summary>As the runbook names it, or the one that needs no name.</summary>
    public static string Layout(RunbookNode? node) => node?.OneOf([.. MigrationSettings.Layouts]) ?? "numbered";

    private static MigrationGroup Group(RunbookNode node)
    {
        var group = new MigrationGroup(node.Required("title")?.Text() ?? "", node.Required("files")?.Texts() ?? []);
        node.NoOtherKeys();
        return group;
    }
}

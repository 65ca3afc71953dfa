namespace Eclusier.Runbooks;

/// <summary><c>maintenance:</c></summary>
internal static class MaintenanceSection
{
    private static readonly string[] Kinds = ["partitions", "refresh", "orphans", "analyze", "sql"];

    /// <param name="node">A list of jobs; null: there is none.</param>
    /// <param name="migrations">The runbook has that section: jobs are PostgreSQL's.</param>
    public static IReadOnlyList<MaintenanceJob> Read(RunbookNode? node, bool migrations)
    {
        if (node is null)
            return [];
        if (!migrations)
            node.Error("\"maintenance\" needs the section \"migrations\": its jobs are PostgreSQL's (collections have \"cleanup\")", "« maintenance » demande la section « migrations » : ses tâches sont pour PostgreSQL (les collections ont « cleanup »)");
        var (jobs, names) = (new List<MaintenanceJob>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var item in node.Items())
        {
            if (Job(item) is not { } job)
                continue;
            if (!names.Add(job.Name))
                item.Error($"there are two jobs \"{job.Name}\"", $"il y a deux tâches « {job.Name} »");
            jobs.Add(job);
        }

        return jobs;
    }

    private static MaintenanceJob? Job(RunbookNode node)
    {
        var named = node.Required("job");
        if (!node.IsMapping)
            return null;
        var name = named?.Text() ?? "";
        if (name.Length > 100 || name.Any(char.IsControl))
            named!.Error("a job's name is one line of at most 100 characters", "le nom d'une tâche tient en une ligne de 100 caractères au plus");
        var found = Kinds.Where(kind => node.Find(kind) is not null).ToList();
        if (found.Count != 1)
        {
            node.Error($"a job has one of: {string.Join(", ", Kinds)}", $"une tâche a un de : {string.Join(", ", Kinds)}");
            return null;
        }

        var job = Of(found[0], name, node) with
        {
            Schedule = node.Find("schedule") is { } schedule ? Schedule(schedule) : null,
            Unattended = found[0] is "partitions" or "orphans" or "sql" && (node.Find("unattended")?.Boolean() ?? false),
            Line = node.Line,
        };
        node.NoOtherKeys();
        return job;
    }

    private static MaintenanceJob Of(string kind, string name, RunbookNode node)
    {
        var what = node.Find(kind)!;
        return kind switch
        {
            "partitions" => Partitions(name, what.Text() ?? "", node),
            "refresh" => new RefreshJob(name, Names(what)),
            "orphans" => Orphans(name, what, node),
            "analyze" => new AnalyzeJob(name, Names(what)),
            _ => new SqlJob(name, what.Text() ?? ""),
        };
    }

    private static PartitionsJob Partitions(string name, string table, RunbookNode node)
    {
        const int Most = 1000;
        var (ahead, keep, old) = (node.Find("ahead"), node.Find("keep"), node.Find("old"));
        if (ahead is null && keep is null)
            node.Error("\"ahead\" or \"keep\" is missing: how many partitions to create, or to keep", "« ahead » ou « keep » manque : combien de partitions créer, ou garder");
        if (old is not null && keep is null)
            old.Error("\"old\" needs \"keep\": how many intervals to keep", "« old » demande « keep » : combien d'intervalles garder");
        return new PartitionsJob(name, table, ahead?.Number(1, Most) ?? 0, keep?.Number(1, Most), old?.OneOf("detach", "drop") == "drop");
    }

    private static OrphansJob Orphans(string name, RunbookNode what, RunbookNode node)
    {
        var orphans = new OrphansJob(name, Column(what.Required("of")), Column(what.Required("in")), node.Find("max")?.Number(1, 1_000_000) ?? 10_000);
        what.NoOtherKeys();
        return orphans;
    }

    private static ColumnPath Column(RunbookNode? node)
    {
        if (node?.Text() is { } text && ColumnPath.Parse(text) is { } path)
            return path;
        node?.Error($"\"{node.Path}\" must be table.column", $"« {node.Path} » doit être table.colonne");
        return new ColumnPath("", "");
    }

    private static IReadOnlyList<string> Names(RunbookNode node)
    {
        var names = node.Texts();
        if (names.Count == 0)
            node.Error($"\"{node.Path}\" is empty", $"« {node.Path} » est vide");
        return names;
    }

    private static CronSchedule? Schedule(RunbookNode node)
    {
        if (node.Text() is not { } text)
            return null;
        var schedule = CronSchedule.Parse(text, out var problem);
        if (problem is not null)
            node.Error($"\"{node.Path}\": {problem.En}", $"« {node.Path} » : {problem.Fr}");
        return schedule;
    }
}

using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Eclusier.Runbooks;

/// <summary>Reads <c>eclusier.yaml</c>. The file as written is a tree of <see cref="RunbookNode"/>; what comes out is a <see cref="Runbook"/>.</summary>
public static class RunbookReader
{
    /// <param name="environmentVariables">What <c>${NAME}</c> is looked up in, before <c>.env</c>.</param>
    /// <param name="environmentName">The environment that will be used: the others may lack their variables.</param>
    /// <param name="rules">Rules that checks and the policy may name; null: whoever asks them will know.</param>
    /// <exception cref="InvalidInputException">All errors of the file at once, each with line and column.</exception>
    public static Runbook Read(string file, IReadOnlyDictionary<string, string?> environmentVariables, string? environmentName = null, KnownRules? rules = null)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var errors = new RunbookErrors(file, new Variables(environmentVariables, DotEnv.Read(Path.Combine(directory, ".env"))), rules?.QueryProblem);
        var root = new RunbookNode(Load(file), "", errors);
        var runbook = ToRunbook(root, file, directory, environmentName, rules, errors);
        errors.ThrowIfAny();
        return runbook with { OnlyInEnvironment = [.. errors.Variables.OnlyInEnvironment] };
    }

    /// <summary>Where the runbook's migrations are, and their layout. Looks at nothing else, so that no variable needs to be set.</summary>
    /// <exception cref="InvalidInputException">There is no runbook, or it does not say.</exception>
    public static (string Folder, string Layout) MigrationsFolder(string file)
    {
        var errors = new RunbookErrors(file, new Variables(new Dictionary<string, string?>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal)));
        var migrations = new RunbookNode(Load(file), "", errors).Required("migrations");
        var (path, layout) = (migrations?.Required("path")?.Text(), MigrationsSection.Layout(migrations?.Find("layout")));
        errors.ThrowIfAny();
        return (Path.GetFullPath(path ?? "", Path.GetDirectoryName(Path.GetFullPath(file))!), layout);
    }

    private static Runbook ToRunbook(RunbookNode root, string file, string directory, string? environmentName, KnownRules? rules, RunbookErrors errors)
    {
        var listed = root.Required("environments");
        var entries = listed?.Entries().ToList() ?? [];
        if (listed is { IsMapping: true } && entries.Count == 0)
            listed.Error("\"environments\" names none", "« environments » n'en nomme aucun");
        var names = entries.Select(entry => entry.Key).ToList();
        var (migrations, collections) = (root.Find("migrations"), root.Find("collections"));
        if (migrations is null && collections is null)
            root.Required("migrations");
        var target = migrations?.Find("target")?.Raw();
        if (target is null && names.Count == 1)
            target = names[0];
        var environments = Environments(entries, Needed(environmentName, target, collections), errors);
        var sections = new QuerySection(migrations is not null, collections is not null, rules?.Findings);
        var runbook = new Runbook
        {
            File = Path.GetFullPath(file),
            Directory = directory,
            Name = root.Find("name")?.Text() ?? Path.GetFileName(directory),
            Language = root.Find("language")?.OneOf("en", "fr") switch { "fr" => Values.Language.Fr, "en" => Values.Language.En, _ => null },
            Environments = environments,
            Migrations = migrations is null ? null! : MigrationsSection.Read(migrations, directory, target, names, environments),
            Collections = CollectionsSection.Read(collections, names, environments),
            Policy = PolicySection.Read(root.Find("policy"), names, rules),
            Backup = Backup(root.Find("backup"), directory),
            Rehearsal = Rehearsal(root.Find("rehearsal")),
            Invariants = QuerySection.Invariants(root.Find("invariants"), sections),
            Checks = ChecksSection.Checks(root.Find("checks"), sections),
            Watch = WatchSettings.Read(root.Find("watch")),
            Inspect = InspectSettings.Read(root.Find("inspect")),
            KeepRuns = KeepRuns(root.Find("runs")),
            Hooks = Hooks(root.Find("hooks")),
            Ignore = root.Find("ignore")?.Texts() ?? [],
            Maintenance = MaintenanceSection.Read(root.Find("maintenance"), migrations is not null),
        };
        root.NoOtherKeys("baseline");
        return runbook;
    }

    private static TimeSpan? KeepRuns(RunbookNode? node)
    {
        var keep = node?.Required("keep")?.Duration();
        node?.NoOtherKeys();
        return keep;
    }

    /// <summary>Environments without whose variables the command cannot do its work.</summary>
    private static HashSet<string?> Needed(string? chosen, string? target, RunbookNode? collections)
    {
        var (from, to) = (collections?.Find("from")?.Raw(), collections?.Find("to")?.Raw());
        if (chosen is not null)
            return chosen == to ? [chosen, from] : [chosen];
        return [target, from, to];
    }

    private static Dictionary<string, TargetEnvironment> Environments(IEnumerable<(string Key, RunbookNode Value)> entries, HashSet<string?> needed, RunbookErrors errors)
    {
        var environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal);
        foreach (var (name, node) in entries)
        {
            var url = node.Required("url");
            var isProtected = node.Find("protected")?.Boolean() ?? false;
            var platform = node.Find("platform")?.OneOf("plain", "supabase", "neon") ?? "plain";
            node.NoOtherKeys();

            // Another environment's variables may well be unset on this machine: it is left out then.
            if (url?.Raw() is not { } raw || (!needed.Contains(name) && !errors.Variables.CanExpand(raw)))
                continue;
            if (url.Text() is { Length: > 0 } text && UrlOf(url, text) is { } address)
                environments[name] = new TargetEnvironment(name, address, isProtected, platform);
        }

        return environments;
    }

    private static DatabaseUrl? UrlOf(RunbookNode node, string text)
    {
        if (DatabaseSystems.Of(text) is not null)
            return new DatabaseUrl(text);
        node.Error($"\"{node.Path}\" must begin with postgresql:// or mongodb://", $"« {node.Path} » doit commencer par postgresql:// ou mongodb://");
        return null;
    }

    private static BackupSettings? Backup(RunbookNode? node, string directory)
    {
        if (node is null)
            return null;
        var settings = new BackupSettings
        {
            To = Places(node.Required("to"), directory),
            Copies = node.Find("copies")?.Number(1, 100) ?? 2,
            MaxAge = node.Find("max_age")?.Duration() ?? TimeSpan.FromHours(1),
            Restore = node.Find("restore")?.Boolean() ?? true,
            After = node.Find("after")?.Boolean() ?? false,
        };
        node.NoOtherKeys();
        return settings;
    }

    private static IReadOnlyList<string> Places(RunbookNode? to, string directory)
    {
        var places = new List<string>();
        foreach (var item in to?.Items() ?? [])
        {
            if (item.Text() is not { } written)
                continue;
            if (BackupPlace.Read(written, directory, out var place) is { } problem)
                item.Error($"\"{item.Path}\": {problem.En}", $"« {item.Path} » : {problem.Fr}");
            else if (BackupPlace.Twice([.. places, place]) is { } twice)
                item.Error($"\"{item.Path}\": {twice.En}", $"« {item.Path} » : {twice.Fr}");
            else
                places.Add(place);
        }

        return places;
    }

    private static RehearsalSettings? Rehearsal(RunbookNode? node)
    {
        if (node is null)
            return null;
        var url = node.Find("url");
        if (url is null)
            node.Required("on")?.OneOf("sandbox");
        else
            node.Find("on");
        node.NoOtherKeys();
        return new RehearsalSettings(url?.Text() is { Length: > 0 } text ? UrlOf(url, text) : null);
    }

    private static Hooks Hooks(RunbookNode? node)
    {
        if (node is null)
            return new Hooks();
        var hooks = new Hooks { AfterApply = node.Find("after_apply")?.Texts() ?? [], BeforeSwap = node.Find("before_swap")?.Texts() ?? [] };
        node.NoOtherKeys("before_apply");
        return hooks;
    }

    private static YamlNode Load(string file)
    {
        try
        {
            return YamlFile.Load(file) ?? throw Unreadable(file, new Text("The runbook is empty.", "Le runbook est vide."));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException(
                new Text($"There is no runbook {Path.GetFileName(file)}.", $"Il n'y a pas de runbook {Path.GetFileName(file)}."),
                file,
                new Text("Name it with --runbook, or do without: --url URL --path FOLDER.", "Nommez-le avec --runbook, ou passez-vous-en : --url URL --path DOSSIER."),
                error);
        }
        catch (YamlException error)
        {
            throw Unreadable($"{file}:{error.Start.Line}:{error.Start.Column}", new Text($"This is not YAML: {error.Message}", $"Ce n'est pas du YAML : {error.Message}"));
        }
        catch (DecoderFallbackException)
        {
            throw Unreadable(file, new Text("The runbook is not UTF-8.", "Le runbook n'est pas en UTF-8."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, new Text($"The runbook cannot be read: {error.Message}", $"Le runbook ne peut pas être lu : {error.Message}"));
        }
    }

    private static EclusierException Unreadable(string where, Text problem) =>
        new InvalidInputException(problem, where, new Text("docs/runbook.md has an example.", "docs/runbook.md contient un exemple."));
}

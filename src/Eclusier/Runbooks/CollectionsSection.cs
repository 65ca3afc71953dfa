namespace Eclusier.Runbooks;

/// <summary><c>collections:</c></summary>
internal static class CollectionsSection
{
    private static readonly string[] Kinds = ["embed", "replace", "rename", "set", "unset", "filter"];

    public static CollectionSettings? Read(RunbookNode? node, IReadOnlyList<string> names, IReadOnlyDictionary<string, TargetEnvironment> environments)
    {
        if (node is null)
            return null;
        var from = Environment(node.Required("from"), names, environments);
        var toNode = node.Required("to");
        var to = Environment(toNode, names, environments);
        if (from is not null && from == to)
            toNode!.Error("\"collections.from\" and \"collections.to\" are the same", "« collections.from » et « collections.to » sont le même");
        var settings = new CollectionSettings(from ?? "", to ?? "")
        {
            Copy = node.Find("copy")?.Texts() ?? ["*"],
            Ignore = node.Find("ignore")?.Texts() ?? [],
            Transforms = [.. (node.Find("transforms")?.Items() ?? []).Select(Transform).OfType<Transform>()],
            Indexes = [.. (node.Find("indexes")?.Items() ?? []).Select(Index)],
            Cleanup = node.Find("cleanup") is { } cleanup ? Cleanup(cleanup) : null,
        };
        node.NoOtherKeys();
        return settings;
    }

    /// <summary>An environment whose variables are set must be a MongoDB.</summary>
    private static string? Environment(RunbookNode? node, IReadOnlyList<string> names, IReadOnlyDictionary<string, TargetEnvironment> environments)
    {
        if (node?.Raw() is not { } name)
            return null;
        if (!names.Contains(name))
            node.NoEnvironment(name, names);
        else if (environments.TryGetValue(name, out var environment) && environment.Url.System != DatabaseSystem.MongoDb)
            node.Error($"\"{node.Path}\" needs an environment whose URL begins with mongodb://", $"« {node.Path} » demande un environnement dont l'URL commence par mongodb://");
        return name;
    }

    private static Transform? Transform(RunbookNode node)
    {
        if (!node.IsMapping)
        {
            node.Find("embed");
            return null;
        }

        var found = Kinds.Where(kind => node.Find(kind) is not null).ToList();
        if (found.Count != 1)
        {
            node.Error($"a transform is one of: {string.Join(", ", Kinds)}", $"une transformation est une de : {string.Join(", ", Kinds)}");
            return null;
        }

        var body = node.Find(found[0])!;
        Transform? transform = found[0] == "embed" ? Embed(node, body) : InOne(found[0], body);
        node.NoOtherKeys();
        return transform;
    }

    private static Embed Embed(RunbookNode node, RunbookNode from) => new(from.Text() ?? "", node.Required("into")?.Text() ?? "")
    {
        Match = node.Required("match")?.TextsByKey() ?? [],
        At = node.Required("at")?.Text() ?? "",
        Fields = [.. (node.Required("fields")?.Entries() ?? []).Select(entry => Field(entry.Key, entry.Value))],
    };

    private static EmbeddedField Field(string name, RunbookNode node)
    {
        if (!node.IsMapping)
            return new EmbeddedField(name, node.Text() ?? "");
        var field = new EmbeddedField(name, node.Required("from")?.Text() ?? "", node.Find("default") is { } value ? new Constant(value.Value()) : null);
        node.NoOtherKeys();
        return field;
    }

    private static Transform InOne(string kind, RunbookNode node)
    {
        var collection = node.Required("in")?.Text() ?? "";
        Transform transform = kind switch
        {
            "replace" => new Replace(collection, node.Required("fields")?.Texts() ?? [], node.Required("text")?.Text() ?? "", node.Find("with")?.Text() ?? ""),
            "rename" => new Rename(collection, node.Required("fields")?.TextsByKey() ?? []),
            "set" => new Set(collection, (node.Required("fields")?.Entries() ?? []).ToDictionary(entry => entry.Key, entry => new Constant(entry.Value.Value()), StringComparer.Ordinal)),
            "unset" => new Unset(collection, node.Required("fields")?.Texts() ?? []),
            _ => new Filter(collection, node.Required("where")?.Document() ?? "{}"),
        };
        node.NoOtherKeys();
        return transform;
    }

    private static IndexSettings Index(RunbookNode node)
    {
        var index = new IndexSettings(
            node.Required("on")?.Text() ?? "",
            [.. (node.Required("keys")?.Entries() ?? []).Select(entry => new IndexKey(entry.Key, entry.Value.OneOf("1", "-1", "text", "hashed", "2dsphere", "2d") ?? "1"))])
        {
            Unique = node.Find("unique")?.Boolean() ?? false,
            Sparse = node.Find("sparse")?.Boolean() ?? false,
            PartialFilter = node.Find("where")?.Document(),
            Name = node.Find("name")?.Text(),
            ExpireAfter = node.Find("expire_after")?.Duration(),
        };
        node.NoOtherKeys();
        return index;
    }

    private static CleanupSettings Cleanup(RunbookNode node)
    {
        var cleanup = new CleanupSettings(node.Find("drop")?.Texts() ?? [], node.Find("after")?.Duration() ?? CleanupSettings.DefaultAfter);
        node.NoOtherKeys();
        return cleanup;
    }
}

namespace Eclusier.Runbooks;

/// <summary>The queries of checks and invariants: SQL, or MongoDB's <c>count</c>, <c>find</c> and <c>aggregate</c>. Each needs the section that names its database.</summary>
/// <param name="FindingRules">The rules of the diagnosis that checks may name; null: not known here.</param>
internal sealed record QuerySection(bool HasMigrations, bool HasCollections, IReadOnlyCollection<string>? FindingRules = null)
{
    private static readonly string[] Kinds = ["sql", "count", "find", "aggregate"];

    public static IReadOnlyList<Invariant> Invariants(RunbookNode? node, QuerySection sections) => [.. (node?.Items() ?? []).Select(item =>
    {
        var name = item.Required("name")?.Text() ?? "";
        var query = sections.Read(item, new Text("an invariant has one of", "un invariant a un de"));
        item.NoOtherKeys();
        return new Invariant(name, query?.Text ?? "", query?.Kind is null or "sql" ? DatabaseSystem.PostgreSql : DatabaseSystem.MongoDb);
    })];

    /// <param name="required">Begins the sentence that says which kinds there are; null: there need be no query.</param>
    /// <param name="others">What else there may be in the place of a query.</param>
    public Query? Read(RunbookNode node, Text? required, string others = "")
    {
        if (!node.IsMapping)
        {
            node.Find("sql");
            return null;
        }

        var found = Kinds.Where(kind => node.Find(kind) is not null).ToList();
        if (found.Count > 1 || (found.Count == 0 && required is not null))
            node.Error($"{required?.En ?? "there is more than one of"}: {string.Join(", ", Kinds)}{(required is null ? "" : others)}", $"{required?.Fr ?? "il y a plus d'un de"} : {string.Join(", ", Kinds)}{(required is null ? "" : others)}");
        var kind = found.FirstOrDefault();
        var command = Command(kind, node);
        if (kind is null)
            return null;
        if (kind == "sql" ? !HasMigrations : !HasCollections)
            node.Find(kind)!.Error($"\"{kind}\" needs the section `{(kind == "sql" ? "migrations" : "collections")}`", $"« {kind} » demande la section `{(kind == "sql" ? "migrations" : "collections")}`");
        return new Query(kind, command);
    }

    /// <summary>SQL as it is; for MongoDB the command as its manual writes it, in extended JSON.</summary>
    private static string Command(string? kind, RunbookNode node)
    {
        var (filter, pipeline) = (node.Find("filter"), node.Find("pipeline"));
        var (fields, sort, limit) = (node.Find("fields"), node.Find("sort"), node.Find("limit"));
        Belongs(kind is "count" or "find", filter, "filter", "count, find");
        Belongs(kind is "aggregate", pipeline, "pipeline", "aggregate");
        foreach (var (name, given) in new[] { ("fields", fields), ("sort", sort), ("limit", limit) })
            Belongs(kind is "find", given, name, "find");
        var collection = kind is null or "sql" ? "" : $"\"{System.Text.Json.JsonEncodedText.Encode(node.Find(kind)!.Text() ?? "")}\"";
        return kind switch
        {
            null => "",
            "sql" => node.Find("sql")!.Sql() ?? "",
            "count" => $$"""{"count":{{collection}},"query":{{filter?.Document() ?? "{}"}}}""",
            "find" => $$"""{"find":{{collection}},"filter":{{filter?.Document() ?? "{}"}},"projection":{{fields?.Document() ?? "{}"}},"sort":{{sort?.Document() ?? "{}"}},"limit":{{limit?.Number(1, 100_000) ?? 1000}}}""",
            _ => $$"""{"aggregate":{{collection}},"pipeline":{{node.Required("pipeline")?.Documents() ?? "[]"}}}""",
        };
    }

    private static void Belongs(bool here, RunbookNode? given, string name, string kinds)
    {
        if (!here)
            given?.Error($"\"{name}\" belongs to: {kinds}", $"« {name} » appartient à : {kinds}");
    }
}

/// <param name="Kind">As the runbook calls it.</param>
/// <param name="Text">In the words of the database.</param>
internal sealed record Query(string Kind, string Text);

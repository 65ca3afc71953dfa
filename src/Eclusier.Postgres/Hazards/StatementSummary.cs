using Eclusier.Planning;

namespace Eclusier.Postgres.Hazards;

/// <summary>What statements do, in one line: "creates 2 tables, 5 indexes".</summary>
internal static class StatementSummary
{
    private static readonly Thing[] Created =
    [
        new("create-schema", new("schema", "schéma"), new("schemas", "schémas")),
        new("create-extension", new("extension", "extension"), new("extensions", "extensions")),
        new("create-type", new("type", "type"), new("types", "types")),
        new("create-table", new("table", "table"), new("tables", "tables")),
        new("create-view", new("view", "vue"), new("views", "vues")),
        new("create-materialized-view", new("materialized view", "vue matérialisée"), new("materialized views", "vues matérialisées")),
        new("create-index", new("index", "index"), new("indexes", "index")),
        new("create-function", new("function", "fonction"), new("functions", "fonctions")),
        new("create-procedure", new("procedure", "procédure"), new("procedures", "procédures")),
        new("create-trigger", new("trigger", "déclencheur"), new("triggers", "déclencheurs")),
        new("create-policy", new("policy", "politique"), new("policies", "politiques")),
    ];

    private static readonly Thing[] Done =
    [
        new("alter-table", new("table change", "modification de table"), new("table changes", "modifications de table")),
        new("insert", new("insertion", "insertion"), new("insertions", "insertions")),
        new("update", new("update", "mise à jour"), new("updates", "mises à jour")),
        new("delete", new("deletion", "suppression"), new("deletions", "suppressions")),
        new("comment", new("comment", "commentaire"), new("comments", "commentaires")),
    ];

    private static readonly Thing Other = new("", new("other statement", "autre instruction"), new("other statements", "autres instructions"));

    public static Text Of(IReadOnlyList<Statement> statements)
    {
        var counts = statements.GroupBy(statement => Simplified(statement.Kind)).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var created = Parts(Created, counts);
        var done = Parts(Done, counts);
        var others = statements.Count - Created.Concat(Done).Sum(thing => counts.GetValueOrDefault(thing.Kind));
        if (others > 0)
            done.Add(Other.Times(others));
        if (created.Count + done.Count == 0)
            return new Text("does nothing", "ne fait rien");
        if (created.Count > 0)
            created[0] = new Text($"creates {created[0].En}", $"crée {created[0].Fr}");
        Text[] all = [.. created, .. done];
        return new Text(string.Join(", ", all.Select(part => part.En)), string.Join(", ", all.Select(part => part.Fr)));
    }

    private static string Simplified(string kind) => kind switch
    {
        "create-index-concurrently" => "create-index",
        "create-or-replace-view" => "create-view",
        _ => kind,
    };

    private static List<Text> Parts(Thing[] things, Dictionary<string, int> counts) =>
        [.. things.Where(thing => counts.ContainsKey(thing.Kind)).Select(thing => thing.Times(counts[thing.Kind]))];

    private sealed record Thing(string Kind, Text One, Text Many)
    {
        public Text Times(int count)
        {
            var word = count == 1 ? One : Many;
            return new Text($"{count} {word.En}", $"{count} {word.Fr}");
        }
    }
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What a migration does, in one line: "creates table agent_sms, 3 indexes, 4 policies; adds cost_per_email to agent_deployments".</summary>
public static class StepDescription
{
    /// <summary>More names than this say less than their number.</summary>
    private const int MostNames = 2;

    private const string AddColumn = "alter-table-add-column";

    private static readonly Thing[] Created =
    [
        new("create-schema", new("schema", "schéma"), new("schemas", "schémas")),
        new("create-extension", new("extension", "extension"), new("extensions", "extensions")),
        new("create-type", new("type", "type"), new("types", "types")) { Named = new("type", "le type") },
        new("create-table", new("table", "table"), new("tables", "tables")) { Named = new("table", "la table") },
        new("create-view", new("view", "vue"), new("views", "vues")) { Named = new("view", "la vue") },
        new("create-materialized-view", new("materialized view", "vue matérialisée"), new("materialized views", "vues matérialisées")) { Named = new("materialized view", "la vue matérialisée") },
        new("create-function", new("function", "fonction"), new("functions", "fonctions")) { Named = new("function", "la fonction") },
        new("create-procedure", new("procedure", "procédure"), new("procedures", "procédures")) { Named = new("procedure", "la procédure") },
        new("create-index", new("index", "index"), new("indexes", "index")),
        new("create-trigger", new("trigger", "déclencheur"), new("triggers", "déclencheurs")),
        new("create-policy", new("policy", "politique"), new("policies", "politiques")),
    ];

    private static readonly Thing[] Done =
    [
        new("partition-swap", new("table partitioned", "table partitionnée"), new("tables partitioned", "tables partitionnées")),
        new("partition-undo", new("table put back", "table remise en place"), new("tables put back", "tables remises en place")),
        new("alter-table", new("table change", "modification de table"), new("table changes", "modifications de table")),
        new("insert", new("insertion", "insertion"), new("insertions", "insertions")),
        new("update", new("update", "mise à jour"), new("updates", "mises à jour")),
        new("delete", new("deletion", "suppression"), new("deletions", "suppressions")),
        new("comment", new("comment", "commentaire"), new("comments", "commentaires")),
    ];

    private static readonly Thing Other = new("", new("other statement", "autre instruction"), new("other statements", "autres instructions"));

    public static Text Of(IReadOnlyList<StatementNode> script)
    {
        // What a ROLLBACK of the script's own takes back does nothing.
        var statements = script.Where(node => node.Statement is { Control: null, RolledBack: false }).ToArray();
        var ofKind = statements.Where(node => node.Kind != AddColumn && node.Statement.Partition is not { Phase: PartitionPhase.Prepare or PartitionPhase.Copy }).ToLookup(node => Simplified(node.Kind), StringComparer.Ordinal);
        var created = Parts(Created, ofKind);
        if (created.Count > 0)
            created[0] = new Text($"creates {created[0].En}", $"crée {created[0].Fr}");
        var added = AddedColumns(statements);
        var done = Parts(Done, ofKind);
        var others = ofKind.Where(group => Created.Concat(Done).All(thing => thing.Kind != group.Key)).Sum(group => group.Count());
        if (others > 0)
            done.Add(Other.Times(others));
        Text[] sentences = [.. Sentence(created), .. Sentence(added), .. Sentence(done)];
        return sentences.Length == 0 ? new Text("does nothing", "ne fait rien") : Text.Join(sentences);
    }

    private static IEnumerable<Text> Sentence(List<Text> parts) =>
        parts.Count == 0 ? [] : [new Text(string.Join(", ", parts.Select(part => part.En)), string.Join(", ", parts.Select(part => part.Fr)))];

    private static string Simplified(string kind) => kind switch
    {
        "create-index-concurrently" => "create-index",
        "create-or-replace-view" => "create-view",
        _ => kind,
    };

    private static List<Text> Parts(Thing[] things, ILookup<string, StatementNode> ofKind) =>
        [.. things.Where(thing => ofKind.Contains(thing.Kind)).Select(thing => Part(thing, [.. ofKind[thing.Kind]]))];

    private static Text Part(Thing thing, StatementNode[] nodes)
    {
        var names = nodes.Select(CreatedName).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return thing.Named is not { } word || names.Length == 0 || names.Length > MostNames || nodes.Length > MostNames
            ? thing.Times(nodes.Length)
            : new Text(string.Join(", ", names.Select(name => $"{word.En} {name}")), string.Join(", ", names.Select(name => $"{word.Fr} {name}")));
    }

    private static string? CreatedName(StatementNode node) => node.Tree switch
    {
        { Type: "CreateStmt" } table => table.Table()?.ToString(),
        { Type: "ViewStmt" } view => view.Table("view")?.ToString(),
        { Type: "CreateTableAsStmt" } query => query.Field("into")?.Table("rel")?.ToString(),
        { Type: "CreateFunctionStmt" } function => TableName.Of(function.Items("funcname")).ToString(),
        { Type: "CreateEnumStmt" } type => TableName.Of(type.Items("typeName")).ToString(),
        { Type: "CompositeTypeStmt" } type => type.Table("typevar")?.ToString(),
        _ => null,
    };

    /// <summary>Per table; by name when there are few.</summary>
    private static List<Text> AddedColumns(IReadOnlyList<StatementNode> statements)
    {
        var columns =
            from node in statements
            where node.Kind == AddColumn
            from change in node.TableChanges
            group change.Command.Child("def")?.Text("colname") ?? "?" by change.Table.ToString();
        var parts = columns.Select(added =>
        {
            var names = string.Join(", ", added);
            return added.Count() <= MostNames
                ? new Text($"{names} to {added.Key}", $"{names} à {added.Key}")
                : new Text($"{English.Count(added.Count(), "column")} to {added.Key}", $"{French.Count(added.Count(), "colonne")} à {added.Key}");
        }).ToList();
        if (parts.Count > 0)
            parts[0] = new Text($"adds {parts[0].En}", $"ajoute {parts[0].Fr}");
        return parts;
    }

    private sealed record Thing(string Kind, Text One, Text Many)
    {
        /// <summary>The word before its name; null when the name is of no interest.</summary>
        public Text? Named { get; init; }

        public Text Times(int count) => Text.Count(count, One.En, Many.En, One.Fr, Many.Fr);
    }
}

using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>An index whose keys a longer one begins with.</summary>
internal static class RedundantIndex
{
    public static FindingRule Rule { get; } = new("redundant-index", Risk.Low, FindAsync)
    {
        Why = new(
            "A longer B-tree index of the table begins with the same keys (same operator classes, collations, order and predicate) and answers the same queries. Every write pays for both. A unique index forbids rows and is never redundant. The shorter one is smaller: where it serves the hottest query, keep it and say so in `inspect.ignore`.",
            "Un index B-tree plus long de la table commence par les mêmes clés (mêmes classes d'opérateurs, collations, ordre et prédicat) et répond aux mêmes requêtes. Chaque écriture paie pour les deux. Un index unique interdit des lignes et n'est jamais superflu. Le plus court est plus petit : s'il sert la requête la plus fréquente, gardez-le et dites-le dans `inspect.ignore`."),
        Bad = """
            create table orders (id bigint primary key, status text, placed_at date);
            create index orders_status on orders (status);
            create index orders_status_day on orders (status, placed_at);
            """,
        Found = "public.orders_status",
        Good = """
            create table orders (id bigint primary key, status text, placed_at date);
            create unique index orders_status on orders (status);
            create index orders_status_day on orders (status, placed_at);
            create index orders_day on orders (placed_at);
            create index orders_open_day on orders (placed_at, status) where status = 'open';
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var all = await context.IndexesAsync(cancellationToken);
        var duplicates = DuplicateIndex.In(all).Select(pair => pair.Index.Id).ToHashSet();
        return
        [
            .. from index in all
               where index is { Valid: true, Unique: false, Droppable: true, Method: "btree" } && !duplicates.Contains(index.Id)
               let longer = all.Where(other => Covers(other, index)).OrderByDescending(other => other.Rank).ThenBy(other => other.Keys.Count).ThenBy(other => other.Id).FirstOrDefault()
               where longer is not null
               select Tell(index, longer, IndexFacts.BytesOf(index, all)),
        ];
    }

    private static bool Covers(IndexFacts longer, IndexFacts index) =>
        longer is { Valid: true, Method: "btree" } && longer.Id != index.Id && longer.TableId == index.TableId && longer.Predicate == index.Predicate
        && index.Included.Count == 0
        && longer.Keys.Take(index.Keys.Count).SequenceEqual(index.Keys)
        && (longer.Keys.Count > index.Keys.Count || longer.Included.Count > 0);

    private static Finding Tell(IndexFacts index, IndexFacts longer, long bytes) => new(
        "redundant-index", Risk.Low, index.Name,
        new Text($"{longer.Name} begins with the same keys; it takes {Figures.Bytes(bytes)}", $"{longer.Name} commence par les mêmes clés ; il occupe {Formats.Of(Language.Fr).Bytes(bytes)}"),
        Text.Same(index.Removal))
    {
        Table = index.Table,
    };
}

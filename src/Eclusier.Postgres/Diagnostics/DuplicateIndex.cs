using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Two indexes that answer the same queries and forbid the same rows.</summary>
internal static class DuplicateIndex
{
    public static FindingRule Rule { get; } = new("duplicate-index", Risk.Medium, FindAsync)
    {
        Why = new(
            "Another index of the table has the same access method, keys, operator classes, collations, order, included columns and predicate, and forbids at least the same rows. Every write pays for both. The one that backs a constraint, or is unique, stays.",
            "Un autre index de la table a la même méthode d'accès, les mêmes clés, classes d'opérateurs, collations, ordre, colonnes incluses et prédicat, et interdit au moins les mêmes lignes. Chaque écriture paie pour les deux. Celui qui porte une contrainte, ou qui est unique, reste."),
        Bad = """
            create table orders (id bigint primary key, status text);
            create index orders_status on orders (status);
            create index orders_by_status on orders (status);
            """,
        Found = "public.orders_by_status",
        Good = """
            create table orders (id bigint primary key, status text, note text);
            create index orders_status on orders (status);
            create index orders_open on orders (status) where status = 'open';
            create index orders_status_pattern on orders (status text_pattern_ops);
            create index orders_status_desc on orders (status desc nulls last);
            create index orders_status_c on orders (status collate "C");
            create index orders_status_lower on orders (lower(status));
            create index orders_status_hash on orders using hash (status);
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken) =>
        [.. In(await context.IndexesAsync(cancellationToken)).Select(pair => Tell(pair.Index, pair.Keeper, pair.Bytes))];

    /// <summary>Each index that another one makes needless.</summary>
    public static IEnumerable<(IndexFacts Index, IndexFacts Keeper, long Bytes)> In(IReadOnlyList<IndexFacts> all) =>
        from alike in all.Where(index => index.Valid).GroupBy(index => index.Signature, StringComparer.Ordinal)
        let keeper = alike.OrderByDescending(index => index.Rank).ThenByDescending(index => index.Guarantees).ThenBy(index => index.Id).First()
        from index in alike
        where index != keeper && index is { Needed: false, Parent: 0 } && (index.Guarantees & ~keeper.Guarantees) == 0
        select (index, keeper, IndexFacts.BytesOf(index, all));

    private static Finding Tell(IndexFacts index, IndexFacts keeper, long bytes) => new(
        "duplicate-index", Risk.Medium, index.Name,
        new Text($"the same as {keeper.Name}{Backing(keeper, "of the constraint")}; it takes {Figures.Bytes(bytes)}", $"identique à {keeper.Name}{Backing(keeper, "de la contrainte")} ; il occupe {Formats.Of(Language.Fr).Bytes(bytes)}"),
        Text.Same(index.Removal))
    {
        Table = index.Table,
    };

    private static string Backing(IndexFacts index, string words) => index.Constraint is { } constraint ? $" ({words} {constraint})" : "";
}

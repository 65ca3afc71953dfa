using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>A reference that every DELETE on the other side has to look for row by row.</summary>
internal static class ForeignKeyWithoutIndex
{
    /// <summary>A smaller table is read in a moment.</summary>
    private const long LargeBytes = 1L << 20;

    public static FindingRule Rule { get; } = new("foreign-key-without-index", Risk.Medium, FindAsync)
    {
        Why = new(
            "PostgreSQL indexes the referenced side of a foreign key, not the referencing one: a DELETE or a change of key over there reads the whole table here, for each row, and joins do the same. An index serves when its first keys are the foreign key's columns, in any order, over all rows (or all that are not null). Low while the table is below 1 MB.",
            "PostgreSQL indexe le côté référencé d'une clé étrangère, pas le côté qui référence : un DELETE ou un changement de clé là-bas lit toute la table ici, pour chaque ligne, et les jointures aussi. Un index convient si ses premières clés sont les colonnes de la clé étrangère, dans n'importe quel ordre, sur toutes les lignes (ou toutes celles qui ne sont pas nulles). Faible tant que la table est sous 1 Mo."),
        Bad = """
            create table customers (id bigint primary key);
            create table orders (id bigint primary key, customer_id bigint references customers);
            """,
        Found = "orders_customer_id_fkey on public.orders",
        Good = """
            create table customers (id bigint, site int, primary key (id, site));
            create table orders (id bigint primary key, site int, customer_id bigint, parent bigint references orders, foreign key (customer_id, site) references customers);
            create index orders_site_customer on orders (site, customer_id, id);
            create index orders_parent on orders (parent) where parent is not null;
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var indexes = (await context.IndexesAsync(cancellationToken)).ToLookup(index => index.TableId);
        var keys = await DeclaredForeignKey.ReadAsync(context, cancellationToken);
        return [.. keys.Where(key => !indexes[key.TableId].Any(index => Serves(index, key))).Select(Tell)];
    }

    public static bool Serves(IndexFacts index, DeclaredForeignKey key) =>
        index.Valid && index.Method is "btree" or "hash"
        && (index.Predicate.Length == 0 || key.Columns.Any(column => index.Predicate == $"({column} IS NOT NULL)"))
        && index.Columns.Take(key.Numbers.Count).Order().SequenceEqual(key.Numbers.Order());

    private static Finding Tell(DeclaredForeignKey key) => new(
        "foreign-key-without-index", key.TableBytes < LargeBytes ? Risk.Low : Risk.Medium, $"{key.Constraint} on {key.Table}",
        new Text(
            $"no index of {key.Table} ({Figures.Bytes(key.TableBytes)}) begins with {string.Join(", ", key.Columns)}: each DELETE in {key.Referenced} reads all of it",
            $"aucun index de {key.Table} ({Formats.Of(Language.Fr).Bytes(key.TableBytes)}) ne commence par {string.Join(", ", key.Columns)} : chaque DELETE dans {key.Referenced} la lit en entier"),
        Text.Same($"create index{(key.Partitioned ? "" : " concurrently")} on {key.Table} ({string.Join(", ", key.Columns)});"))
    {
        Table = key.Table,
    };
}

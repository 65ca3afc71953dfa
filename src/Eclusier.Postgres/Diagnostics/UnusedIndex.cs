using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>An index that no query has used for as long as the server remembers.</summary>
internal static class UnusedIndex
{
    /// <summary>A smaller one costs nothing that anybody would notice, and on a small table the planner reads the rows themselves.</summary>
    private const long LeastBytes = 1L << 20;

    public static FindingRule Rule { get; } = new("unused-index", Risk.Low, FindAsync)
    {
        Why = new(
            "No query has used it since the statistics began, which must be 7 days ago or more, and it takes 1 MB or more. Unique indexes, those of constraints and those that serve a foreign key are left out; a partitioned index counts with all its parts. Where `track_commit_timestamp` is on, an index younger than that is left out, too; elsewhere its age is not known. Look at the replicas first: each counts for itself.",
            "Aucune requête ne l'a utilisé depuis le début des statistiques, qui doivent avoir au moins 7 jours, et il occupe au moins 1 Mo. Les index uniques, ceux des contraintes et ceux qui servent une clé étrangère sont laissés de côté ; un index partitionné compte avec toutes ses parts. Là où `track_commit_timestamp` est actif, un index plus jeune est aussi laissé de côté ; ailleurs, son âge n'est pas connu. Regardez d'abord les réplicas : chacun compte pour lui-même."),
        NotOnCopy = new("the statistics of a copy begin with its restore", "les statistiques d'une copie commencent à sa restauration"),
        Bad = """
            create table orders (id bigint primary key, status text);
            insert into orders select n, md5(n::text) from generate_series(1, 20000) n;
            create index orders_status on orders (status);
            analyze orders;
            """,
        Found = "public.orders_status",
        Good = """
            create table orders (id bigint primary key, status text, parent bigint references orders);
            insert into orders select n, md5(n::text), n from generate_series(1, 20000) n;
            create unique index orders_status on orders (status);
            create index orders_parent on orders (parent);
            create table small (id int primary key, status text);
            create index small_status on small (status);
            analyze orders;
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var statistics = await StatisticsAge.ReadAsync(context, cancellationToken);
        if (statistics.Age < context.Scope.EnoughStatistics)
            return [];
        var all = await context.IndexesAsync(cancellationToken);
        var young = await YoungAsync(context, cancellationToken);
        var keys = (await DeclaredForeignKey.ReadAsync(context, cancellationToken)).ToLookup(key => key.TableId);
        return
        [
            .. from index in all
               where index is { Valid: true, Unique: false, Droppable: true } && !young.Contains(index.Id)
               where !keys[index.TableId].Any(key => ForeignKeyWithoutIndex.Serves(index, key))
               let bytes = IndexFacts.BytesOf(index, all)
               where bytes >= LeastBytes && ScansOf(index, all) == 0
               select Tell(index, bytes, statistics),
        ];
    }

    private static long ScansOf(IndexFacts index, IReadOnlyList<IndexFacts> all) => index.Scans + all.Where(part => part.Parent == index.Id).Sum(part => ScansOf(part, all));

    /// <summary>Those of which the server knows that they were built later than the statistics must be old.</summary>
    private static async Task<HashSet<uint>> YoungAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var rows = await context.RowsAsync(
            $"""
            select i.indexrelid from pg_index i
            where case when current_setting('track_commit_timestamp') = 'on' then pg_xact_commit_timestamp(i.xmin) > now() - interval '{(long)context.Scope.EnoughStatistics.TotalSeconds} seconds' end
            """,
            row => row.GetFieldValue<uint>(0),
            cancellationToken);
        return [.. rows];
    }

    private static Finding Tell(IndexFacts index, long bytes, StatisticsAge statistics) => new(
        "unused-index", Risk.Low, index.Name,
        new Text($"no scan on this server since {Figures.Day(statistics.Since)}; it takes {Figures.Bytes(bytes)}", $"aucun parcours sur ce serveur depuis le {Figures.Day(statistics.Since)} ; il occupe {Formats.Of(Language.Fr).Bytes(bytes)}"),
        Text.Same(index.Removal))
    {
        Table = index.Table,
    };
}

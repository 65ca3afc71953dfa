using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Room that the plan and its backup need on disks.</summary>
internal static class SpaceForPlan
{
    /// <summary>Less than this is no question of space.</summary>
    private const long LeastBytes = 16L << 20;

    /// <summary>Of the database: so much more at once may be more than is free.</summary>
    private const double LeastShare = 0.1;

    public static FindingRule Rule { get; } = new("disk-space", Risk.Low, FindAsync)
    {
        Why = new(
            "What is pending writes tables anew or builds indexes, and both the old and the new stand on the server's disk until it commits: told where that takes 16 MB or more and a tenth of the database. A table is counted with its indexes, a new index by the width of its columns. PostgreSQL does not tell how much is free. High where the disk for the backups, which is known, is too small.",
            "Ce qui est en attente réécrit des tables ou construit des index, et l'ancien comme le nouveau occupent le disque du serveur jusqu'à la validation : signalé à partir de 16 Mo et d'un dixième de la base. Une table compte avec ses index, un nouvel index d'après la largeur de ses colonnes. PostgreSQL ne dit pas combien est libre. Élevé si le disque des sauvegardes, qui est connu, est trop petit."),
        NotOnCopy = new("what counts is the target's disk", "c'est le disque de la cible qui compte"),
        Bad = """
            create table orders (id bigint primary key, total int, note text);
            insert into orders select n, n, repeat('x', 100) from generate_series(1, 150000) n;
            analyze orders;
            -- pending: alter table orders alter column total type bigint;
            """,
        Found = "public.orders",
        Good = """
            create table orders (id bigint primary key, total int, note text);
            insert into orders select n, n, repeat('x', 100) from generate_series(1, 150000) n;
            analyze orders;
            -- pending: alter table orders add column paid boolean;
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var disks = context.Scope.Disks.Where(disk => disk.FreeBytes < disk.NeededBytes).Select(Tell);
        return context.Scope.Plan is not { } plan ? [.. disks] : [.. disks, .. await OnServerAsync(context, plan, cancellationToken)];
    }

    private static async Task<IEnumerable<Finding>> OnServerAsync(FindingContext context, Plan plan, CancellationToken cancellationToken)
    {
        var steps = plan.Steps.Where(step => step.SkipReason is null).ToList();
        var rewritten = steps.SelectMany(step => step.Hazards).Where(hazard => hazard is { Rewrites: true, Table: not null }).Select(hazard => KeyOf(hazard.Table!)).ToHashSet(StringComparer.Ordinal);
        var built = steps.SelectMany(step => step.Statements).Where(statement => statement.Kind.StartsWith("create-index", StringComparison.Ordinal)).Select(IndexOf).OfType<NewIndex>().ToLookup(index => index.Table, StringComparer.Ordinal);
        if (rewritten.Count + built.Count == 0)
            return [];
        var tables = await TablesAsync(context, cancellationToken);
        return from table in tables
               let rewrite = rewritten.Contains(table.Key) ? table.Bytes : 0
               let indexes = built[table.Key].Sum(index => index.BytesOn(table.Rows, table.Widths))
               where rewrite + indexes >= LeastBytes && rewrite + indexes >= table.DatabaseBytes * LeastShare
               select Tell(table, rewrite, indexes);
    }

    /// <summary>A hazard names a table of <c>public</c> without it.</summary>
    private static string KeyOf(string table) => table.Contains('.', StringComparison.Ordinal) ? table : $"public.{table}";

    private static NewIndex? IndexOf(Statement statement) =>
        StatementClassifier.Tree(LibPgQuery.Parse(statement.Sql)) is { Type: "IndexStmt" } index && index.Table() is { } table
            ? new NewIndex(table.Key, [.. index.Items("indexParams").Concat(index.Items("indexIncludingParams")).Select(key => key.Text("name"))])
            : null;

    private static Finding Tell(DiskSpace disk) => new(
        "disk-space", Risk.High, disk.Path,
        new Text($"{Figures.Bytes(disk.FreeBytes)} free, a backup needs at most about {Figures.Bytes(disk.NeededBytes)}", $"{Formats.Of(Language.Fr).Bytes(disk.FreeBytes)} libres, une sauvegarde demande au plus environ {Formats.Of(Language.Fr).Bytes(disk.NeededBytes)}"),
        new Text("Free some space, or choose other places in `backup.to`.", "Libérez de l'espace, ou choisissez d'autres emplacements dans `backup.to`."));

    private static Finding Tell(Table table, long rewrite, long indexes) => new(
        "disk-space", Risk.Low, table.Name,
        new Text(
            $"the plan needs about {Figures.Bytes(rewrite + indexes)} on the server: {Figures.Bytes(rewrite)} to write the table anew, {Figures.Bytes(indexes)} for indexes; the database has {Figures.Bytes(table.DatabaseBytes)}",
            $"le plan demande environ {Formats.Of(Language.Fr).Bytes(rewrite + indexes)} sur le serveur : {Formats.Of(Language.Fr).Bytes(rewrite)} pour réécrire la table, {Formats.Of(Language.Fr).Bytes(indexes)} pour des index ; la base a {Formats.Of(Language.Fr).Bytes(table.DatabaseBytes)}"),
        new Text("See that the server's disk has that much free, and its log as much again.", "Vérifiez que le disque du serveur en a autant de libre, et autant encore pour son journal."));

    private static Task<IReadOnlyList<Table>> TablesAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        select t.name, t.nspname || '.' || t.relname, pg_total_relation_size(t.oid), greatest(t.reltuples, 0)::bigint, pg_database_size(current_database()),
               array(select s.attname::text from pg_stats s where s.schemaname = t.nspname and s.tablename = t.relname and not s.inherited order by s.attname),
               array(select s.avg_width from pg_stats s where s.schemaname = t.nspname and s.tablename = t.relname and not s.inherited order by s.attname)
        from tables t
        """,
        row => new Table(
            row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
            row.GetFieldValue<string[]>(5).Zip(row.GetFieldValue<int[]>(6)).ToDictionary(column => column.First, column => column.Second, StringComparer.Ordinal)),
        cancellationToken);

    private sealed record Table(string Name, string Key, long Bytes, long Rows, long DatabaseBytes, IReadOnlyDictionary<string, int> Widths);

    private sealed record NewIndex(string Table, IReadOnlyList<string> Columns)
    {
        /// <summary>A pointer and a header of 8 bytes and 4 for each row, its values, and pages nine tenths full.</summary>
        public long BytesOn(long rows, IReadOnlyDictionary<string, int> widths)
        {
            const int Unknown = 16;
            return (long)(rows * (12 + Columns.Sum(column => widths.GetValueOrDefault(column, Unknown))) / 0.9);
        }
    }
}

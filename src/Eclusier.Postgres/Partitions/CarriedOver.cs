using Eclusier.Catalog;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Partitions;

/// <summary>What belongs to a table, or reads it, and has to be made once more when another table takes its name. SQL that names the table, and so means whichever has the name.</summary>
/// <param name="Traits">Row security, policies, grants, triggers, statistics, publications, comments.</param>
/// <param name="Back">Those of them that the former table has lost meanwhile.</param>
/// <param name="Readers">Views, and policies of other tables.</param>
internal sealed record CarriedOver(IReadOnlyList<string> Traits, IReadOnlyList<string> Back, IReadOnlyList<string> Readers)
{
    /// <summary>In the order in which they can be made.</summary>
    private static readonly string[] TraitKinds =
        ["sequence owner", "row security", "forced row security", "statistics target", "policy", "grant", "revoke", "trigger", "trigger state", "statistics", "published table", "comment"];

    private static readonly string[] BackKinds = ["sequence owner", "forced row security", "trigger state", "published table"];

    /// <summary>Extended statistics, by their names, unquoted.</summary>
    public required IReadOnlyList<string> Statistics { get; init; }

    /// <summary>Where the table is published.</summary>
    public required IReadOnlyList<string> Publications { get; init; }

    public required bool ForcesRowSecurity { get; init; }

    /// <summary>Other relations that have to be locked, too.</summary>
    public required int OtherLocks { get; init; }

    /// <summary>Looks at the whole catalog: not under a lock that others wait for.</summary>
    public static async Task<CarriedOver> ReadAsync(NpgsqlConnection connection, LiveTable table, PartitionNames names, CancellationToken cancellationToken)
    {
        var snapshot = await CatalogReader.SnapshotAsync(connection, cancellationToken);
        var name = snapshot.Objects.First(found => found.Kind == "table" && found.Id == $"r{table.Oid}").Name;
        var own = snapshot.Objects.Where(found => Belongs(found, name) && !IsOurs(found, names)).ToList();
        own.AddRange(CommentsOn(snapshot, [.. own.Select(found => found.Name)]));
        var readers = await ReadersAsync(connection, table, cancellationToken);
        return new CarriedOver(Of(own, TraitKinds), Of(own, BackKinds), [.. snapshot.Objects.Where(found => readers.Contains(found.Id)).SelectMany(found => MakingAgain(found, snapshot))])
        {
            Statistics = [.. own.Where(found => found.Kind == "statistics").Select(found => Identifier.NameOf(found.Local))],
            Publications = [.. own.Where(found => found.Kind == "published table").Select(found => found.Parent!)],
            OtherLocks = readers.Count,
            ForcesRowSecurity = own.Any(found => found.Kind == "forced row security"),
        };
    }

    private static IReadOnlyList<string> Of(IEnumerable<CatalogObject> own, string[] kinds) =>
        [.. own.Where(found => kinds.Contains(found.Kind)).OrderBy(found => Array.IndexOf(kinds, found.Kind)).Select(found => found.Definition)];

    private static bool Belongs(CatalogObject found, string table) => found.Kind switch
    {
        "sequence owner" => found.Definition.Contains($" owned by {table}.", StringComparison.Ordinal),
        "published table" => found.Name.StartsWith($"{table} in ", StringComparison.Ordinal),
        _ => found.Parent == table || found.Parent?.StartsWith($"{table}.", StringComparison.Ordinal) == true,
    };

    /// <summary>The triggers of the partitioning itself.</summary>
    private static bool IsOurs(CatalogObject found, PartitionNames names) =>
        found.Kind is "trigger" or "trigger state" && (found.Definition.Contains(names.Sync.Name, StringComparison.Ordinal) || found.Definition.Contains(names.Back.Name, StringComparison.Ordinal));

    /// <summary>Of indexes, constraints, policies and triggers; those of the table and its columns belong to it.</summary>
    private static IEnumerable<CatalogObject> CommentsOn(CatalogSnapshot snapshot, HashSet<string> names) =>
        snapshot.Objects.Where(found => found.Kind == "comment" && found.Parent is { } parent && names.Contains(parent));

    private static async Task<HashSet<string>> ReadersAsync(NpgsqlConnection connection, LiveTable table, CancellationToken cancellationToken) => [.. await connection.RowsAsync(
        $"""
        select 'r' || w.ev_class from pg_depend d join pg_rewrite w on w.oid = d.objid join pg_class c on c.oid = w.ev_class
        where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = {table.Oid} and c.relkind = 'v'
        union
        select 'p' || p.oid from pg_depend d join pg_policy p on p.oid = d.objid
        where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = {table.Oid} and p.polrelid <> {table.Oid}
        """,
        row => row.GetString(0),
        cancellationToken)];

    /// <summary>CREATE OR REPLACE VIEW takes the view's options away (PostgreSQL manual, CREATE VIEW).</summary>
    private static IEnumerable<string> MakingAgain(CatalogObject reader, CatalogSnapshot snapshot) => reader.Kind == "view"
        ? [reader.Definition, .. snapshot.Objects.Where(found => found.Kind == "storage parameter" && found.Parent == reader.Name).Select(found => found.Definition)]
        : [reader.Removal, reader.Definition, .. CommentsOn(snapshot, [reader.Name]).Select(found => found.Definition)];
}

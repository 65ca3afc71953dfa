using Eclusier.Catalog;
using Npgsql;

namespace Eclusier.Postgres.Catalog;

/// <summary>Takes a <see cref="CatalogSnapshot"/> from <c>pg_catalog</c>, in two round trips: all that <c>pg_dump --schema-only</c> shows, and the settings that migrations can change.</summary>
internal static class CatalogReader
{
    /// <summary>Of the server or of the database itself: the same schema on another server has them otherwise.</summary>
    private static readonly HashSet<string> Surroundings = new(StringComparer.Ordinal) { "database", "setting", "collation version", "tablespace" };

    /// <summary>Works in a read-only transaction and inside the caller's own, too. Temporary tables, what belongs to an extension and the tracking table are left out.</summary>
    public static async Task<CatalogSnapshot> SnapshotAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var query = await SnapshotQuery.ForAsync(connection, cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(EmptySearchPath.Set), new(query.Objects), new(query.Needs), new(EmptySearchPath.PutBack) } };
        // Planning it takes as long as running it, and a run asks again after each migration.
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var objects = new List<CatalogObject>();
        while (await reader.ReadAsync(cancellationToken))
            objects.Add(await ReadAsync(reader, cancellationToken));
        await reader.NextResultAsync(cancellationToken);
        var needs = new List<(string Id, string Needed)>();
        while (await reader.ReadAsync(cancellationToken))
            needs.Add((reader.GetString(0), reader.GetString(1)));
        return new CatalogSnapshot(WithNeeds(objects, needs.ToLookup(need => need.Id, need => need.Needed, StringComparer.Ordinal)));
    }

    private static async Task<CatalogObject> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var (kind, local) = (reader.GetString(0), reader.GetString(3));
        return new CatalogObject(kind, reader.GetString(1), reader.GetString(5))
        {
            Parent = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2),
            Local = local,
            Id = reader.GetString(4),
            Removal = reader.GetString(6),
            IsSurrounding = Surroundings.Contains(kind) || (kind is "grant" or "revoke" && (local.EndsWith(" on database", StringComparison.Ordinal) || local.Contains(" on parameter ", StringComparison.Ordinal))),
        };
    }

    private static CatalogObject[] WithNeeds(List<CatalogObject> objects, ILookup<string, string> needs)
    {
        var byId = objects.DistinctBy(found => found.Id, StringComparer.Ordinal).ToDictionary(found => found.Id, StringComparer.Ordinal);
        return [.. objects.Select(found => !needs.Contains(found.Id) ? found : found with { Needs = [.. needs[found.Id].Select(id => byId.GetValueOrDefault(id)?.ToString()).OfType<string>().Order(StringComparer.Ordinal)] })];
    }
}

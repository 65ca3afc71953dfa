using Eclusier.Catalog;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Catalog;

/// <summary>Takes a <see cref="CatalogSnapshot"/> from <c>pg_catalog</c>, in one round trip.</summary>
internal static class CatalogReader
{
    private static readonly string Query = EmbeddedScript.Read("Catalog.snapshot.sql");

    /// <summary>Works in a read-only transaction and inside the caller's own, too. Temporary tables, what belongs to an extension and the tracking table are left out.</summary>
    public static async Task<CatalogSnapshot> SnapshotAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var query = Uncounted.FilledInto(Query)
            .Replace("{compression}", connection.PostgreSqlVersion.Major >= 14 ? "attcompression" : "''", StringComparison.Ordinal)
            .Replace("{parent_trigger}", connection.PostgreSqlVersion.Major >= 13 ? "t.tgparentid = 0" : "true", StringComparison.Ordinal);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(EmptySearchPath.Set), new(query), new(EmptySearchPath.PutBack) } };
        // Planning it takes as long as running it, and a run asks again after each migration.
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var objects = new List<CatalogObject>();
        while (await reader.ReadAsync(cancellationToken))
        {
            objects.Add(new CatalogObject(reader.GetString(0), reader.GetString(1), reader.GetString(5))
            {
                Parent = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2),
                Local = reader.GetString(3),
                Id = reader.GetString(4),
                Removal = reader.GetString(6),
            });
        }

        return new CatalogSnapshot(objects);
    }
}

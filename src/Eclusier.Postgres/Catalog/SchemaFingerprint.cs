using Npgsql;

namespace Eclusier.Postgres.Catalog;

/// <summary>A hash of all that a snapshot holds: equal before and after means that nobody changed it in between. Rows and the tracking table do not count.</summary>
public static class SchemaFingerprint
{
    /// <summary>One round trip; works in a read-only transaction, too.</summary>
    /// <returns>Lower-case hex of a SHA-256.</returns>
    public static async Task<string> ComputeAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await CatalogReader.SnapshotAsync(connection, cancellationToken)).Fingerprint;
}

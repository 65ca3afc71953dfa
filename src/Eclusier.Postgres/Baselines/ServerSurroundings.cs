using Eclusier.Catalog;
using Npgsql;

namespace Eclusier.Postgres.Baselines;

/// <summary>Reads what migrations find on a server.</summary>
internal static class ServerSurroundings
{
    /// <summary>One round trip.</summary>
    public static async Task<Surroundings> OfAsync(NpgsqlConnection connection, string platform, CancellationToken cancellationToken)
    {
        const string sql = """
            select current_user::text, current_setting('search_path'),
              array(select rolname::text from pg_roles order by rolname),
              array(select e.extname::text from pg_extension e order by e.extname),
              array(select n.nspname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace order by e.extname)
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var extensions = reader.GetFieldValue<string[]>(3).Zip(reader.GetFieldValue<string[]>(4), (name, schema) => new InstalledExtension(name, schema));
        return new Surroundings(platform, reader.GetString(0), reader.GetFieldValue<string[]>(2), [.. extensions.Where(extension => extension.Name != "plpgsql")], reader.GetString(1));
    }
}

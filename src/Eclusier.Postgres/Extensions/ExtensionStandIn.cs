using Eclusier.Catalog;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Extensions;

/// <summary>
/// Stands in for an extension that a sandbox's server lacks or refuses (pgvector, pg_cron, …), made from the catalog of a database that has it: a
/// history that uses it can be replayed, and what it leaves is compared as ever. Good for definitions only: nothing in it computes.
/// </summary>
internal static class ExtensionStandIn
{
    private static readonly string Query = EmbeddedScript.Read("Extensions.stand_in.sql");

    /// <summary>For each extension of the database.</summary>
    public static async Task<ILookup<string, StandInMember>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(EmptySearchPath.Set), new(Query), new(EmptySearchPath.PutBack) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<(string Extension, StandInMember Member)>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((reader.GetString(0), new StandInMember(reader.GetString(2), reader.GetString(3))));
        return rows.ToLookup(row => row.Extension, row => row.Member, StringComparer.Ordinal);
    }

    /// <summary>Makes it; what of it cannot be made is left out. Inside the caller's transaction.</summary>
    /// <exception cref="PostgresException">Only a superuser may.</exception>
    public static async Task CreateAsync(NpgsqlConnection connection, InstalledExtension extension, CancellationToken cancellationToken)
    {
        var (name, schema) = (Identifier.Quote(extension.Name), Identifier.Quote(extension.Schema));
        await connection.ExecuteAllAsync(
            [
                "set local client_min_messages = warning",
                "set local check_function_bodies = off",
                "set local allow_system_table_mods = on",
                $"create schema if not exists {schema}",
                $"""
                insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
                select pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index'), {Literal.Quote(extension.Name)}, (select oid from pg_roles where rolname = current_user), to_regnamespace({Literal.Quote(schema)}), false, {Literal.Quote(extension.Version)}
                where not exists (select from pg_extension where extname = {Literal.Quote(extension.Name)})
                """,
                "set local allow_system_table_mods = off",
            ],
            cancellationToken);
        foreach (var (statement, member) in extension.StandIn)
        {
            try
            {
                await connection.ExecuteAllAsync(["savepoint eclusier_member", statement, .. member.Length == 0 ? [] : new[] { $"alter extension {name} add {member}" }, "release eclusier_member"], cancellationToken);
            }
            catch (PostgresException)
            {
                await connection.ExecuteAllAsync(["rollback to eclusier_member", "release eclusier_member"], CancellationToken.None);
            }
        }
    }
}

using Eclusier.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>Roles that a dump refers to and its new server does not have. They cannot log in, and carry a mark, so that they can be told from real ones.</summary>
internal static class ScratchRoles
{
    private const string Mark = "made by Eclusier for a rehearsal";

    /// <summary>Creates those that are missing.</summary>
    public static async Task CreateAsync(NpgsqlConnection connection, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        foreach (var role in await MissingAsync(connection, roles, cancellationToken))
        {
            var name = Identifier.Quote(role);
            try
            {
                await connection.ExecuteAllAsync([$"create role {name} nologin", $"comment on role {name} is '{Mark}'"], cancellationToken);
            }
            catch (PostgresException raced) when (raced.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
            {
                // Another rehearsal on the same server has made it between the question and the answer.
            }
        }
    }

    /// <summary>Creates those that are missing as they are elsewhere, with what they are members of, as far as this server knows and permits that.</summary>
    public static async Task CreateLikeAsync(NpgsqlConnection connection, IReadOnlyList<ServerRole> roles, CancellationToken cancellationToken)
    {
        var made = (await MissingAsync(connection, [.. roles.Select(role => role.Name)], cancellationToken)).ToHashSet(StringComparer.Ordinal);
        await CreateAsync(connection, [.. made], cancellationToken);
        foreach (var role in roles.Where(role => made.Contains(role.Name)))
        {
            var name = Identifier.Quote(role.Name);
            foreach (var sql in role.MemberOf.Select(group => $"grant {Identifier.Quote(group)} to {name}").Prepend(role.Attributes.Length == 0 ? "" : $"alter role {name} {role.Attributes}").Where(sql => sql.Length > 0))
                await TryAsync(connection, sql, cancellationToken);
        }
    }

    private static async Task TryAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(sql, cancellationToken);
        }
        catch (PostgresException)
        {
            // An attribute or a predefined role that only the other server's version has.
        }
    }

    /// <summary>Marks those of these roles that something else creates.</summary>
    public static async Task MarkNewAsync(NpgsqlConnection connection, IReadOnlyList<string> roles, Func<Task> create, CancellationToken cancellationToken)
    {
        var missing = await MissingAsync(connection, roles, cancellationToken);
        await create();
        foreach (var role in missing.Except(await MissingAsync(connection, missing, cancellationToken), StringComparer.Ordinal))
            await connection.ExecuteAsync($"comment on role {Identifier.Quote(role)} is '{Mark}'", cancellationToken);
    }

    /// <summary>Drops those that nothing needs any more; another rehearsal on the same server may still need some.</summary>
    public static async Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = "select rolname from pg_roles where shobj_description(oid, 'pg_authid') = $1 order by 1";
        foreach (var role in await connection.RowsAsync(sql, row => row.GetString(0), cancellationToken, Mark))
        {
            try
            {
                await connection.ExecuteAsync($"drop role if exists {Identifier.Quote(role)}", cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
            {
                // In use elsewhere; whoever uses it drops it.
            }
        }
    }

    private static Task<IReadOnlyList<string>> MissingAsync(NpgsqlConnection connection, IReadOnlyList<string> roles, CancellationToken cancellationToken) =>
        // Names that begin with pg_ are PostgreSQL's own and cannot be created.
        connection.RowsAsync(
            "select name from unnest($1) as name where name not like 'pg\\_%' and not exists (select from pg_roles where rolname = name)",
            row => row.GetString(0),
            cancellationToken,
            [roles.ToArray()]);
}

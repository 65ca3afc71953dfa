using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>What tells a database from every other one: its cluster's system identifier, which initdb gives, and its oid, which no other database of the cluster ever gets.</summary>
internal static class PostgresIdentity
{
    public static async Task<DatabaseIdentity> OfAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Everybody may call pg_control_system(), unless a hosted server revoked it. The server's own address is what is left then: a tunnel
        // does not change it; a failover does, and evidence from before it is not used any more.
        const string Sql =
            """
            select has_function_privilege('pg_catalog.pg_control_system()', 'execute'),
              (select oid::text from pg_catalog.pg_database where datname = pg_catalog.current_database()),
              coalesce(host(inet_server_addr()), '') || ':' || coalesce(inet_server_port()::text, '')
            """;
        var found = (await connection.RowsAsync(Sql, row => (MayAsk: row.GetBoolean(0), Oid: row.GetString(1), Address: row.GetString(2)), cancellationToken))[0];
        var server = found.MayAsk
            ? await connection.ScalarAsync<string>("select system_identifier::text from pg_catalog.pg_control_system()", cancellationToken)
            : $"at {found.Address}";
        return new DatabaseIdentity { Server = server!, Marks = [found.Oid] };
    }
}

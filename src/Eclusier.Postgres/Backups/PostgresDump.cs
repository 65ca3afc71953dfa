using Eclusier.Backups;
using Eclusier.Postgres.Catalog;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary><c>pg_dump</c> in its custom format, and the rows counted in the very snapshot that it dumps.</summary>
internal static class PostgresDump
{
    private const string FileName = "database.dump";

    /// <exception cref="EclusierException">pg_dump is missing, too old, or fails; nothing was changed.</exception>
    public static async Task<Dump> WriteAsync(DatabaseUrl url, string folder, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(PostgresUrl.ConnectionString(url, "eclusier backup"));
        await connection.OpenAsync(cancellationToken);
        var tools = PostgresTools.Find();
        RefuseOlder(tools, connection, url);

        await connection.ExecuteAsync("begin isolation level repeatable read read only", cancellationToken);
        var snapshot = await connection.ScalarAsync<string>("select pg_export_snapshot()", cancellationToken);
        var fingerprint = await SchemaFingerprint.ComputeAsync(connection, cancellationToken);
        var roles = await RolesAsync(connection, cancellationToken);
        var dumping = RunAsync(tools, url, Path.Combine(folder, FileName), snapshot!, cancellationToken);
        var counts = await RowCounts.OfAsync(connection, cancellationToken);
        var version = await dumping;
        await connection.ExecuteAsync("rollback", cancellationToken);
        return new Dump(FileName, version, counts, roles, fingerprint);
    }

    private static async Task<string> RunAsync(PostgresTools tools, DatabaseUrl url, string file, string snapshot, CancellationToken cancellationToken)
    {
        await using (CreatePrivate(file))
        {
            // pg_dump keeps the mode of a file that is there already.
        }

        string[] arguments = ["--format=custom", "--compress=1", "--no-password", $"--snapshot={snapshot}", $"--file={file}"];
        var result = await ChildProcess.RunAsync(tools.Path("pg_dump"), arguments, PostgresUrl.ChildEnvironment(url), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new EclusierException(
                new Text($"pg_dump failed: {LastLines(result.StandardError)}", $"pg_dump a échoué : {LastLines(result.StandardError)}"),
                PostgresUrl.Describe(url),
                new Text("Nothing was changed. Mend the cause, then run the same command again.", "Rien n'a été modifié. Corrigez la cause, puis relancez la même commande."),
                ExitCode.NoGo);
        }

        var version = await ChildProcess.RunAsync(tools.Path("pg_dump"), ["--version"], null, cancellationToken);
        return version.StandardOutput.Trim();
    }

    internal static string LastLines(string output) =>
        string.Join(" / ", output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3));

    private static FileStream CreatePrivate(string file) => new(file, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    /// <summary>pg_dump refuses a server newer than itself (PostgreSQL manual, pg_dump, Notes).</summary>
    private static void RefuseOlder(PostgresTools tools, NpgsqlConnection connection, DatabaseUrl url)
    {
        if (tools.Version == 0 || tools.Version >= connection.PostgreSqlVersion.Major)
            return;
        throw new EclusierException(
            new Text($"The newest pg_dump here is {tools.Version}, the server is {connection.PostgreSqlVersion.Major}.", $"Le pg_dump le plus récent ici est {tools.Version}, le serveur est en {connection.PostgreSqlVersion.Major}."),
            PostgresUrl.Describe(url),
            new Text($"Install postgresql-client-{connection.PostgreSqlVersion.Major}.", $"Installez postgresql-client-{connection.PostgreSqlVersion.Major}."),
            ExitCode.NoGo);
    }

    /// <summary>Owners, grantees and roles of policies: all that <c>pg_shdepend</c> ties to this database.</summary>
    private static async Task<IReadOnlyList<string>> RolesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select r.rolname::text from pg_roles r
            where r.rolname !~ '^pg_'
              and r.oid in (select refobjid from pg_shdepend
                            where refclassid = 'pg_authid'::regclass and dbid = (select oid from pg_database where datname = current_database()))
            order by 1
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var roles = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            roles.Add(reader.GetString(0));
        return roles;
    }
}

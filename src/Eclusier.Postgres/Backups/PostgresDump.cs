using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Extensions;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary>Dumps a database with <c>pg_dump</c>, and counts its rows in the very same snapshot.</summary>
public static class PostgresDump
{
    private const string FileName = "database.dump";

    /// <summary>A minute is long for a lock that only a schema change refuses; a backup must not wait for ever in the queue.</summary>
    private const string LockTimeout = "60s";

    /// <summary>
    /// Writes <c>database.dump</c> (custom format, mode 0600) into the folder (mode 0700).
    /// </summary>
    /// <exception cref="EclusierException">The server cannot be reached, or <c>pg_dump</c> is missing, too old or fails (<see cref="RefusedException"/>).</exception>
    public static async Task<Dump> WriteAsync(DatabaseUrl url, string folder, CancellationToken cancellationToken)
    {
        var tools = await PostgresTools.FindAsync("pg_dump", cancellationToken);
        await using var connection = await PostgresConnection.OpenAsync(url, "eclusier backup", cancellationToken);
        tools.RequireForServer(connection.PostgreSqlVersion.Major);
        var file = CreateFile(folder);
        try
        {
            var snapshot = await ExportSnapshotAsync(connection, cancellationToken);
            var counts = await RowCounts.OfAsync(connection, cancellationToken);
            var roles = await RolesAsync(connection, cancellationToken);
            var fingerprint = await SchemaFingerprint.ComputeAsync(connection, cancellationToken);
            var extensions = await ExtensionMembers.ReadAsync(connection, cancellationToken);
            await RunAsync(tools, url, snapshot, file, cancellationToken);
            return new Dump(FileName, $"pg_dump {tools.Version}", counts, roles, fingerprint) { Extensions = extensions };
        }
        catch (Exception e)
        {
            // Half a dump must not be taken for one.
            File.Delete(file);
            if (e is PostgresException refusal)
                throw Failed(url, PostgresErrors.Describe(refusal), e);
            throw;
        }
    }

    /// <summary>The file exists with its mode before the first row is in it; <c>pg_dump</c> keeps the mode.</summary>
    private static string CreateFile(string folder)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, OwnerOnly.Folder);
        var file = Path.Combine(folder, FileName);
        File.Delete(file);
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly.File });
        return file;
    }

    /// <summary>Begins the transaction that everything else here looks through. It ends with the connection.</summary>
    private static async Task<string> ExportSnapshotAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Row security off: a policy that hides rows is to be an error, as it is for pg_dump, and not a smaller count.
        await connection.ExecuteAllAsync(
            [
                "begin isolation level repeatable read read only",
                "set local statement_timeout = 0",
                "set local idle_in_transaction_session_timeout = 0",
                "set local row_security = off",
                // As long as pg_dump waits for its locks.
                $"set local lock_timeout = '{LockTimeout}'",
                .. OwnSettings.Set("set local"),
            ],
            cancellationToken);
        return (await connection.ScalarAsync<string>("select pg_export_snapshot()", cancellationToken))!;
    }

    /// <summary>
    /// Owners, grantees and roles in policies. The server does not record dependencies on its bootstrap superuser (oid 10),
    /// which may own anything.
    /// </summary>
    private static Task<IReadOnlyList<string>> RolesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            select r.rolname
            from pg_roles r, pg_database d
            where d.datname = current_database()
              and (r.oid = 10 or r.oid = d.datdba or r.oid in (
                select s.refobjid from pg_shdepend s
                where s.refclassid = 'pg_authid'::regclass and s.dbid = d.oid))
            order by r.rolname collate "C"
            """;
        return connection.RowsAsync(sql, row => row.GetString(0), cancellationToken);
    }

    private static async Task RunAsync(PostgresTools tools, DatabaseUrl url, string snapshot, string file, CancellationToken cancellationToken)
    {
        string[] arguments = ["--format=custom", "--compress=1", "--no-password", $"--lock-wait-timeout={LockTimeout}", $"--snapshot={snapshot}", $"--file={file}", $"--dbname={PostgresUrl.KeepAlive}"];
        var result = await ChildProcess.RunAsync(tools.Path("pg_dump"), arguments, PostgresUrl.ChildEnvironment(url), cancellationToken);
        if (!result.Succeeded)
            throw Failed(url, result.LastLines(), null);
    }

    private static EclusierException Failed(DatabaseUrl url, string reason, Exception? cause) => new RefusedException(
        new Text($"The database cannot be dumped: {reason}", $"La base ne peut pas être sauvegardée : {reason}"),
        PostgresUrl.Describe(url),
        new Text("Nothing was changed. Mend the cause (often a missing right to read a table, or no space left on the disk), and run again.",
            "Rien n'a été modifié. Corrigez la cause (souvent un droit de lecture manquant, ou un disque plein), puis relancez."),
        cause);
}

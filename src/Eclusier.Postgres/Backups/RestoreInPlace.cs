using Eclusier.Backups;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary>
/// Replaces what is in a database with a dump, in one transaction: it is there whole, or everything is as it was. Nobody can work meanwhile.
/// Schemas that the user may not drop (a hosted server's own) are left as they are.
/// </summary>
internal static class RestoreInPlace
{
    private const string Application = "eclusier";

    /// <exception cref="EclusierException">The dump cannot be restored there, and why; everything is as it was (<see cref="ExitCode.NoGo"/>).</exception>
    public static async Task RunAsync(DatabaseUrl url, NpgsqlConnection connection, Dump dump, string folder, CancellationToken cancellationToken)
    {
        var schemas = await connection.RowsAsync(
            """
            select n.nspname::text, pg_has_role(n.nspowner, 'USAGE') from pg_namespace n
            where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
              and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
            """,
            row => (Name: row.GetString(0), Ours: row.GetBoolean(1)),
            cancellationToken);
        var before = Path.Combine(folder, "before.sql");
        var restore = Path.Combine(folder, "restore.sql");
        await File.WriteAllTextAsync(before, string.Concat((await EmptyingAsync(connection, schemas.Where(schema => schema.Ours).Select(schema => schema.Name), cancellationToken)).Select(statement => $"{statement};\n")), cancellationToken);
        var tools = await PostgresTools.FindAsync("pg_restore", cancellationToken);
        // All of it, unless something must stay: then only what is ours.
        var only = schemas.Any(schema => !schema.Ours) ? schemas.Where(schema => schema.Ours).Select(schema => $"--schema={schema.Name}") : [];
        await RunAsync(tools.Path("pg_restore"), ["--no-subscriptions", "--no-tablespaces", "--no-security-labels", .. only, $"--file={restore}", Path.Combine(folder, dump.File)], null, dump, cancellationToken);
        await RunAsync(
            tools.Path("psql"), ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--single-transaction", $"--file={before}", $"--file={restore}"], PostgresUrl.ChildEnvironment(url), dump, cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> EmptyingAsync(NpgsqlConnection connection, IEnumerable<string> schemas, CancellationToken cancellationToken)
    {
        // A dump does not make the schema public, which every database has.
        var catalog = await CatalogReader.SnapshotAsync(connection, cancellationToken);
        var common = catalog.Objects.Where(found => found.Parent == "public" && (found.Name == "schema public" || found.Name.Contains(" on schema public ", StringComparison.Ordinal)));
        var names = schemas.ToList();
        return
        [
            "set client_min_messages = warning",
            "set lock_timeout = '30s'",
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name not like '{Application}%' and pg_has_role(usesysid, 'MEMBER')",
            .. catalog.Objects.Where(found => found.Kind == "publication").Select(found => found.Removal),
            .. names.Select(name => $"drop schema {Identifier.Quote(name)} cascade"),
            .. names.Contains("public") ? ["create schema public", .. common.Select(found => found.Definition)] : Array.Empty<string>(),
        ];
    }

    private static async Task RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string?>? environment, Dump dump, CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(program, arguments, environment, cancellationToken);
        if (result.Succeeded)
            return;
        throw new EclusierException(
            new Text($"The backup could not be restored in place, and everything is as it was: {result.LastLines()}", $"La sauvegarde n'a pas pu être restaurée sur place, et tout est comme avant : {result.LastLines()}"),
            dump.File,
            new Text("Mend the cause, then run the same command again; or restore into a new database, and point the application there.", "Corrigez la cause, puis relancez la même commande ; ou restaurez dans une nouvelle base, et dirigez-y l'application."),
            ExitCode.NoGo);
    }
}

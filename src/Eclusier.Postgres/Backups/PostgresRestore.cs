using Eclusier.Backups;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary><c>pg_restore</c> into an empty database, with the roles that the dump refers to.</summary>
internal static class PostgresRestore
{
    /// <exception cref="EclusierException">pg_restore refuses the dump, and what it said.</exception>
    public static async Task RestoreAsync(DatabaseUrl empty, Dump dump, string folder, CancellationToken cancellationToken)
    {
        await CreateRolesAsync(empty, dump.Roles, cancellationToken);
        var environment = PostgresUrl.ChildEnvironment(empty);
        string[] arguments = ["--no-password", "--exit-on-error", "--jobs=2", $"--dbname={environment["PGDATABASE"]}", Path.Combine(folder, dump.File)];
        var result = await ChildProcess.RunAsync(PostgresTools.Find().Path("pg_restore"), arguments, environment, cancellationToken);
        if (result.ExitCode == 0)
            return;
        throw new EclusierException(
            new Text($"pg_restore failed: {PostgresDump.LastLines(result.StandardError)}", $"pg_restore a échoué : {PostgresDump.LastLines(result.StandardError)}"),
            dump.File,
            new Text("This backup does not restore: make a new one.", "Cette sauvegarde ne se restaure pas : refaites-en une."),
            ExitCode.NoGo);
    }

    private static async Task CreateRolesAsync(DatabaseUrl url, IEnumerable<string> roles, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(PostgresUrl.ConnectionString(url, "eclusier restore"));
        await connection.OpenAsync(cancellationToken);
        foreach (var role in roles)
        {
            if (!await connection.ScalarAsync<bool>($"select exists (select from pg_roles where rolname = {Literal.Quote(role)})", cancellationToken))
                await connection.ExecuteAsync($"create role {Identifier.Quote(role)} nologin", cancellationToken);
        }
    }
}

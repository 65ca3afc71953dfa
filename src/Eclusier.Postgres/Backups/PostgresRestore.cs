using Eclusier.Backups;
using Eclusier.Postgres.Sandbox;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary>Restores a dump with <c>pg_restore</c>: the only proof that it can be done.</summary>
public static class PostgresRestore
{
    /// <summary>Restores into an empty database, after creating the roles that the dump refers to.</summary>
    /// <param name="sameServer">Tablespaces and security labels are there, too.</param>
    /// <param name="folder">Where <see cref="Dump.File"/> is.</param>
    /// <exception cref="EclusierException">
    /// The server cannot be reached (<see cref="ExitCode.Unavailable"/>), or the dump cannot be restored there, and why (<see cref="ExitCode.NoGo"/>).
    /// </exception>
    public static async Task RestoreAsync(DatabaseUrl empty, Dump dump, string folder, bool sameServer, CancellationToken cancellationToken)
    {
        var tools = await PostgresTools.FindAsync("pg_restore", cancellationToken);
        var server = await CreateRolesAsync(empty, dump, cancellationToken);
        // Subscriptions would bind the copy to a publisher, and tablespaces are folders of the other machine.
        string[] arguments =
        [
            "--no-password", "--exit-on-error", $"--jobs={Math.Clamp(Environment.ProcessorCount, 2, 8)}", "--no-subscriptions", .. sameServer ? [] : new[] { "--no-tablespaces", "--no-security-labels" },
            $"--dbname={PostgresUrl.Parse(empty).Database}", Path.Combine(folder, dump.File),
        ];
        var result = await ChildProcess.RunAsync(tools.Path("pg_restore"), arguments, PostgresUrl.ChildEnvironment(empty), cancellationToken);
        if (!result.Succeeded)
            throw Failed(dump, folder, result.LastLines(), Remedy(result.Error, dump, server), null);
    }

    /// <returns>The server's major version.</returns>
    private static async Task<int> CreateRolesAsync(DatabaseUrl empty, Dump dump, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresConnection.OpenAsync(empty, "eclusier restore", cancellationToken);
        try
        {
            await ScratchRoles.CreateAsync(connection, dump.Roles, cancellationToken);
            return connection.PostgreSqlVersion.Major;
        }
        catch (PostgresException e)
        {
            throw Failed(dump, folder: null, e.MessageText,
                new Text("Grant the user CREATEROLE on the rehearsal server, or create the roles there.", "Donnez à l'utilisateur le droit CREATEROLE sur le serveur de répétition, ou créez-y les rôles."), e);
        }
    }

    private static Text Remedy(string error, Dump dump, int server)
    {
        var dumped = PostgresTools.MajorOf(PostgresTools.VersionIn(dump.Tool));
        if (dumped > server)
        {
            return new Text($"The dump was written by version {dumped}, and this server is version {server}: install PostgreSQL {dumped} here, or set rehearsal.url to a server of that version.",
                $"La sauvegarde a été écrite en version {dumped}, et ce serveur est en version {server} : installez PostgreSQL {dumped} ici, ou indiquez dans rehearsal.url un serveur de cette version.");
        }
        if (error.Contains("extension", StringComparison.OrdinalIgnoreCase))
        {
            return new Text("Install the extension on this machine, or set rehearsal.url to a server that has it.",
                "Installez l'extension sur cette machine, ou indiquez dans rehearsal.url un serveur qui la possède.");
        }
        return new Text("Do not trust this backup. Take a new one; if that fails, too, set rehearsal.url to a server like the production.",
            "Ne vous fiez pas à cette sauvegarde. Refaites-en une ; en cas de nouvel échec, indiquez dans rehearsal.url un serveur semblable à la production.");
    }

    private static EclusierException Failed(Dump dump, string? folder, string reason, Text remedy, Exception? cause) => new(
        new Text($"The dump cannot be restored: {reason}", $"La sauvegarde ne peut pas être restaurée : {reason}"),
        folder is null ? dump.File : Path.Combine(folder, dump.File),
        remedy,
        ExitCode.NoGo,
        cause);
}

using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Extensions;
using Eclusier.Postgres.Sandbox;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary>Restores a dump with <c>pg_restore</c>: the only proof that it can be done.</summary>
public static class PostgresRestore
{
    /// <summary>Programs whose words are read, and not shown.</summary>
    internal static IReadOnlyDictionary<string, string?> InEnglish { get; } = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C" };

    /// <summary>Restores into an empty database, after creating the roles that the dump refers to.</summary>
    /// <param name="sameServer">Tablespaces and security labels are there, too; and what a backup holds shall come back whole or not at all.</param>
    /// <param name="folder">Where <see cref="Dump.File"/> is.</param>
    /// <returns>The dump's extensions that the server lacks, and what was left out therefore.</returns>
    /// <exception cref="UnavailableException">
    /// The server cannot be reached (<see cref="UnavailableException"/>), or the dump cannot be restored there, and why (<see cref="RefusedException"/>).
    /// </exception>
    public static async Task<IReadOnlyList<MissingExtension>> RestoreAsync(DatabaseUrl empty, Dump dump, string folder, bool sameServer, CancellationToken cancellationToken)
    {
        var tools = await PostgresTools.FindAsync("pg_restore", cancellationToken);
        var file = Path.Combine(folder, dump.File);
        var contents = sameServer || dump.Extensions is { Count: 0 } ? null : await DumpContents.ReadAsync(tools, file, cancellationToken);
        var (server, missing) = await PrepareAsync(empty, dump, contents?.Extensions ?? [], cancellationToken);
        // Subscriptions would bind the copy to a publisher, and tablespaces are folders of the other machine.
        string[] arguments =
        [
            "--no-password", "--no-subscriptions", .. sameServer ? [] : new[] { "--no-tablespaces", "--no-security-labels" },
            $"--dbname={PostgresUrl.KeepAlive}",
        ];
        string[] quickly = ["--exit-on-error", $"--jobs={Math.Clamp(Environment.ProcessorCount, 2, 8)}"];
        var partial = missing.Count == 0 ? null : new PartialRestore(tools, file, contents!, missing, dump.Extensions ?? []);
        var failure = partial is null
            ? await RunAsync(tools, quickly, [.. arguments, file], empty, cancellationToken)
            : await partial.RunAsync(arguments, quickly, PostgresUrl.ChildEnvironment(empty), cancellationToken);
        if (failure is not null)
            throw Failed(dump, folder, failure.LastLines(), Remedy(failure.Error, dump, server), null);
        return partial is null ? [] : await partial.MissingAsync(server, cancellationToken);
    }

    /// <returns>Null when all went well.</returns>
    private static async Task<ChildResult?> RunAsync(PostgresTools tools, string[] quickly, string[] arguments, DatabaseUrl empty, CancellationToken cancellationToken)
    {
        var environment = PostgresUrl.ChildEnvironment(empty);
        var result = await ChildProcess.RunAsync(tools.Path("pg_restore"), [.. quickly, .. arguments], environment, cancellationToken);
        if (result.Succeeded || !NewerSetting.Stopped(result))
            return result.Succeeded ? null : result;
        // One worker: several would print their refusals into one another.
        var slowly = await ChildProcess.RunAsync(tools.Path("pg_restore"), ["--verbose", .. arguments], environment.Concat(InEnglish).ToDictionary(StringComparer.Ordinal), cancellationToken);
        return slowly.Succeeded || NewerSetting.IsAll(slowly) ? null : slowly;
    }

    /// <summary>Creates the roles that are missing.</summary>
    /// <returns>The server's major version, and which of the extensions it lacks.</returns>
    private static async Task<(int Server, IReadOnlyList<LackingExtension> Missing)> PrepareAsync(DatabaseUrl empty, Dump dump, IReadOnlyList<string> extensions, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresConnection.OpenAsync(empty, "eclusier restore", cancellationToken);
        await CreateRolesAsync(connection, dump, cancellationToken);
        try
        {
            return (connection.PostgreSqlVersion.Major, extensions.Count == 0 ? [] : await AvailableExtensions.LackingAsync(connection, extensions, cancellationToken));
        }
        catch (PostgresException e)
        {
            throw PostgresErrors.Refused(e, PostgresUrl.Describe(empty));
        }
    }

    private static async Task CreateRolesAsync(NpgsqlConnection connection, Dump dump, CancellationToken cancellationToken)
    {
        try
        {
            await ScratchRoles.CreateAsync(connection, dump.Roles, cancellationToken);
        }
        catch (PostgresException e)
        {
            throw Failed(dump, folder: null, PostgresErrors.Describe(e),
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

    private static EclusierException Failed(Dump dump, string? folder, string reason, Text remedy, Exception? cause) => new RefusedException(
        new Text($"The dump cannot be restored: {reason}", $"La sauvegarde ne peut pas être restaurée : {reason}"),
        folder is null ? dump.File : Path.Combine(folder, dump.File),
        remedy,
        cause);
}

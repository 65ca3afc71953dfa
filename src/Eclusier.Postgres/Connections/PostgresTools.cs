using Eclusier.Files;

namespace Eclusier.Postgres.Connections;

/// <summary>PostgreSQL's own programs on this machine.</summary>
/// <param name="BinDirectory">The folder they are in.</param>
/// <param name="Version">Of the program that was looked for, such as <c>15.18</c>.</param>
public sealed record PostgresTools(string BinDirectory, string Version)
{
    private const string Override = "ECLUSIER_POSTGRES_BIN";

    /// <summary>Where Debian keeps every version; <c>/usr/bin</c> only has wrappers that pick one.</summary>
    private const string Debian = "/usr/lib/postgresql";

    /// <summary>The first number of the version.</summary>
    public int Major => MajorOf(Version);

    /// <summary>
    /// Finds the newest version that has the program: in <c>ECLUSIER_POSTGRES_BIN</c> and nowhere else when that is set;
    /// else under <c>/usr/lib/postgresql</c>, on PATH, or where <c>pg_config</c> says.
    /// </summary>
    /// <param name="program">A client may be there without a server: name what is needed, such as <c>pg_dump</c> or <c>initdb</c>.</param>
    /// <exception cref="InvalidInputException">It is not installed.</exception>
    public static async Task<PostgresTools> FindAsync(string program, CancellationToken cancellationToken)
    {
        var folder = Folders().FirstOrDefault(f => File.Exists(System.IO.Path.Combine(f, program)))
            ?? await FolderOfPgConfigAsync(program, cancellationToken)
            ?? throw Missing(program, null);
        var answer = await ChildProcess.RunAsync(System.IO.Path.Combine(folder, program), ["--version"], null, cancellationToken);
        return new PostgresTools(folder, VersionIn(answer.Output));
    }

    /// <summary>The full path of a program.</summary>
    /// <exception cref="InvalidInputException">It is not in the folder.</exception>
    public string Path(string program)
    {
        var path = System.IO.Path.Combine(BinDirectory, program);
        return File.Exists(path) ? path : throw Missing(program, BinDirectory);
    }

    /// <summary><c>pg_dump</c> refuses servers that are newer than itself; better to know before it starts.</summary>
    /// <exception cref="InvalidInputException">The server is newer.</exception>
    public void RequireForServer(int serverMajor)
    {
        if (Major >= serverMajor)
            return;
        throw new InvalidInputException(
            new Text($"The server runs PostgreSQL {serverMajor}, but pg_dump here is version {Version}: it cannot dump a newer server.",
                $"Le serveur est en PostgreSQL {serverMajor}, mais pg_dump est ici en version {Version} : il ne peut pas sauvegarder un serveur plus récent."),
            BinDirectory,
            new Text($"Install the client of version {serverMajor} (Debian: apt-get install postgresql-client-{serverMajor}, from apt.postgresql.org), or set {Override} to its bin folder.",
                $"Installez le client en version {serverMajor} (Debian : apt-get install postgresql-client-{serverMajor}, depuis apt.postgresql.org), ou indiquez son dossier bin dans {Override}."));
    }

    /// <summary><c>pg_dump (PostgreSQL) 15.18 (Debian …)</c> has version <c>15.18</c>.</summary>
    internal static string VersionIn(string answer) =>
        answer.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => char.IsAsciiDigit(word[0])) ?? "0";

    internal static int MajorOf(string version) =>
        int.TryParse(new string([.. version.TakeWhile(char.IsAsciiDigit)]), out var major) ? major : 0;

    private static IEnumerable<string> Folders()
    {
        if (HostVariables.Find(Override) is { } chosen)
            return [chosen];
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        var path = HostVariables.Find("PATH") ?? "";
        return versions
            .OrderByDescending(folder => MajorOf(System.IO.Path.GetFileName(folder)))
            .Select(folder => System.IO.Path.Combine(folder, "bin"))
            .Concat(path.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<string?> FolderOfPgConfigAsync(string program, CancellationToken cancellationToken)
    {
        if (HostVariables.Find(Override) is not null || !Folders().Any(f => File.Exists(System.IO.Path.Combine(f, "pg_config"))))
            return null;
        var answer = await ChildProcess.RunAsync("pg_config", ["--bindir"], null, cancellationToken);
        var folder = answer.Output.Trim();
        return answer.Succeeded && File.Exists(System.IO.Path.Combine(folder, program)) ? folder : null;
    }

    private static EclusierException Missing(string program, string? folder)
    {
        var server = program is "initdb" or "pg_ctl" or "postgres";
        return new InvalidInputException(
            new Text($"PostgreSQL's program {program} is not installed on this machine.", $"Le programme {program} de PostgreSQL n'est pas installé sur cette machine."),
            folder ?? HostVariables.Find(Override),
            new Text(
                $"Debian, Ubuntu: apt-get install {(server ? "postgresql" : "postgresql-client")}. Fedora: dnf install postgresql{(server ? "-server" : "")}. macOS: brew install postgresql@17. Elsewhere: set {Override} to the folder that has {program}.",
                $"Debian, Ubuntu : apt-get install {(server ? "postgresql" : "postgresql-client")}. Fedora : dnf install postgresql{(server ? "-server" : "")}. macOS : brew install postgresql@17. Ailleurs : indiquez dans {Override} le dossier qui contient {program}."));
    }
}

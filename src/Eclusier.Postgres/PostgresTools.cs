using System.Globalization;

namespace Eclusier.Postgres;

/// <summary>Where PostgreSQL's own programs are: <c>pg_dump</c>, <c>pg_restore</c>, <c>initdb</c>, <c>pg_ctl</c>, <c>psql</c>.</summary>
/// <param name="Version">Major version.</param>
public sealed record PostgresTools(string BinDirectory, int Version)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>The newest version installed; <c>ECLUSIER_POSTGRES_BIN</c> overrides.</summary>
    /// <exception cref="EclusierException">None is installed.</exception>
    public static PostgresTools Find() =>
        Candidates().Where(tools => File.Exists(tools.Path("initdb"))).MaxBy(tools => tools.Version)
        ?? throw new EclusierException(
            new Text("PostgreSQL's programs are not installed on this machine.", "Les programmes de PostgreSQL ne sont pas installés sur cette machine."),
            "pg_dump, initdb",
            new Text(
                "Debian and Ubuntu: apt-get install postgresql. macOS: brew install postgresql. Elsewhere set ECLUSIER_POSTGRES_BIN to their folder.",
                "Debian et Ubuntu : apt-get install postgresql. macOS : brew install postgresql. Ailleurs, donnez leur dossier dans ECLUSIER_POSTGRES_BIN."),
            ExitCode.Usage);

    public string Path(string program) => System.IO.Path.Combine(BinDirectory, program);

    private static IEnumerable<PostgresTools> Candidates()
    {
        if (Environment.GetEnvironmentVariable("ECLUSIER_POSTGRES_BIN") is { Length: > 0 } chosen)
            return [new PostgresTools(chosen, int.MaxValue)];
        var debian = Directory.Exists(DebianRoot)
            ? Directory.EnumerateDirectories(DebianRoot)
                .Where(folder => int.TryParse(System.IO.Path.GetFileName(folder), CultureInfo.InvariantCulture, out _))
                .Select(folder => new PostgresTools(System.IO.Path.Combine(folder, "bin"), int.Parse(System.IO.Path.GetFileName(folder), CultureInfo.InvariantCulture)))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Select(folder => new PostgresTools(folder, 0));
        return debian.Concat(path);
    }
}

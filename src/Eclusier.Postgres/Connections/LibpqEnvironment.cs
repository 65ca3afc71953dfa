using Eclusier.Files;

namespace Eclusier.Postgres.Connections;

/// <summary>What libpq reads besides the address: variables, and files of the user and of the machine.</summary>
/// <param name="Variable">Null or empty: not set.</param>
/// <param name="Home">The user's folder.</param>
public sealed record LibpqEnvironment(Func<string, string?> Variable, string Home)
{
    /// <summary>Of this process.</summary>
    public static LibpqEnvironment Process { get; } = new(HostVariables.Find, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Where a libpq looks for the machine's <c>pg_service.conf</c>, by how it was built: Debian, Red Hat, from source.</summary>
    internal IReadOnlyList<string> SystemFolders =>
        Variable("PGSYSCONFDIR") is { Length: > 0 } given ? [given] : ["/etc/postgresql-common", "/etc/sysconfig/pgsql", "/etc", "/usr/local/pgsql/etc"];

    internal string FileOf(string variable, string name) => Variable(variable) is { Length: > 0 } given ? given : Path.Combine(Home, name);
}

using Eclusier.Postgres.Connections;

namespace Eclusier.Postgres.Sandbox;

/// <summary>What a watchdog is to make.</summary>
/// <param name="Folder">
/// Does not exist yet. It will be ours and may be passed through; the one inside, <c>server</c>, is the server's and closed
/// to everybody else: whoever can reach its unix socket is trusted.
/// </param>
/// <param name="Password">Of the superuser <c>postgres</c>, over loopback.</param>
internal sealed record Cluster(string Folder, PostgresTools Tools, ServerAccount Account, string Password, SandboxOptions Options)
{
    /// <summary>The script that ends the server and removes the folder, whoever runs it.</summary>
    public static string StopFile(string folder) => Path.Combine(folder, "stop");

    /// <summary>A word as a shell wants it, whatever is in it.</summary>
    public static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>What the watchdog's script reads.</summary>
    public Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["FOLDER"] = Folder,
        ["BIN"] = Tools.BinDirectory,
        ["AS"] = Account.Prefix,
        ["OWNER"] = Account.Owner,
        ["PASSWORD"] = Password,
        ["SETTINGS"] = Options.AllSettings(Path.Combine(Folder, "server")),
        ["STOP"] = StopScript(),
    };

    private string StopScript()
    {
        var data = Quoted(Path.Combine(Folder, "server", "data"));
        return $"""
            # Stops this throwaway server and removes all of it.
            cd /
            if [ -f {data}/postmaster.pid ]; then
                {Account.Prefix} {Quoted(Tools.Path("pg_ctl"))} -D {data} -m immediate -w -t 30 stop >/dev/null 2>&1
            fi
            rm -rf {Quoted(Folder)}
            """;
    }
}

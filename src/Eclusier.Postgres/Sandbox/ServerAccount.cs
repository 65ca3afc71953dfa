using Eclusier.Files;

namespace Eclusier.Postgres.Sandbox;

/// <summary>Who a sandbox's server runs as: PostgreSQL refuses to run as root.</summary>
/// <param name="Prefix">Put before a command, words separated by spaces; empty: as ourselves.</param>
/// <param name="Owner">Who must own the server's folder; empty: ourselves.</param>
internal sealed record ServerAccount(string Prefix, string Owner)
{
    private const string Name = "postgres";

    /// <exception cref="InvalidInputException">We are root and cannot become anybody else.</exception>
    public static async Task<ServerAccount> FindAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
            return new ServerAccount("", "");
        var group = await ChildProcess.RunAsync("id", ["-g", Name], null, cancellationToken);
        if (group.Succeeded && File.Exists("/usr/bin/setpriv"))
            return new ServerAccount($"setpriv --reuid={Name} --regid={group.Output.Trim()} --init-groups --", Name);
        if (group.Succeeded && (File.Exists("/usr/sbin/runuser") || File.Exists("/sbin/runuser")))
            return new ServerAccount($"runuser -u {Name} --", Name);
        throw new InvalidInputException(
            new Text("A sandbox cannot be started as root: PostgreSQL refuses to run as root, and there is no postgres user to run it as.",
                "Un bac à sable ne peut pas être lancé en tant que root : PostgreSQL le refuse, et il n'y a pas d'utilisateur postgres pour le faire tourner."),
            null,
            new Text("Run Eclusier as an ordinary user, or create one: useradd --system postgres (and have setpriv or runuser on PATH).",
                "Lancez Eclusier en tant qu'utilisateur ordinaire, ou créez ce compte : useradd --system postgres (setpriv ou runuser doit être présent)."));
    }
}

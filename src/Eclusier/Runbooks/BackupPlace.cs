using System.Text.RegularExpressions;
using Eclusier.Redaction;

namespace Eclusier.Runbooks;

/// <summary>
/// Where copies of backups go, as somebody wrote it: a folder, <c>sftp://</c>, <c>scp://</c>, <c>s3://</c>, <c>file://</c> or <c>rclone:</c>. All else is refused by name:
/// a scheme that nobody knows would become a folder of that name on this very disk.
/// </summary>
public static partial class BackupPlace
{
    public const string Rclone = "rclone:";

    private const string Sftp = "sftp://";

    private const string Scp = "scp://";

    /// <summary>How the shortest forms of places that are no folders begin.</summary>
    private static readonly string[] Remotes = [Rclone, Sftp, Scp, "s3://"];

    private static readonly string[] Known = ["rclone", "sftp", "scp", "s3", "file"];

    private static readonly Text Places = new(
        "Known are a folder, sftp://USER@HOST/PATH, scp://USER@HOST/PATH, s3://BUCKET/PATH, and rclone:REMOTE:PATH for whatever rclone reaches.",
        "Sont connus un dossier, sftp://UTILISATEUR@HÔTE/CHEMIN, scp://UTILISATEUR@HÔTE/CHEMIN, s3://BUCKET/CHEMIN, et rclone:DISTANT:CHEMIN pour tout ce que rclone atteint.");

    /// <param name="written">As in the runbook, or on the command line.</param>
    /// <param name="directory">Where relative folders start from.</param>
    /// <param name="place">A folder (absolute), or a remote place in its shortest form, so that two ways to write one place are equal; the folder of that name where there is a problem.</param>
    /// <returns>What is wrong, and what to write instead; null when nothing is.</returns>
    public static Text? Read(string written, string directory, out string place)
    {
        var (text, problem) = Understand(written.Trim(), directory);
        place = text;
        if (problem is not null)
            place = written;
        return problem;
    }

    /// <summary>Whether it is a folder of this machine.</summary>
    public static bool IsFolder(string place) => !Array.Exists(Remotes, remote => place.StartsWith(remote, StringComparison.Ordinal));

    /// <summary>User, host, port and path of an SSH server, of which scp and sftp are two names; null: it is another place.</summary>
    public static string? HostOf(string place) =>
        place.StartsWith(Sftp, StringComparison.Ordinal) ? place[Sftp.Length..] : place.StartsWith(Scp, StringComparison.Ordinal) ? place[Scp.Length..] : null;

    /// <summary>Two entries that are one place.</summary>
    /// <returns>The problem; null when each is a place of its own.</returns>
    public static Text? Twice(IReadOnlyList<string> places)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var place in places)
        {
            var identity = IsFolder(place) ? FolderPlace.IdentityOf(place) : HostOf(place) is { } host ? $"{Sftp}{host}" : place;
            var shown = ShownPlace.Of(place);
            if (seen.TryGetValue(identity, out var first))
            {
                return first == shown
                    ? new Text($"{shown} is named twice: two copies in one place are one copy", $"{shown} est indiqué deux fois : deux copies en un même lieu n'en font qu'une")
                    : new Text($"{first} and {shown} are one place: two copies there are one copy", $"{first} et {shown} sont un même lieu : deux copies n'y en font qu'une");
            }

            seen.Add(identity, shown);
        }

        return null;
    }

    private static (string Place, Text? Problem) Understand(string text, string directory)
    {
        if (text.Length == 0)
            return Refused("", new Text("a backup destination is empty", "une destination de sauvegarde est vide"));
        if (text.Any(char.IsControl))
            return Refused("", new Text("a backup destination holds a control character", "une destination de sauvegarde contient un caractère de contrôle"));
        if (!OperatingSystem.IsWindows() && (Drive().IsMatch(text) || text.Contains('\\')))
            return Refused(text, new Text($"\"{text}\" is a path of Windows, and this machine has none", $"« {text} » est un chemin de Windows, que cette machine ne connaît pas"), new Text("write a folder of this machine, with slashes", "écrivez un dossier de cette machine, avec des barres obliques"));
        if (OperatingSystem.IsWindows() && Drive().IsMatch(text))
            return (Folder(text, directory), null);
        if (Scheme().Match(text) is not { Success: true } found)
            return OfPath(text, directory);
        var (scheme, rest) = (found.Groups["scheme"].Value.ToLowerInvariant(), found.Groups["rest"].Value);
        // A host without a user looks like a scheme: scp takes host:/path.
        return rest.StartsWith("//", StringComparison.Ordinal) || NearestName.Of(scheme, Known) is not null ? OfScheme(scheme, rest, text) : OfPath(text, directory);
    }

    private static (string, Text?) OfScheme(string scheme, string rest, string text) => scheme switch
    {
        "rclone" => OfRclone(rest, text),
        "file" => OfFile(rest, text),
        "sftp" or "scp" => OfHost(scheme, rest, text),
        "s3" => OfBucket(rest, text),
        _ => Unknown(scheme, text),
    };

    private static (string, Text?) OfPath(string text, string directory)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && (slash < 0 || colon < slash))
        {
            var shown = ShownPlace.OfUnclear(text);
            var host = $"sftp://{ShownPlace.OfUnclear($"{text[..colon]}/{text[(colon + 1)..].TrimStart('/')}")}";
            return Refused(text, new Text($"\"{shown}\" may be a folder or a place on another machine", $"« {shown} » peut être un dossier ou un lieu d'une autre machine"), new Text(
                $"write {host}, or ./{shown} for the folder", $"écrivez {host}, ou ./{shown} pour le dossier"));
        }

        if (text == "~" || text.StartsWith("~/", StringComparison.Ordinal))
            return (Folder(text[1..].TrimStart('/'), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)), null);
        if (text[0] is '~' or '$' or '%')
            return Refused(text, new Text($"\"{text}\" begins with something that only a shell knows", $"« {text} » commence par quelque chose que seul un shell connaît"), new Text("write the path in full, ~/PATH, or ${VARIABLE}/PATH", "écrivez le chemin en entier, ~/CHEMIN, ou ${VARIABLE}/CHEMIN"));
        return (Folder(text, directory), null);
    }

    private static (string, Text?) OfRclone(string remote, string text)
    {
        var meant = new Text("write rclone:REMOTE:PATH, with a remote that `rclone listremotes` names", "écrivez rclone:DISTANT:CHEMIN, avec un distant que nomme `rclone listremotes`");
        if (Remote().Match(remote) is not { Success: true } found)
        {
            // What rclone takes for no remote, it takes for a folder of this machine.
            var shown = ShownPlace.OfUnclear(text);
            return Refused(text, new Text($"\"{shown}\" names no remote of rclone", $"« {shown} » ne nomme aucun distant de rclone"), meant);
        }

        if (found.Groups["backend"].Value == ":local")
            return Refused(text, new Text($"\"{ShownPlace.OfUnclear(text)}\" is a folder of this machine", $"« {ShownPlace.OfUnclear(text)} » est un dossier de cette machine"), new Text("write the folder itself", "écrivez le dossier lui-même"));
        ShownPlace.RememberSecrets(remote);
        return ($"{Rclone}{remote.TrimEnd('/')}", null);
    }

    private static (string, Text?) OfFile(string rest, string text)
    {
        var path = rest.StartsWith("//localhost/", StringComparison.OrdinalIgnoreCase) ? rest[11..] : rest.StartsWith("///", StringComparison.Ordinal) ? rest[2..] : rest;
        return path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal)
            ? (Folder(Uri.UnescapeDataString(path), "/"), null)
            : Refused(text, new Text($"\"{text}\" is no folder of this machine", $"« {text} » n'est pas un dossier de cette machine"), new Text("write file:///FOLDER, or the folder itself", "écrivez file:///DOSSIER, ou le dossier lui-même"));
    }

    private static (string, Text?) OfHost(string scheme, string rest, string text)
    {
        if (HasPassword(rest))
            return WithPassword($"{scheme}://", new Text("use a key of ~/.ssh or an agent, or keep the password in a remote of rclone: rclone:REMOTE:PATH", "utilisez une clé de ~/.ssh ou un agent, ou confiez le mot de passe à un distant de rclone : rclone:DISTANT:CHEMIN"), rest);
        if (Host().Match(rest) is not { Success: true } found || (found.Groups["port"].Value is { Length: > 0 } port && !ushort.TryParse(port, out _)))
            return Refused(text, new Text($"\"{text}\" names no host with a folder", $"« {text} » ne nomme pas d'hôte avec un dossier"), new Text($"write {scheme}://USER@HOST/PATH (or :PORT behind the host; /~/PATH begins in the home folder)", $"écrivez {scheme}://UTILISATEUR@HÔTE/CHEMIN (ou :PORT après l'hôte ; /~/CHEMIN part du dossier personnel)"));
        var number = found.Groups["port"].Value is "" or "22" ? "" : $":{found.Groups["port"].Value}";
        var user = found.Groups["user"].Value is { Length: > 0 } name ? $"{Uri.UnescapeDataString(name)}@" : "";
        return ($"{scheme}://{user}{found.Groups["host"].Value.ToLowerInvariant()}{number}/{Tidy(Uri.UnescapeDataString(found.Groups["path"].Value))}", null);
    }

    private static (string, Text?) OfBucket(string rest, string text)
    {
        if (HasPassword(rest))
            return WithPassword("s3://", new Text("keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from ~/.aws", "les clés viennent de AWS_ACCESS_KEY_ID et AWS_SECRET_ACCESS_KEY, ou de ~/.aws"), rest);
        return Bucket().Match(rest) is { Success: true } found
            ? ($"s3://{found.Groups["bucket"].Value}{(Tidy(found.Groups["path"].Value) is { Length: > 0 } path ? $"/{path}" : "")}", null)
            : Refused(text, new Text($"\"{text}\" names no bucket", $"« {text} » ne nomme pas de bucket"), new Text("write s3://BUCKET/PATH; AWS_ENDPOINT_URL names a server other than Amazon's", "écrivez s3://BUCKET/CHEMIN ; AWS_ENDPOINT_URL nomme un serveur autre que celui d'Amazon"));
    }

    private static (string, Text?) Unknown(string scheme, string text)
    {
        var near = NearestName.Of(scheme, Known) ?? (scheme is "ssh" or "rsync" or "ftp" or "ftps" ? "sftp" : scheme is "s3a" or "s3n" ? "s3" : "rclone");
        var like = near == "rclone" ? "rclone:" : $"{near}://";
        return Refused(text, new Text($"\"{scheme}:\" is no scheme of a backup destination; the nearest is {like}", $"« {scheme}: » n'est pas un schéma de destination ; le plus proche est {like}"), new Text($"{Places.En} A folder of that name is ./{ShownPlace.OfUnclear(text)}", $"{Places.Fr} Un dossier de ce nom s'écrit ./{ShownPlace.OfUnclear(text)}"));
    }

    private static (string, Text?) WithPassword(string scheme, Text remedy, string rest)
    {
        var at = rest.LastIndexOf('@');
        var secret = rest[(rest.IndexOf(':', StringComparison.Ordinal) + 1)..at];
        Secrets.Remember(secret);
        Secrets.Remember(Uri.UnescapeDataString(secret));
        return Refused("", new Text($"a destination {scheme} holds a password", $"une destination {scheme} contient un mot de passe"), remedy);
    }

    /// <summary>A colon before the @, unless it is that of a port: a password may hold slashes.</summary>
    private static bool HasPassword(string rest) => rest.StartsWith("//", StringComparison.Ordinal) && Password().IsMatch(rest);

    private static (string, Text?) Refused(string text, Text problem, Text? remedy = null) =>
        (text, remedy is null ? problem : new Text($"{problem.En}: {remedy.En}", $"{problem.Fr} : {remedy.Fr}"));

    private static string Folder(string text, string directory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(text, directory));

    /// <summary>Without what means nothing in a path: empty parts, dots, and a folder that is left again.</summary>
    private static string Tidy(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part != "..")
                parts.Add(part);
        }

        return string.Join('/', parts);
    }

    [GeneratedRegex("""^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?<rest>.*)$""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Scheme();

    [GeneratedRegex("""^[A-Za-z]:([\\/]|$)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Drive();

    /// <summary>A configured remote, or a backend with its settings: as rclone's manual (Syntax of remote paths) has it.</summary>
    [GeneratedRegex("""^(?<backend>[\p{L}\p{N}_.+@][\p{L}\p{N}_.+@ -]*|:[a-z0-9]+)(,\w+(=("([^"]|"")*"|'([^']|'')*'|[^,:/]*))?)*:(?!//)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Remote();

    [GeneratedRegex("""^//((?<user>[^@:/\s]+)@)?(?<host>[\p{L}\p{N}_.-]+|\[[0-9A-Fa-f:.]+\])(:(?<port>[0-9]+))?/(?<path>[^?#]*[^/?#][^?#]*)$""",
        RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Host();

    [GeneratedRegex("""^//[^/:@\[]*:(?!\d*/).*@""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Password();

    [GeneratedRegex("""^//(?<bucket>[a-z0-9][a-z0-9.-]+[a-z0-9])(/(?<path>[^?#]*))?$""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Bucket();
}

using System.Text.RegularExpressions;
using Eclusier.Files;
using Eclusier.Runbooks;

namespace Eclusier.Backups;

/// <summary>A place as rclone names it: a remote of the user's configuration, or one that is made on the fly (rclone's manual, Connection strings).</summary>
/// <param name="Remote">With its colon and what belongs to it.</param>
/// <param name="Path">The folder there.</param>
internal sealed partial record RcloneRemote(string Remote, string Path)
{
    /// <summary>Of a remote that is made on the fly, once its settings are in the environment.</summary>
    private const string OnTheFly = "eclusier_place";

    /// <summary>Settings may be keys, and everybody can read a command line (rclone's manual, Environment variables).</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; private init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>What the command line calls it.</summary>
    private string Called { get; init; } = Remote;

    /// <param name="below">A path in the folder; empty: the folder itself.</param>
    public string At(string below) => Called + (Path, below) switch
    {
        (var path, "") => path,
        ("", _) => below,
        var (path, _) => $"{path.TrimEnd('/')}/{below}",
    };

    public static RcloneRemote Parse(string place)
    {
        if (place.StartsWith("s3://", StringComparison.Ordinal))
            return Bucket(place["s3://".Length..]);
        if (BackupPlace.HostOf(place) is { } host)
            return Host(host);
        var found = Place().Match(place[BackupPlace.Rclone.Length..]);
        return new RcloneRemote(found.Groups["remote"].Value, found.Groups["path"].Value).WithSettings(found);
    }

    private RcloneRemote WithSettings(Match place)
    {
        var (name, isOnTheFly) = (place.Groups["name"].Value.TrimStart(':'), place.Groups["name"].Value.StartsWith(':'));
        // The name of a variable cannot say every name of a remote.
        if (place.Groups["setting"].Captures.Count == 0 || (!isOnTheFly && !VariableName().IsMatch(name)))
            return this;
        var called = isOnTheFly ? OnTheFly : name;
        var settings = place.Groups["setting"].Captures.Select(setting => setting.Value.Split('=', 2)).Select(setting => (Name: setting[0], Value: setting.Length > 1 ? ShownPlace.Unquoted(setting[1]) : "true"));
        return this with
        {
            Called = $"{called}:",
            Variables = settings.Concat(isOnTheFly ? [("type", name)] : [])
                .GroupBy(setting => $"RCLONE_CONFIG_{called}_{setting.Name}".ToUpperInvariant(), StringComparer.Ordinal)
                .ToDictionary(setting => setting.Key, setting => (string?)setting.Last().Value, StringComparer.Ordinal),
        };
    }

    /// <summary>Keys, region and server as Amazon's own programs find them.</summary>
    private static RcloneRemote Bucket(string path)
    {
        var server = HostVariables.Find("AWS_ENDPOINT_URL_S3") ?? HostVariables.Find("AWS_ENDPOINT_URL");
        var region = HostVariables.Find("AWS_REGION") ?? HostVariables.Find("AWS_DEFAULT_REGION");
        string[] settings =
        [
            "provider=" + (server is null ? "AWS" : "Other"),
            "env_auth=true",
            // Whoever may write to a folder of a bucket need not have the right to make buckets.
            "no_check_bucket=true",
            .. server is null ? [] : new[] { $"endpoint={Quoted(server)}" },
            .. region is null ? [] : new[] { $"region={Quoted(region)}" },
        ];
        return new RcloneRemote($":s3,{string.Join(',', settings)}:", path);
    }

    /// <summary>With the keys, and the hosts that are known, of whoever runs it, as <c>ssh</c> finds them.</summary>
    private static RcloneRemote Host(string place)
    {
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var (authority, path) = (place[..slash], place[(slash + 1)..]);
        var at = authority.LastIndexOf('@');
        var (user, address) = (at < 0 ? Environment.UserName : authority[..at], authority[(at + 1)..]);
        var colon = address.EndsWith(']') ? -1 : address.LastIndexOf(':');
        var (host, port) = colon < 0 ? (address, null) : (address[..colon], address[(colon + 1)..]);
        var ssh = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        var key = HostVariables.Find("SSH_AUTH_SOCK") is null
            ? new[] { "id_ed25519", "id_ecdsa", "id_rsa" }.Select(name => System.IO.Path.Combine(ssh, name)).FirstOrDefault(File.Exists)
            : null;
        string[] settings =
        [
            $"host={Quoted(host.Trim('[', ']'))}",
            $"user={Quoted(user)}",
            .. port is null ? [] : new[] { $"port={port}" },
            .. key is null ? [] : new[] { $"key_file={Quoted(key)}" },
            // Without it, rclone takes whoever answers for the host.
            $"known_hosts_file={Quoted(System.IO.Path.Combine(ssh, "known_hosts"))}",
        ];
        return new RcloneRemote($":sftp,{string.Join(',', settings)}:", path.StartsWith("~/", StringComparison.Ordinal) ? path[2..] : $"/{path}");
    }

    private static string Quoted(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The first colon that is not within quotes, nor that of a backend, ends the remote.</summary>
    [GeneratedRegex("""^(?<remote>(?<name>:?[^,:]*)(,(?<setting>\w+(=("([^"]|"")*"|'([^']|'')*'|[^,:]*))?))*:)(?<path>.*)$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 60_000)]
    private static partial Regex Place();

    [GeneratedRegex("^[A-Za-z0-9_]+$", RegexOptions.None, 60_000)]
    private static partial Regex VariableName();
}

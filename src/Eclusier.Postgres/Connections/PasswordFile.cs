using System.Text;
using Eclusier.Files;

namespace Eclusier.Postgres.Connections;

/// <summary><c>.pgpass</c>: <c>host:port:database:user:password</c>, the first line that fits (https://www.postgresql.org/docs/current/libpq-pgpass.html).</summary>
internal static class PasswordFile
{
    /// <summary>libpq does not read a file that others can: they know the password then.</summary>
    public static bool IsOpenToOthers(string file) =>
        !OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & ~(OwnerOnly.File | UnixFileMode.UserExecute)) != UnixFileMode.None;

    /// <param name="host">The host's name, or its address where it has none; a socket in libpq's own folder is <c>localhost</c>.</param>
    /// <returns>Null when no line fits, or the file cannot be used.</returns>
    public static string? Find(string file, string host, string port, string database, string user)
    {
        if (!File.Exists(file) || IsOpenToOthers(file))
            return null;
        string[] wanted = [host, port, database, user];
        foreach (var line in File.ReadLines(file))
        {
            var fields = line.StartsWith('#') ? [] : Fields(line);
            if (fields.Count >= 5 && wanted.Index().All(part => fields[part.Index].Raw == "*" || fields[part.Index].Value == part.Item))
                return fields[4].Value;
        }

        return null;
    }

    /// <summary>A backslash takes the next character as it is; the password ends with the line or a colon.</summary>
    private static List<(string Raw, string Value)> Fields(string line)
    {
        var fields = new List<(string, string)>();
        var (raw, value) = (new StringBuilder(), new StringBuilder());
        for (var index = 0; index < line.Length; index++)
        {
            if (line[index] == ':')
            {
                fields.Add((raw.ToString(), value.ToString()));
                raw.Clear();
                value.Clear();
                continue;
            }

            raw.Append(line[index]);
            if (line[index] == '\\' && index + 1 < line.Length)
                raw.Append(line[++index]);
            value.Append(line[index]);
        }

        fields.Add((raw.ToString(), value.ToString()));
        return fields;
    }
}

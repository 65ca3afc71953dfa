using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Eclusier.Mongo.Backups;

/// <summary>Names of collections as names of files, as <c>mongodump</c> writes them: escaped like a path of a URL; of long ones the beginning and a hash. The metadata holds the name itself.</summary>
internal static class DumpNames
{
    /// <summary>With its ending, what file systems take.</summary>
    private const int Longest = 238;
    private const int Beginning = 208;

    public static string Escape(string name)
    {
        // A path of dots alone would lead out of the folder.
        var escaped = name.Trim('.').Length == 0 ? name.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(name);
        if (escaped.Length <= Longest)
            return escaped;
#pragma warning disable CA5350 // Not for security: it is what mongorestore expects.
        var hash = Base64Url.EncodeToString(SHA1.HashData(Encoding.UTF8.GetBytes(name)));
#pragma warning restore CA5350
        return $"{escaped[..Beginning]}%24{hash}";
    }
}

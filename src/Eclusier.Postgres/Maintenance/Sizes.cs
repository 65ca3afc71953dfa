using System.Globalization;

namespace Eclusier.Postgres.Maintenance;

/// <summary>Bytes, as the server's <c>pg_size_pretty</c> writes them.</summary>
internal static class Sizes
{
    public static string Of(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        var (size, unit) = (bytes, 0);
        for (; size >= 10 * 1024 && unit < units.Length - 1; unit++)
            size = (size + 512) / 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{size} {units[unit]}");
    }
}

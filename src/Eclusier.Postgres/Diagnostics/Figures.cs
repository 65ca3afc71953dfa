using System.Globalization;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Figures in sentences, the same in every language.</summary>
internal static class Figures
{
    private static readonly NumberFormatInfo Groups = new() { NumberGroupSeparator = " ", NumberDecimalSeparator = "." };

    public static string Of(long number) => number.ToString("#,0", Groups);

    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{(bytes / (double)(1L << 30)).ToString("0.0", Groups)} GB",
        >= 1L << 20 => $"{(bytes / (double)(1L << 20)).ToString("0.0", Groups)} MB",
        _ => $"{(bytes / 1024.0).ToString("0", Groups)} kB",
    };

    public static string Percent(double share) => $"{(share * 100).ToString("0", Groups)} %";

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
}

using System.Globalization;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Figures in sentences.</summary>
internal static class Figures
{
    private static readonly NumberFormatInfo Groups = new() { NumberGroupSeparator = " ", NumberDecimalSeparator = "." };

    public static string Of(long number) => number.ToString("#,0", Groups);

    /// <summary>In English.</summary>
    public static string Bytes(long bytes) => Formats.Of(Language.En).Bytes(bytes);

    public static string Percent(double share) => $"{(share * 100).ToString("0", Groups)} %";

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
}

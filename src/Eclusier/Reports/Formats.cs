using System.Globalization;

namespace Eclusier.Reports;

/// <summary>Numbers, times and sizes in the report's language. The process has no cultures (InvariantGlobalization).</summary>
internal sealed class Formats(Language language)
{
    private readonly NumberFormatInfo _numbers = language == Language.Fr
        ? new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "\u202f" }
        : new NumberFormatInfo { NumberDecimalSeparator = ".", NumberGroupSeparator = "," };

    public string Number(long number) => number.ToString("#,0", _numbers);

    public string Time(DateTimeOffset? time) => time is not { } at ? "-"
        : language == Language.Fr ? $"{at.UtcDateTime:dd/MM/yyyy HH:mm:ss} UTC" : $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";

    /// <summary>A time that may be far below a millisecond: three digits that count.</summary>
    public string Measured(double milliseconds) => milliseconds switch
    {
        < 1 => $"{milliseconds.ToString("0.000", _numbers)} ms",
        < 100 => $"{milliseconds.ToString("0.0", _numbers)} ms",
        _ => Duration(milliseconds),
    };

    public string Ratio(double ratio) => ratio.ToString("0.##", _numbers);

    public string Duration(double milliseconds) => milliseconds switch
    {
        < 1000 => $"{milliseconds.ToString("0", _numbers)} ms",
        < 60_000 => $"{(milliseconds / 1000).ToString("0.0", _numbers)} s",
        _ => $"{(int)(milliseconds / 60_000)} min {(int)(milliseconds / 1000) % 60:00} s",
    };

    public string Bytes(long bytes)
    {
        string[] units = language == Language.Fr ? ["o", "Ko", "Mo", "Go", "To"] : ["B", "kB", "MB", "GB", "TB"];
        double value = bytes;
        var unit = 0;
        for (; value >= 1024 && unit < units.Length - 1; unit++)
            value /= 1024;
        return $"{value.ToString(unit == 0 ? "0" : "0.0", _numbers)} {units[unit]}";
    }
}

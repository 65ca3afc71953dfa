using System.Globalization;

namespace Eclusier.Values;

/// <summary>Numbers, times and sizes in a reader's language. The process has no cultures (InvariantGlobalization).</summary>
public sealed class Formats
{
    private static readonly Formats English = new(Language.En, new NumberFormatInfo { NumberDecimalSeparator = ".", NumberGroupSeparator = "," }, ["B", "kB", "MB", "GB", "TB"]);

    private static readonly Formats French = new(Language.Fr, new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "\u202f" }, ["o", "ko", "Mo", "Go", "To"]);

    private readonly Language _language;
    private readonly NumberFormatInfo _numbers;
    private readonly string[] _units;

    private Formats(Language language, NumberFormatInfo numbers, string[] units) => (_language, _numbers, _units) = (language, numbers, units);

    public static Formats Of(Language language) => language == Language.Fr ? French : English;

    /// <summary>The same in each language.</summary>
    public static Text In(Func<Formats, string> format) => new(format(English), format(French));

    public string Number(long number) => number.ToString("#,0", _numbers);

    /// <summary>A number and its noun: <c>12,000 rows</c>.</summary>
    /// <param name="noun">English, singular.</param>
    /// <param name="nom">French, singular.</param>
    public string Count(long number, string noun, string nom) =>
        $"{Number(number)}{(_language == Language.Fr ? Values.French.Noun(number, nom) : Values.English.Noun(number, noun))}";

    /// <param name="format">As of .NET: <c>0.0</c>.</param>
    public string Decimal(double number, string format) => number.ToString(format, _numbers);

    public string Time(DateTimeOffset? time) => time is not { } at ? "-"
        : _language == Language.Fr ? $"{at.UtcDateTime:dd/MM/yyyy HH:mm:ss} UTC" : $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";

    /// <summary>A time that may be far below a millisecond: three digits that count.</summary>
    public string Measured(double milliseconds) => milliseconds switch
    {
        < 1 => $"{Decimal(milliseconds, "0.000")} ms",
        < 100 => $"{Decimal(milliseconds, "0.0")} ms",
        _ => Duration(milliseconds),
    };

    public string Ratio(double ratio) => Decimal(ratio, "0.##");

    public string Duration(double milliseconds) => milliseconds switch
    {
        < 1000 => $"{Decimal(milliseconds, "0")} ms",
        < 60_000 => $"{Decimal(milliseconds / 1000, "0.0")} s",
        _ => $"{(int)(milliseconds / 60_000)} min {(int)(milliseconds / 1000) % 60:00} s",
    };

    /// <summary>As people say it: the largest unit that fits.</summary>
    public string Span(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{Decimal(time.TotalHours, "0.#")} h",
        { TotalMinutes: >= 1 } => $"{Decimal(time.TotalMinutes, "0")} min",
        { TotalSeconds: >= 1 } => $"{Decimal(time.TotalSeconds, "0.#")} s",
        _ => $"{Decimal(time.TotalMilliseconds, "0")} ms",
    };

    /// <summary>By 1024.</summary>
    public string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        for (; value >= 1024 && unit < _units.Length - 1; unit++)
            value /= 1024;
        return $"{Decimal(value, unit == 0 ? "0" : "0.0")} {_units[unit]}";
    }
}

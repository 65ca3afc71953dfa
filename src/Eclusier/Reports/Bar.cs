namespace Eclusier.Reports;

/// <summary>A figure as a bar of block characters, which reads the same without colour and in plain text; the page draws it as long as it says.</summary>
internal static class Bar
{
    /// <summary>Of the longest bar, in characters.</summary>
    private const int Width = 24;

    private const string Eighths = "▏▎▍▌▋▊▉█";

    /// <param name="share">From 0 to 1. What is there at all has an eighth of a character at least.</param>
    public static string Of(double share)
    {
        var eighths = Math.Max(1, (int)Math.Round(Math.Clamp(share, 0, 1) * Width * 8));
        var rest = eighths % 8;
        return new string('█', eighths / 8) + (rest == 0 ? "" : Eighths[rest - 1]);
    }

    /// <summary>What share of the longest a text shows; null when it is no bar.</summary>
    public static double? ShareOf(string text)
    {
        if (text.Length is 0 or > Width || !text.All(character => Eighths.Contains(character, StringComparison.Ordinal)))
            return null;
        return text.Sum(character => Eighths.IndexOf(character, StringComparison.Ordinal) + 1) / (Width * 8.0);
    }
}

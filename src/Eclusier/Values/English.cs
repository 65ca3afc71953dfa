namespace Eclusier.Values;

/// <summary>Numbers and their nouns in English.</summary>
public static class English
{
    /// <summary><c>1 row</c>, <c>2 rows</c>.</summary>
    /// <param name="noun">In the singular; its last word takes the s.</param>
    /// <param name="plural">Where it is no s.</param>
    public static string Count(long number, string noun, string? plural = null) => $"{number}{Noun(number, noun, plural)}";

    /// <param name="number">An estimate: told without its fraction.</param>
    /// <inheritdoc cref="Count(long, string, string?)"/>
    public static string Count(double number, string noun) => Count((long)Math.Round(number), noun);

    /// <summary>What follows the number, with the space between.</summary>
    internal static string Noun(long number, string noun, string? plural = null) => number == 1 ? $" {noun}" : $" {plural ?? $"{noun}s"}";
}

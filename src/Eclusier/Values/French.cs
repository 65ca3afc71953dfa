namespace Eclusier.Values;

/// <summary>Numbers and their nouns in French, where zero is singular, and adjectives take the plural, too.</summary>
public static class French
{
    /// <summary>They have no plural of their own.</summary>
    private static readonly string[] Invariable = ["et", "de", "en", "à", "par", "sur", "non"];

    /// <summary><c>0 ligne</c>, <c>1 ligne</c>, <c>2 lignes modifiées</c>.</summary>
    /// <param name="noun">In the singular, with its adjectives.</param>
    public static string Count(long number, string noun) => $"{number}{Noun(number, noun)}";

    /// <param name="number">An estimate: told without its fraction.</param>
    /// <inheritdoc cref="Count(long, string)"/>
    public static string Count(double number, string noun) => Count((long)Math.Round(number), noun);

    /// <param name="format">As of .NET: <c>0.0</c>.</param>
    public static string Decimal(double number, string format) => Formats.Of(Language.Fr).Decimal(number, format);

    /// <summary>What follows the number, with the space between.</summary>
    internal static string Noun(long number, string noun) => number is > -2 and < 2 ? $" {noun}" : $" {string.Join(' ', noun.Split(' ').Select(Plural))}";

    private static string Plural(string word) => word[^1] is 's' or 'x' || Invariable.Contains(word) ? word : $"{word}s";
}

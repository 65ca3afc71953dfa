namespace Eclusier.Planning;

/// <summary>What a migration is called: its version, and its file.</summary>
/// <param name="FileName">Without folder (<c>018_messages.sql</c>).</param>
public sealed record MigrationName(string Version, string FileName)
{
    /// <summary>True for the version, the file name, and the file name without <c>.sql</c>.</summary>
    public bool IsCalled(string text) =>
        text == Version || text == FileName || (FileName.Length == text.Length + 4 && FileName.EndsWith(".sql", StringComparison.Ordinal) && FileName.StartsWith(text, StringComparison.Ordinal));
}

/// <summary>Versions in the order of the numbers that they begin with (2 before 10, 1.2 before 1.10), those without a number behind them by their text.</summary>
public sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        x ??= "";
        y ??= "";
        var (left, right) = (Numbers(x), Numbers(y));
        if (left.Length == 0 || right.Length == 0)
            return left.Length + right.Length == 0 ? string.CompareOrdinal(x, y) : left.Length == 0 ? 1 : -1;
        var byNumber = left.Zip(right).Select(pair => pair.First.Length != pair.Second.Length ? pair.First.Length.CompareTo(pair.Second.Length) : string.CompareOrdinal(pair.First, pair.Second)).FirstOrDefault(order => order != 0);
        return byNumber != 0 ? byNumber : left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(x, y);
    }

    /// <summary>The leading numbers, without their zeros.</summary>
    private static string[] Numbers(string version)
    {
        var end = version.AsSpan().IndexOfAnyExcept("0123456789.");
        var numbers = end < 0 ? version : version[..end];
        return numbers.Length == 0 || !char.IsAsciiDigit(numbers[0]) ? [] : [.. numbers.TrimEnd('.').Split('.').Select(number => number.TrimStart('0'))];
    }

    /// <summary>True when both stand for the same number (1 and 001).</summary>
    public static bool SameNumber(string x, string y) => Digits(x) is { } left && left == Digits(y);

    private static string? Digits(string version) =>
        version.Length > 0 && version.All(char.IsAsciiDigit) ? version.TrimStart('0') : null;
}

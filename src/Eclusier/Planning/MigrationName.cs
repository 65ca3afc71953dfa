namespace Eclusier.Planning;

/// <summary>What a migration is called: its version, and its file.</summary>
/// <param name="FileName">Without folder (<c>018_messages.sql</c>).</param>
public sealed record MigrationName(string Version, string FileName)
{
    /// <summary>True for the version, the file name, and the file name without <c>.sql</c>.</summary>
    public bool IsCalled(string text) =>
        text == Version || text == FileName || (FileName.Length == text.Length + 4 && FileName.EndsWith(".sql", StringComparison.Ordinal) && FileName.StartsWith(text, StringComparison.Ordinal));
}

/// <summary>Versions in the order of their numbers (2 before 10), those without a number behind them by their text.</summary>
public sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        x ??= "";
        y ??= "";
        var (left, right) = (Digits(x), Digits(y));
        if (left is null || right is null)
            return left is null && right is null ? string.CompareOrdinal(x, y) : left is null ? 1 : -1;
        var byNumber = left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);
        return byNumber != 0 ? byNumber : string.CompareOrdinal(x, y);
    }

    /// <summary>True when both stand for the same number (1 and 001).</summary>
    public static bool SameNumber(string x, string y) => Digits(x) is { } left && left == Digits(y);

    private static string? Digits(string version) =>
        version.Length > 0 && version.All(char.IsAsciiDigit) ? version.TrimStart('0') : null;
}

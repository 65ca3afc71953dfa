namespace Eclusier.Cli;

/// <summary>Colours for verdicts, on a terminal only; every line reads the same without them.</summary>
internal static class Colour
{
    /// <summary>See https://no-color.org.</summary>
    private static readonly bool Wanted =
        !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public static string Green(string text) => Painted("32", text);

    public static string Yellow(string text) => Painted("33", text);

    public static string Red(string text) => Painted("31", text);

    public static string Faint(string text) => Painted("2", text);

    private static string Painted(string code, string text) => Wanted ? $"\e[{code}m{text}\e[0m" : text;
}

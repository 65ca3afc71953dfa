using System.Text;

namespace Eclusier.Cli;

/// <summary>Colours for verdicts, on a terminal only; every line reads the same without them.</summary>
/// <remarks>
/// Until a line is written, a colour is a character that no text can hold (<see cref="Visible.FirstMark"/>): so <see cref="Terminal"/> tells
/// our own escape sequences from those that a name or a server's message brings along.
/// </remarks>
internal static class Colour
{
    /// <summary>See https://no-color.org.</summary>
    private static readonly bool Wanted =
        !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    private static readonly string[] Codes = ["0", "2", "31", "32", "33"];

    public static string Green(string text) => Painted("32", text);

    public static string Yellow(string text) => Painted("33", text);

    public static string Red(string text) => Painted("31", text);

    public static string Faint(string text) => Painted("2", text);

    /// <summary>The marks of a line as escape sequences.</summary>
    public static string Paint(string line)
    {
        if (!line.AsSpan().ContainsAnyInRange(Visible.FirstMark, Visible.LastMark))
            return line;
        var painted = new StringBuilder(line.Length + 16);
        foreach (var character in line)
        {
            var code = character - Visible.FirstMark;
            _ = code >= 0 && code < Codes.Length ? painted.Append("\e[").Append(Codes[code]).Append('m') : painted.Append(character);
        }

        return painted.ToString();
    }

    private static string Painted(string code, string text) => Wanted ? $"{Mark(code)}{text}{Mark("0")}" : text;

    private static char Mark(string code) => (char)(Visible.FirstMark + Array.IndexOf(Codes, code));
}

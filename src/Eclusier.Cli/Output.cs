namespace Eclusier.Cli;

/// <summary>Data for the user, on standard output.</summary>
internal static class Output
{
    public static void Write(string text) => Console.Out.WriteLine(Terminal.Shown(text));

    /// <summary>A document for a program: what a terminal would obey is escaped as JSON escapes it.</summary>
    public static void WriteJson(string json) => Console.Out.WriteLine(Visible.Of(json));
}

/// <summary>The border to the terminal: whatever a line holds, only our own colours are obeyed there.</summary>
internal static class Terminal
{
    public static string Shown(string text) => Colour.Paint(Visible.Composed(text));

    /// <summary>Everything that is no data goes to standard error.</summary>
    public static void Tell(string line) => Console.Error.WriteLine(Shown(line));
}

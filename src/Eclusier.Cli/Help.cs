using System.CommandLine;
using System.Globalization;

namespace Eclusier.Cli;

/// <summary>What <c>--help</c> prints, and errors of the command line: in the language of <c>--lang</c> or the locale, for no runbook was read yet.</summary>
internal static class Help
{
    public static Language Language { get; } = Environment.GetCommandLineArgs() switch
    {
        var words when Asks(words, "fr") => Language.Fr,
        var words when Asks(words, "en") => Language.En,
        _ => FromLocale(),
    };

    /// <summary>The parser's own words.</summary>
    public static CultureInfo Culture => Language == Language.Fr ? new CultureInfo("fr") : CultureInfo.InvariantCulture;

    public static string Say(string en, string fr) => Language == Language.Fr ? fr : en;

    /// <summary>The program's file has another name than the command that users type.</summary>
    public static async Task<int> InvokeAsync(ParseResult parsed)
    {
        using var help = new StringWriter();
        // The commands end by themselves after Ctrl-C, between two steps; what they print goes to the console, not here.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false, Output = help };
        var exitCode = await parsed.InvokeAsync(configuration);
        if (help.GetStringBuilder().Length > 0)
            await Console.Out.WriteAsync(help.ToString().Replace("Eclusier.Cli", "eclusier", StringComparison.Ordinal));
        return exitCode;
    }

    /// <summary>From <c>LC_ALL</c>, <c>LC_MESSAGES</c> or <c>LANG</c>, as every Unix program.</summary>
    public static Language FromLocale()
    {
        var locale = new[] { "LC_ALL", "LC_MESSAGES", "LANG" }.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return locale?.StartsWith("fr", StringComparison.OrdinalIgnoreCase) == true ? Language.Fr : Language.En;
    }

    private static bool Asks(string[] words, string language) => words.Contains($"--lang={language}") || words.Zip(words.Skip(1)).Contains(("--lang", language));
}

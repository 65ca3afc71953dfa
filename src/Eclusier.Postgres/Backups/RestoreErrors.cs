using System.Globalization;
using System.Text.RegularExpressions;

namespace Eclusier.Postgres.Backups;

/// <summary>One refusal of a restore.</summary>
/// <param name="Entry">Of the table of contents; null where <c>pg_restore</c> did not say.</param>
/// <param name="Lines">As <c>pg_restore</c> printed it.</param>
internal sealed partial record RestoreError(int? Entry, IReadOnlyList<string> Lines)
{
    /// <summary>The server's own words; empty when it was not the server.</summary>
    public string Message => MessageOf(Lines[0]);

    public static string MessageOf(string line) => Severity().Match(line) is { Success: true } match ? line[(match.Index + match.Length)..].Trim() : "";

    [GeneratedRegex("""\bERROR:  """, RegexOptions.None, 60_000)]
    private static partial Regex Severity();
}

/// <summary>Everything that a restore which did not stop at its first error was refused.</summary>
/// <param name="Complete">No refusal is left out: there are as many as <c>pg_restore</c> counted, and it came to its end.</param>
internal sealed partial record RestoreErrors(IReadOnlyList<RestoreError> All, bool Complete)
{
    private const string Program = "pg_restore: ";

    /// <param name="output">Of <c>pg_restore --verbose</c>, in English.</param>
    public static RestoreErrors Parse(string output)
    {
        var (errors, counted) = (new List<(int? Entry, List<string> Lines)>(), 0);
        var (entry, inError) = ((int?)null, false);
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith($"{Program}error: ", StringComparison.Ordinal))
            {
                errors.Add((entry, [line]));
                inError = true;
            }
            else if (line.StartsWith(Program, StringComparison.Ordinal))
            {
                inError = false;
                if (FromEntry().Match(line) is { Success: true } from)
                    entry = int.Parse(from.Groups["id"].Value, NumberStyles.None, CultureInfo.InvariantCulture);
                else if (Ignored().Match(line) is { Success: true } count)
                    counted = int.Parse(count.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture);
            }
            else if (inError)
            {
                errors[^1].Lines.Add(line);
            }
        }

        return new RestoreErrors([.. errors.Select(error => new RestoreError(error.Entry, error.Lines))], counted > 0 && counted == errors.Count);
    }

    [GeneratedRegex("""^pg_restore: from TOC entry (?<id>\d+);""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex FromEntry();

    [GeneratedRegex("""^pg_restore: warning: errors ignored on restore: (?<count>\d+)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Ignored();
}

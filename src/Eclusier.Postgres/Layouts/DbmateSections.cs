using System.Text.RegularExpressions;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>dbmate's <c>-- migrate:up</c> and <c>-- migrate:down</c> (its <c>parseMigrationContents</c>).</summary>
internal static partial class DbmateSections
{
    public static bool Has(string text) => Up().IsMatch(text);

    /// <exception cref="InvalidInputException">There is no way up, more than one, or something above it.</exception>
    public static MigrationParts Read(string text, string shown)
    {
        var up = Up().Match(text);
        if (!up.Success)
        {
            throw new InvalidInputException(
                new Text("The migration has no -- migrate:up.", "La migration n'a pas de -- migrate:up."),
                shown,
                new Text(
                    "Put -- migrate:up above what it does, and -- migrate:down above what undoes it.",
                    "Placez -- migrate:up au-dessus de ce qu'elle fait, et -- migrate:down au-dessus de ce qui l'annule."));
        }

        var down = Down().Match(text);
        var first = down.Success && down.Index < up.Index ? down.Index : up.Index;
        if (MigrationText.HasStatement(text[..first], shown))
            throw Above(Place(shown, text, up.Index));
        if (Up().Matches(text).Skip(1).FirstOrDefault() is { } second)
            throw Twice(Place(shown, text, second.Index));
        var undo = down.Success ? Part(text, down, up, shown) : null;
        return new MigrationParts(Part(text, up, down, shown))
        {
            // Without a statement there is nothing that undoes it.
            Down = undo is not null && MigrationText.HasStatement(undo.Text, shown) ? undo : null,
            NoTransaction = up.Groups["options"].Value.Contains("transaction:false", StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>From one marker to the other, or to the end; lines keep their numbers.</summary>
    private static ScriptSource Part(string text, Match from, Match other, string shown)
    {
        var start = from.Index + from.Length;
        var end = other.Success && other.Index > from.Index ? other.Index : text.Length;
        return new ScriptSource(new string('\n', text.AsSpan(0, start).Count('\n')) + text[start..end], shown);
    }

    private static string Place(string shown, string text, int offset) => $"{shown}:{text.AsSpan(0, offset).Count('\n') + 1}:1";

    /// <summary>dbmate refuses it, too.</summary>
    private static EclusierException Above(string where) => new InvalidInputException(
        new Text("A statement stands above -- migrate:up.", "Une instruction se trouve au-dessus de -- migrate:up."),
        where,
        new Text("Move it below.", "Déplacez-la en dessous."));

    private static EclusierException Twice(string where) => new InvalidInputException(
        new Text("The migration has more than one -- migrate:up.", "La migration a plusieurs -- migrate:up."),
        where,
        new Text("Make a file of each part.", "Faites un fichier de chaque partie."));

    [GeneratedRegex(@"^--[ \t]*migrate:up(?<options>[ \t]+[^\r\n]*)?[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Up();

    [GeneratedRegex(@"^--[ \t]*migrate:down(?<options>[ \t]+[^\r\n]*)?[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Down();
}

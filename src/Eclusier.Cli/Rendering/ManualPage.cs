using System.CommandLine;
using System.Text;

namespace Eclusier.Cli.Rendering;

/// <summary>The manual page, section 1, from the commands themselves, in the language of the command line.</summary>
internal static class ManualPage
{
    /// <param name="root">All commands.</param>
    /// <returns>roff, as man(7) describes it.</returns>
    public static string Of(RootCommand root)
    {
        var page = new StringBuilder();
        void Line(string line) => page.Append(line).Append('\n');
        void Entry(string term, string? text) => page.Append($".TP\n{term}\n{Escaped(text ?? "")}\n");

        Line($".TH ECLUSIER 1 \"\" \"eclusier {CommandLine.Version}\"");
        Line($".SH {Help.Say("NAME", "NOM")}");
        Line($"eclusier \\- {Escaped(Help.Say("take a production database from one schema to the next, gate by gate", "faire passer une base de production d'un schéma au suivant, porte après porte"))}");
        Line($".SH {Help.Say("SYNOPSIS", "SYNOPSIS")}");
        Line($".B eclusier\n.I {Help.Say("COMMAND", "COMMANDE")}\n[\\fIoptions\\fR]");
        Line(".SH DESCRIPTION");
        Line(Escaped(Help.Say(
            "Inspects a PostgreSQL or MongoDB database, plans, backs up, rehearses on a restored copy, decides from evidence, applies, verifies, reports, and takes back. Nothing is changed without consent.",
            "Inspecte une base PostgreSQL ou MongoDB, planifie, sauvegarde, répète sur une copie restaurée, décide sur preuves, applique, vérifie, rend compte, et revient en arrière. Rien n'est modifié sans accord.")));
        Line($".SH {Help.Say("COMMANDS", "COMMANDES")}");
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            Line($".SS {Escaped(string.Join(' ', command.Arguments.Select(argument => $"[{argument.Name}]").Prepend(command.Name)))}");
            Line(Escaped(command.Description ?? ""));
            foreach (var option in command.Options.Where(option => !option.Hidden && option.Name != "--help"))
                Entry(Term(option), option.Description);
        }

        Line($".SH {Help.Say("EXIT STATUS", "CODE DE RETOUR")}");
        foreach (var (code, text) in ExitCodes)
            Entry($"\\fB{(int)code}\\fR", text);
        Line($".SH {Help.Say("ENVIRONMENT", "ENVIRONNEMENT")}");
        Entry("\\fBDATABASE_URL\\fR", Help.Say("The database, where there is no runbook and no --url; libpq's variables (PGHOST, …) are honoured, too.", "La base, sans runbook ni --url ; les variables de libpq (PGHOST, …) sont respectées aussi."));
        Entry("\\fBECLUSIER_POSTGRES_BIN\\fR", Help.Say("The folder of PostgreSQL's own programs (pg_dump, initdb).", "Le dossier des programmes de PostgreSQL (pg_dump, initdb)."));
        Line($".SH {Help.Say("FILES", "FICHIERS")}");
        Entry("\\fIeclusier.yaml\\fR", Help.Say("The runbook.", "Le runbook."));
        Entry("\\fI.eclusier/\\fR", Help.Say("Journals and reports of the runs.", "Journaux et rapports des exécutions."));
        return page.ToString();
    }

    private static IEnumerable<(ExitCode Code, string Text)> ExitCodes =>
    [
        (ExitCode.Done, Help.Say("Done.", "Fait.")),
        (ExitCode.Fault, Help.Say("A fault of Eclusier's own; its details are in a file that is named.", "Un défaut d'Eclusier lui-même ; ses détails sont dans un fichier dont le nom est donné.")),
        (ExitCode.Usage, Help.Say("Wrong usage, or an invalid runbook or migration file.", "Mauvais usage, runbook ou fichier de migration invalide.")),
        (ExitCode.NoGo, Help.Say("A criterion refused, or nobody consented; nothing was changed.", "Un critère a refusé, ou personne n'a donné son accord ; rien n'a été modifié.")),
        (ExitCode.MigrationFailed, Help.Say("A migration failed; the run stopped there.", "Une migration a échoué ; l'exécution s'est arrêtée là.")),
        (ExitCode.ChecksFailed, Help.Say("Applied, but a check or an invariant failed.", "Appliqué, mais un contrôle ou un invariant a échoué.")),
        (ExitCode.Differences, Help.Say("Differences were found.", "Des différences ont été trouvées.")),
        (ExitCode.Unavailable, Help.Say("Another run holds the lock, the server could not be reached, or a file could not be written.", "Une autre exécution tient le verrou, le serveur est injoignable, ou un fichier n'a pas pu être écrit.")),
        (ExitCode.Interrupted, Help.Say("Interrupted; what is done stays done, and the same command goes on.", "Interrompu ; ce qui est fait reste fait, et la même commande continue.")),
    ];

    private static string Term(Option option)
    {
        var names = string.Join(", ", option.Aliases.Prepend(option.Name).Distinct(StringComparer.Ordinal).Select(name => $"\\fB{Escaped(name)}\\fR"));
        return option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? names : $"{names} \\fI{Escaped(option.HelpName ?? "VALUE")}\\fR";
    }

    /// <summary>A backslash, a hyphen, and a dot or quote that would begin a request.</summary>
    private static string Escaped(string text)
    {
        var escaped = text.Replace("\\", "\\(rs", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace('\n', ' ');
        return escaped is ['.' or '\'', ..] ? $"\\&{escaped}" : escaped;
    }
}

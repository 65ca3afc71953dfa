using System.CommandLine;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Layouts;
using Eclusier.Runbooks;

namespace Eclusier.Cli.Commands;

/// <summary>Write a first runbook from what is found in the repository.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var command = new Command("init", Help.Say("Write a first runbook from what is found in the repository.", "Écrit un premier runbook d'après ce qui se trouve dans le dépôt."));
        var options = CommandOptions.AddTo(command, shortForm: false);
        command.Handle(options, (parsed, _) =>
        {
            var (file, language) = (options.RunbookFile(parsed), options.LanguageOf(parsed, runbook: null));
            var folder = Path.GetDirectoryName(file)!;
            if (File.Exists(file))
                throw new InvalidInputException(new Text("There is a runbook already.", "Il y a déjà un runbook."), file, new Text("Change it, or move it away.", "Modifiez-le, ou déplacez-le."));
            var found = LayoutDetection.Find(folder);
            if (found.Count == 0)
            {
                var foreign = string.Join(", ", LayoutDetection.Foreign(folder));
                throw new InvalidInputException(
                    foreign.Length == 0 ? new Text("No migrations were found here.", "Aucune migration n'a été trouvée ici.")
                    : new Text($"Only migrations of tools that Eclusier does not read were found: {foreign}.",
                        $"Seules des migrations d'outils qu'Eclusier ne lit pas ont été trouvées : {foreign}."),
                    folder,
                    new Text("Run it at the top of the repository; migrations are files like 001_create_users.sql, or those of Supabase, Drizzle, Prisma, Flyway or dbmate.", "Lancez-le à la racine du dépôt ; les migrations sont des fichiers comme 001_create_users.sql, ou ceux de Supabase, Drizzle, Prisma, Flyway ou dbmate."));
            }

            LayoutDetection.RefuseForeign(folder, found[0]);
            var others = found.Skip(1).Select(other => $"{other.Path} ({other.Layout}, {other.Count})");
            File.WriteAllText(file, RunbookTemplate.Of(Path.GetFileName(folder), found[0].Layout, found[0].Path, IsHere(), [.. others], language));
            GitIgnore.Add(folder);
            Output.Write(new Text(
                $"{file}: {English.Count(found[0].Count, "migration")} in {found[0].Path} ({found[0].Layout}).\nNext: set DATABASE_URL, then `eclusier plan`. Nothing is written to the database before `eclusier migrate`.",
                $"{file} : {French.Count(found[0].Count, "migration")} dans {found[0].Path} ({found[0].Layout}).\nEnsuite : définissez DATABASE_URL, puis `eclusier plan`. Rien n'est écrit dans la base avant `eclusier migrate`.").In(language));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static bool IsHere()
    {
        try
        {
            return Environment.GetEnvironmentVariable("DATABASE_URL") is { Length: > 0 } url && PostgresUrl.Parse(new DatabaseUrl(url)).IsOnThisMachine;
        }
        catch (EclusierException)
        {
            // Of no use for these migrations: that is told once it is used.
            return false;
        }
    }
}

using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Eclusier.Cli;

/// <summary>Runs a command's body: Ctrl-C cancels it, an error of the user's becomes three lines, a fault of ours a file.</summary>
internal static class CommandHandler
{
    /// <param name="body">Gets the token that Ctrl-C cancels; returns the exit code.</param>
    public static void Handle(this Command command, CommandOptions options, Func<ParseResult, CancellationToken, Task<ExitCode>> body) =>
        command.SetAction(async (parsed, _) => (int)await RunAsync(parsed, options, body));

    private static async Task<ExitCode> RunAsync(ParseResult parsed, CommandOptions options, Func<ParseResult, CancellationToken, Task<ExitCode>> body)
    {
        using var cancel = new CancellationTokenSource();
        var language = options.LanguageOf(parsed, runbook: null);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Cancel(signal, cancel, language));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, cancel, language));
        try
        {
            return await body(parsed, cancel.Token);
        }
        catch (EclusierException error)
        {
            Tell(error, options.LanguageOf(parsed, runbook: null), options.IsJson(parsed));
            return ExitCodes.Of(error);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Console.Error.WriteLine(new Text("Interrupted; nothing was changed.", "Interrompu ; rien n'a été modifié.").In(options.LanguageOf(parsed, runbook: null)));
            return ExitCode.Interrupted;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            // A full disk, a folder that is not ours: nothing that a stack trace would mend.
            var unwritable = new UnavailableException(
                new Text($"A file or folder cannot be read or written: {denied.Message}", $"Un fichier ou un dossier ne peut pas être lu ou écrit : {denied.Message}"),
                null,
                new Text("Correct its rights, or make room on the disk, then run the same command again.", "Corrigez ses droits, ou libérez de la place sur le disque, puis relancez la même commande."));
            Tell(unwritable, options.LanguageOf(parsed, runbook: null), options.IsJson(parsed));
            return ExitCodes.Of(unwritable);
        }
        catch (Exception fault)
        {
            var file = FaultFile.Write(fault);
            Console.Error.WriteLine(new Text($"A fault of Eclusier's own; the details are in {file}", $"Un défaut d'Eclusier lui-même ; les détails sont dans {file}").In(options.LanguageOf(parsed, runbook: null)));
            return ExitCode.Fault;
        }
    }

    /// <summary>The first signal asks for an end between two steps; the second ends the process, and the server rolls back.</summary>
    private static void Cancel(PosixSignalContext signal, CancellationTokenSource cancel, Language language)
    {
        if (cancel.IsCancellationRequested)
            return;
        signal.Cancel = true;
        Console.Error.WriteLine(new Text("Stopping; once more ends it at once.", "Arrêt ; une seconde fois l'interrompt aussitôt.").In(language));
        cancel.Cancel();
    }

    private static void Tell(EclusierException error, Language language, bool json)
    {
        var problem = error.Problem.In(language);
        var where = error.Where;
        var remedy = error.Remedy?.In(language);
        if (json)
        {
            using var writer = new Utf8JsonWriter(Console.OpenStandardOutput(), new JsonWriterOptions { Indented = true });
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteString("problem", problem);
            writer.WriteString("where", where);
            writer.WriteString("remedy", remedy);
            writer.WriteEndObject();
            writer.WriteNumber("exit_code", (int)ExitCodes.Of(error));
            writer.WriteEndObject();
        }

        Terminal.Tell(problem);
        if (where is not null)
            Terminal.Tell($"  {new Text("where: ", "où : ").In(language)}{Visible.Line(where)}");
        if (remedy is not null)
            Terminal.Tell($"  {new Text("next:  ", "faire : ").In(language)}{remedy}");
    }
}

using System.CommandLine;
using System.Globalization;
using Eclusier.Cli.Commands;
using Eclusier.Redaction;

namespace Eclusier.Cli;

/// <summary>The commands, and what becomes of an error.</summary>
internal static class CommandLine
{
    public const string Version = "0.1.0";

    public static async Task<int> RunAsync(string[] args)
    {
        CultureInfo.CurrentUICulture = Help.Culture;
        if (args is ["--version"])
        {
            Console.Out.Write(await VersionText.OfAsync(CancellationToken.None));
            return (int)ExitCode.Done;
        }

        var root = Root();
        var parsed = root.Parse(args);
        // What a shell asks for is not finished yet.
        if (parsed.Errors.Count > 0 && !Completion.IsAsked(args))
        {
            // An address in the wrong place, or one that the shell cut in pieces.
            foreach (var address in args.Where(argument => argument.Contains('@') || argument.Contains('=')))
                _ = new DatabaseUrl(address);
            foreach (var error in parsed.Errors)
                Terminal.Tell(Secrets.Redact(string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
            Console.Error.WriteLine(Help.Say("See `eclusier --help`.", "Voir `eclusier --help`."));
            return (int)ExitCode.Usage;
        }

        return await Help.InvokeAsync(parsed);
    }

    private static RootCommand Root()
    {
        var root = new RootCommand(Help.Say("Takes a production database from one schema to the next, gate by gate.", "Fait passer une base de production d'un schéma au suivant, porte après porte."))
        {
            InitCommand.Create(),
            InspectCommand.Create(),
            StatusCommand.Create(),
            LintCommand.Create(),
            DiffCommand.Create(),
            BaselineCommand.Create(),
            PlanCommand.Create(),
            BackupCommand.Create(),
            RehearseCommand.Create(),
            MigrateCommand.Create(),
            VerifyCommand.Create(),
            RollbackCommand.Create(),
            ReportCommand.Create(),
            WatchCommand.Create(),
            MaintainCommand.Create(),
            DemoCommand.Create(),
        };
        root.Add(CompletionCommand.Create());
        root.Add(ManualCommand.Create(root));
        return root;
    }
}

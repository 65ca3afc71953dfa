using System.CommandLine;
using Eclusier.Cli.Commands;

namespace Eclusier.Cli;

/// <summary>The commands, and what becomes of an error.</summary>
internal static class CommandLine
{
    public const string Version = "0.1.0";

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--version"])
        {
            Console.Out.WriteLine($"eclusier {Version}");
            return 0;
        }

        var root = new RootCommand("Takes a production database from one schema to the next, gate by gate.")
        {
            InspectCommand.Create(),
            StatusCommand.Create(),
            PlanCommand.Create(),
            BackupCommand.Create(),
            RehearseCommand.Create(),
            MigrateCommand.Create(),
            VerifyCommand.Create(),
            ReportCommand.Create(),
            DemoCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine(Secrets.Redact(error.Message));
            Console.Error.WriteLine("See `eclusier --help`.");
            return (int)ExitCode.Usage;
        }

        // The commands end by themselves after Ctrl-C, between two steps.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }
}

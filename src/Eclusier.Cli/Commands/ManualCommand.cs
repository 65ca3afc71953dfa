using System.CommandLine;
using Eclusier.Cli.Rendering;

namespace Eclusier.Cli.Commands;

/// <summary>Print the manual page, for whoever packages the program.</summary>
internal static class ManualCommand
{
    /// <param name="root">All commands.</param>
    public static Command Create(RootCommand root)
    {
        // Heard already (see Help): it is here to be accepted.
        var language = new Option<string>("--lang");
        language.AcceptOnlyFromAmong("en", "fr");
        var command = new Command("manual", Help.Say("Print the manual page in roff.", "Affiche la page de manuel en roff.")) { language };
        command.Hidden = true;
        command.SetAction(_ =>
        {
            Console.Out.Write(ManualPage.Of(root));
            return (int)ExitCode.Done;
        });
        return command;
    }
}

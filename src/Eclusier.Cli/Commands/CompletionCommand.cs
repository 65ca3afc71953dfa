using System.CommandLine;

namespace Eclusier.Cli.Commands;

/// <summary>Print what a shell needs to complete command lines.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = Help.Say("One of: bash, zsh, fish.", "L'un de : bash, zsh, fish.") };
        shell.AcceptOnlyFromAmong([.. Completion.Scripts.Keys]);
        var command = new Command("completion", Help.Say("Print what a shell sources to complete command lines.", "Affiche ce qu'un shell lit pour compléter les lignes de commande.")) { shell };
        command.SetAction(parsed =>
        {
            Console.Out.Write(Completion.Scripts[parsed.GetValue(shell)!]);
            return (int)ExitCode.Done;
        });
        return command;
    }
}

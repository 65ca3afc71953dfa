using System.CommandLine;

namespace Eclusier.Cli.Commands;

/// <summary>Back up, restore into a sandbox, and run the plan there.</summary>
internal static class RehearseCommand
{
    public static Command Create()
    {
        var command = new Command("rehearse", Help.Say("Back up, restore into a sandbox, and run the plan there.", "Sauvegarde, restaure dans un serveur jetable et y exécute le plan."));
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            return RunOutput.Write(await invocation.CreateRun().RehearseAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}

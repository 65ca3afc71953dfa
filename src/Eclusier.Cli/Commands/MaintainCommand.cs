using System.CommandLine;

namespace Eclusier.Cli.Commands;

/// <summary>Drop what is needed no more, some time after a run.</summary>
internal static class MaintainCommand
{
    public static Command Create()
    {
        var command = new Command("maintain", Help.Say("Drop what is needed no more, some time after a run: legacy collections, and those kept for the way back.", "Supprime ce qui ne sert plus, quelque temps après une exécution : les anciennes collections, et celles gardées pour le retour."));
        var options = CommandOptions.AddTo(command, shortForm: false, approve: true);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed, collectionsFirst: true);
            return RunOutput.Write(await invocation.CreateMaintain().RunAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}

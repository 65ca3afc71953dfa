using System.CommandLine;
using System.Text.Json;
using Eclusier.Cli.Rendering;
using Eclusier.Evidence;

namespace Eclusier.Cli.Commands;

/// <summary>What is pending, in which order, and how dangerous it is.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var command = new Command("plan", Help.Say("What is pending, in which order, and how dangerous it is.", "Ce qui reste à appliquer, dans quel ordre, et avec quels risques."));
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            var run = invocation.CreateRun();
            var plan = await run.PlanAsync(cancellationToken);
            if (invocation.Json)
                Output.WriteJson(JsonSerializer.Serialize(plan, EclusierJson.For(invocation.Language).Plan));
            else
                Output.Write(PlanView.Of(plan, invocation.Language));
            return ExitCode.Done;
        });
        return command;
    }
}

using System.CommandLine;
using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Cli.Commands;

/// <summary>Which migrations are applied, pending, failed, changed or missing.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = Help.Say("End with exit code 6 when something is pending or differs.", "Termine avec le code 6 quand quelque chose reste à appliquer ou diffère.") };
        var command = new Command("status", Help.Say("Which migrations are applied, failed, pending, changed or missing.", "Quelles migrations sont appliquées, en échec, à appliquer, modifiées ou manquantes.")) { check };
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            var run = invocation.CreateRun();
            var plan = await run.PlanAsync(cancellationToken);
            if (invocation.Json)
                Output.WriteJson(JsonSerializer.Serialize(plan, EclusierJson.For(invocation.Language).Plan));
            else
                Output.Write(Lines(plan, invocation.Language));
            return parsed.GetValue(check) && (plan.Steps.Any(step => step.SkipReason is null) || plan.Problems.Count > 0) ? ExitCode.Differences : ExitCode.Done;
        });
        return command;
    }

    private static string Lines(Plan plan, Language language)
    {
        var applied = new Text("applied", "appliquée").In(language);
        var names = plan.Applied.Select(migration => MigrationTitle.Of(migration.Version, migration.Name)).Concat(plan.Steps.Select(Name));
        var width = names.Select(name => name.Length).DefaultIfEmpty(0).Max();
        var lines = plan.Applied
            .Select(migration => $"{MigrationTitle.Of(migration.Version, migration.Name).PadRight(width)}  {applied}  {migration.ExecutedAt:yyyy-MM-dd HH:mm:ss}")
            .Concat(plan.Steps.Select(step => $"{Name(step).PadRight(width)}  {State(step, plan).LineIn(language)}"))
            .Concat(plan.Problems.Select(problem => $"! {problem.Message.LineIn(language)}"));
        return string.Join('\n', lines);
    }

    private static string Name(Step step) => MigrationTitle.Of(step.Migration, step.Name);

    private static Text State(Step step, Plan plan)
    {
        if (step.SkipReason is { } reason)
            return new Text($"skipped: {reason.En}", $"ignorée : {reason.Fr}");
        if (plan.Problems.Any(problem => problem.Kind == Settlement.Problem && problem.Migration == step.Migration))
            return new Text("TO SETTLE", "À TRANCHER");
        return plan.Failed.FirstOrDefault(row => row.Version == step.Migration) is { } failed
            ? new Text($"FAILED   {failed.ExecutedAt:yyyy-MM-dd HH:mm:ss}  {failed.Error}", $"ÉCHEC    {failed.ExecutedAt:yyyy-MM-dd HH:mm:ss}  {failed.Error}")
            : new Text("pending", "à appliquer");
    }
}

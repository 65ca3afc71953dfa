using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Maintenance;
using Eclusier.Runbooks;

namespace Eclusier.Cli.Commands;

/// <summary><c>maintain --schedule</c>: what the server's scheduler got, and what another one must do.</summary>
internal static class ScheduleOutput
{
    public static async Task<ExitCode> RunAsync(Invocation invocation, string runbookFile, string? job, CancellationToken cancellationToken)
    {
        if (job is not null)
            throw new InvalidInputException(new Text("--schedule is for all jobs: --job does not go with it.", "--schedule concerne toutes les tâches : --job ne va pas avec."), null, null);
        var (run, plan) = await invocation.CreateJob().ScheduleAsync(cancellationToken);
        var command = new JobCommand(Program(), runbookFile, invocation.Environment.Name) { Variables = JobCommand.VariablesOf(Environment.GetEnvironmentVariable) };
        var elsewhere = plan.Elsewhere.Select(each => each.Job).ToList();
        var record = new ScheduleRecord(
            plan.Scheduler, [.. plan.OnServer.Select(each => each.Name)],
            [.. plan.Elsewhere.Select(each => new ScheduledElsewhere(each.Job.Name, each.Why, Needs(each.Job, invocation.Environment)))],
            Crontab.Of(elsewhere, command), SystemdUnits.Of(elsewhere, command), run)
        {
            MissingVariables = elsewhere.Count == 0 ? [] : invocation.Everything.OnlyInEnvironment,
        };
        if (invocation.Json)
            Output.WriteJson(JsonSerializer.Serialize(record, EclusierJson.For(invocation.Language).ScheduleRecord));
        else
            Output.Write(Said(record, invocation.Language));
        return ExitCodes.Of(run);
    }

    /// <summary>From a checkout, the launcher: it builds what is newer, and finds its libraries.</summary>
    private static string Program() => Environment.GetEnvironmentVariable("ECLUSIER_HOME") is { Length: > 0 } home ? Path.Combine(home, "eclusier") : Environment.ProcessPath ?? "eclusier";

    private static Text? Needs(MaintenanceJob job, TargetEnvironment environment) =>
        environment.Protected && !job.Unattended && job is OrphansJob or PartitionsJob { Drop: true } or SqlJob
            ? new Text($"{environment.Name} is protected: each run is a no-go until the job has `unattended: true`", $"{environment.Name} est protégé : chaque exécution sera un no-go tant que la tâche n'a pas `unattended: true`")
            : null;

    private static string Said(ScheduleRecord record, Language language)
    {
        var lines = new List<string>();
        foreach (var step in record.Run.Steps)
            lines.Add($"# {step.Migration}: {Counted.Verdict(step).In(language)}");
        if (record.Run.Outcome == RunOutcome.NoGo)
            lines.Add($"# {new Text("NO-GO: nothing was changed.", "NO-GO : rien n'a été modifié.").In(language)}");
        lines.AddRange(record.Run.Problems.Select(problem => $"# {problem.In(language)}"));
        if (record.OnServer.Count > 0)
            lines.Add($"# {new Text($"{record.Scheduler} runs: ", $"{record.Scheduler} exécute : ").In(language)}{string.Join(", ", record.OnServer)}");
        if (record.Elsewhere.Count == 0)
            return string.Join('\n', lines);
        lines.Add($"# {new Text("Not on the server:", "Pas sur le serveur :").In(language)}");
        lines.AddRange(record.Elsewhere.Select(each => $"#   {each.Job}: {each.Why.In(language)}{(each.Needs is { } needs ? $"; {needs.In(language)}" : "")}"));
        if (record.MissingVariables.Count > 0)
        {
            var names = string.Join(", ", record.MissingVariables);
            lines.Add($"# {new Text($"Neither cron nor systemd knows {names}: put each into .env beside the runbook, which only its owner may read (chmod 600).", $"Ni cron ni systemd ne connaissent {names} : inscrivez chacune dans .env à côté du runbook, lisible par son seul propriétaire (chmod 600).").In(language)}");
        }

        lines.Add("");
        lines.Add($"# crontab -e {new Text("(times are those of the machine)", "(heures de la machine)").In(language)}");
        lines.Add(record.Crontab);
        foreach (var unit in record.Units)
        {
            lines.Add($"# /etc/systemd/system/{unit.Name}");
            lines.Add(unit.Text);
        }

        return string.Join('\n', lines).TrimEnd();
    }
}

using System.CommandLine;
using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Cli.Commands;

/// <summary>Keep a database in shape: the runbook's maintenance jobs, and what is needed no more some time after a run.</summary>
internal static class MaintainCommand
{
    private static readonly Option<string> Job = new("--job") { Description = Help.Say("Run only this job of the runbook's `maintenance`.", "N'exécuter que cette tâche de `maintenance` du runbook."), HelpName = "NAME" };
    private static readonly Option<bool> Schedule = new("--schedule") { Description = Help.Say("Install the jobs' schedules in pg_cron; what cannot run there is printed for crontab and systemd.", "Installe les horaires des tâches dans pg_cron ; ce qui ne peut pas s'y exécuter est affiché pour crontab et systemd.") };

    public static Command Create()
    {
        var command = new Command("maintain", Help.Say("Keep a database in shape: the runbook's maintenance jobs; and legacy and kept collections, some time after a run.", "Entretient une base : les tâches de maintenance du runbook ; et les anciennes collections et celles gardées, quelque temps après une exécution."));
        var options = CommandOptions.AddTo(command, shortForm: false, approve: true);
        command.Options.Add(Job);
        command.Options.Add(Schedule);
        command.Handle(options, (parsed, cancellationToken) =>
        {
            var invocations = options.ResolveAll(parsed);
            if (parsed.GetValue(Schedule))
                return ScheduleOutput.RunAsync(WithJobs(invocations), options.RunbookFile(parsed), parsed.GetValue(Job), cancellationToken);
            return parsed.GetValue(Job) is { } name ? OneAsync(WithJobs(invocations), name, cancellationToken) : AllAsync(invocations, cancellationToken);
        });
        return command;
    }

    /// <exception cref="InvalidInputException">The runbook has no such job.</exception>
    internal static MaintenanceJob Find(Runbook runbook, string name)
    {
        var names = runbook.Maintenance.Select(job => job.Name).ToList();
        return runbook.Maintenance.FirstOrDefault(job => job.Name == name) ?? throw new InvalidInputException(
            new Text($"The runbook has no job \"{name}\".", $"Le runbook n'a pas de tâche « {name} »."), runbook.File,
            NearestName.Meant(name, names)
                ?? new Text($"It has: {string.Join(", ", names)}.", $"Il a : {string.Join(", ", names)}."));
    }

    private static Task<ExitCode> OneAsync(Invocation invocation, string name, CancellationToken cancellationToken) => RunAsync([(invocation, Find(invocation.Runbook, name))], cancellationToken);

    /// <summary>Every job, then the cleanup of collections.</summary>
    private static async Task<ExitCode> AllAsync(IReadOnlyList<Invocation> invocations, CancellationToken cancellationToken)
    {
        if (invocations.All(invocation => invocation.Runbook.Maintenance.Count == 0))
        {
            var only = invocations[^1];
            return RunOutput.Write(await only.CreateMaintain().RunAsync(cancellationToken), only.Json, only.Language);
        }

        return await RunAsync(
            [.. invocations.SelectMany(invocation => invocation.Runbook.Maintenance.Select(job => (invocation, (MaintenanceJob?)job)).Concat(invocation.Runbook.Collections is null ? [] : [(invocation, null)]))],
            cancellationToken);
    }

    /// <summary>One that fails does not keep the others from running.</summary>
    /// <param name="jobs">Null: the cleanup of collections.</param>
    private static async Task<ExitCode> RunAsync(IReadOnlyList<(Invocation Invocation, MaintenanceJob? Job)> jobs, CancellationToken cancellationToken)
    {
        var first = jobs[0].Invocation;
        var ends = new List<JobEnd>();
        foreach (var (invocation, job) in jobs)
        {
            if (cancellationToken.IsCancellationRequested)
                break;
            var end = await JobEnd.OfAsync(invocation, job, alone: jobs.Count == 1, cancellationToken);
            ends.Add(end);
            if (!first.Json)
                end.Tell(first.Language);
        }

        if (first.Json)
            Output.WriteJson(JsonSerializer.Serialize(new JobRuns([.. ends.Select(end => end.Run)]), EclusierJson.For(first.Language).JobRuns));
        // Cut off between two of them.
        return ends.Count < jobs.Count ? ExitCode.Interrupted : ends.Select(end => end.ExitCode).MinBy(Gravity);
    }

    /// <summary>What a script should learn first of several ends.</summary>
    private static int Gravity(ExitCode code) => code switch
    {
        ExitCode.Fault => 0,
        ExitCode.MigrationFailed => 1,
        ExitCode.Interrupted => 2,
        ExitCode.Unavailable => 3,
        ExitCode.NoGo => 4,
        ExitCode.Done => 6,
        _ => 5,
    };

    private static Invocation WithJobs(IReadOnlyList<Invocation> invocations) => invocations.FirstOrDefault(invocation => invocation.Runbook.Maintenance.Count > 0) ?? throw new InvalidInputException(
        new Text("The runbook has no maintenance jobs.", "Le runbook n'a pas de tâches de maintenance."), invocations[0].Runbook.File,
        new Text("Add `maintenance:` to it; docs/runbook.md describes it.", "Ajoutez-y `maintenance:` ; docs/runbook.md le décrit."));
}

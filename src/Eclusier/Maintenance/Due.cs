using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runs;

namespace Eclusier.Maintenance;

/// <summary>Whether the time has come, counted from the last run that ended well; and which runs nobody will go back behind.</summary>
/// <param name="Runs">Names of the runs that may have left something behind.</param>
/// <param name="IsAccepted">Whether the run of that name ended well, or was given up, that long ago. Its journal is read for that.</param>
internal sealed record Due(bool IsReached, IReadOnlyList<string> Runs, Func<string, bool> IsAccepted, Criterion Criterion)
{
    /// <summary>A run whose journal cannot be read is not accepted: what it left behind stays.</summary>
    public static async Task<Due> OfAsync(RunSetup setup, Database target, TimeSpan after, CancellationToken cancellationToken)
    {
        var now = setup.Time.GetUtcNow();
        var history = await RunHistory.OfAsync(setup, target, cancellationToken);
        var last = history.Migrations.FirstOrDefault(run => run is { FinishedAt: not null, Outcome: RunOutcome.Done } && run.Steps.Any(step => step.Status == StepStatus.Applied));
        var reached = last?.FinishedAt is { } end && now - end >= after;
        return new Due(reached, history.Names(), IsAccepted, Judge(last, reached, after, now));

        bool IsAccepted(string name) => history.Readable(name)?.FinishedAt is { } end && now - end >= after;
    }

    private static Criterion Judge(RunRecord? last, bool reached, TimeSpan after, DateTimeOffset now)
    {
        var title = new Text("Long enough after the run", "Assez longtemps après l'exécution");
        if (last?.FinishedAt is not { } end)
        {
            return new Criterion("due", title, Verdict.Failed, new Text("no run of this runbook has ended well yet", "aucune exécution de ce runbook ne s'est encore bien terminée"),
                new Text("Run `eclusier migrate` first.", "Lancez d'abord `eclusier migrate`."));
        }

        var evidence = new Text(
            $"run {last.Run} ended {Formats.Of(Language.En).Span(now - end)} ago, {Formats.Of(Language.En).Span(after)} wanted",
            $"l'exécution {last.Run} s'est terminée il y a {Formats.Of(Language.Fr).Span(now - end)}, {Formats.Of(Language.Fr).Span(after)} exigés");
        return reached
            ? new Criterion("due", title, Verdict.Passed, evidence)
            : new Criterion("due", title, Verdict.Failed, evidence, new Text($"Come back at {(end + after).UtcDateTime:yyyy-MM-dd HH:mm} UTC.", $"Revenez le {(end + after).UtcDateTime:dd/MM/yyyy à HH:mm} UTC."));
    }
}

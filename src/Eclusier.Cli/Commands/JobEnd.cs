using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Cli.Commands;

/// <summary>How one of several jobs ended.</summary>
internal sealed record JobEnd(RunRecord Run, ExitCode ExitCode)
{
    /// <param name="job">Null: the cleanup of collections.</param>
    /// <param name="alone">Then what keeps it from beginning is the command's own error.</param>
    public static async Task<JobEnd> OfAsync(Invocation invocation, MaintenanceJob? job, bool alone, CancellationToken cancellationToken)
    {
        try
        {
            var run = job is null ? await invocation.CreateMaintain().RunAsync(cancellationToken) : await invocation.CreateJob().RunAsync(job, cancellationToken);
            return new JobEnd(run, ExitCodes.Of(run));
        }
        catch (EclusierException refusal) when (!alone)
        {
            return new JobEnd(NotBegun(invocation, job, refusal), ExitCodes.Of(refusal));
        }
    }

    public void Tell(Language language) => RunOutput.Write(Run, json: false, language);

    private static RunRecord NotBegun(Invocation invocation, MaintenanceJob? job, EclusierException refusal)
    {
        var now = TimeProvider.System.GetUtcNow();
        string Where(Language language) => $"{refusal.Problem.In(language)}{(refusal.Where is { } place ? $" ({place})" : "")}{(refusal.Remedy is { } remedy ? $" → {remedy.In(language)}" : "")}";
        return new RunRecord
        {
            Kind = RunKind.Maintain,
            Run = "",
            Name = invocation.Runbook.Name,
            Environment = invocation.Environment.Name,
            StartedAt = now,
            FinishedAt = now,
            ExecutedBy = invocation.RunOptions.ExecutedBy,
            Tool = CommandLine.Version,
            Job = job is null ? null : JobFacts.Of(job),
            Outcome = RunOutcome.NoGo,
            Problems = [new Text(Where(Language.En), Where(Language.Fr))],
        };
    }
}

using System.Diagnostics;
using Eclusier.Catalog;
using Eclusier.Planning;
using Eclusier.Rollbacks;
using Eclusier.Runs;

namespace Eclusier.Rehearsals;

/// <summary>A step of the rehearsal, and the catalog around it.</summary>
internal sealed record RehearsedStep(Step Step, CatalogSnapshot Before, CatalogSnapshot After, IReadOnlyList<CatalogChange> Changes);

/// <summary>Undoes the rehearsed migrations one by one, newest first, and compares the catalog after each with what it was before the migration.</summary>
internal static class RollbackRehearsal
{
    /// <returns>Down to the first that could not be undone: the way back of those below it begins where that one ends.</returns>
    public static async Task<IReadOnlyList<RollbackProof>> RunAsync(RunContext run, Database database, IEnumerable<RehearsedStep> rehearsed, CancellationToken cancellationToken)
    {
        var proofs = new List<RollbackProof>();
        foreach (var step in rehearsed.Reverse())
        {
            cancellationToken.ThrowIfCancellationRequested();
            proofs.Add(await UndoAsync(run, database, step, cancellationToken));
            if (!proofs[^1].Proven)
                break;
        }

        return proofs;
    }

    private static async Task<RollbackProof> UndoAsync(RunContext run, Database database, RehearsedStep rehearsed, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var step = rehearsed.Step;
        var recorded = new RecordedChanges(step.Migration, rehearsed.Changes, step.Reversible, step.ReversibleReason);
        var applied = new TrackedMigration(step.Migration, step.Name, step.Checksum, null, null, Success: true, null);
        // What was above is proven undone: the catalog is again as this step left it.
        var reversal = (await database.ReverseAsync(run.Runbook, [applied], [recorded], rehearsed.After, cancellationToken))[0];
        RollbackProof Proof(Text? problem) => new(step.Migration, step.Name, reversal.Source, problem is null, problem, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        if (reversal.Step is not { } back)
            return Proof(reversal.Problem);
        var result = await ApplyPhase.ApplyAsync(run, database, back, new ApplyOptions(run.Runbook.Migrations, run.Runbook.Policy, run.Options.ExecutedBy), cancellationToken);
        if (result.Error is { } error)
            return Proof(Text.Same($"{error.Message} ({error.Where})"));
        var now = await database.SnapshotAsync(cancellationToken);
        return Proof(now.Fingerprint == rehearsed.Before.Fingerprint ? null : Different(CatalogChange.Between(rehearsed.Before, now)));
    }

    private static Text Different(IEnumerable<CatalogChange> left) => Text.JoinFirst([.. left.Select(change => change switch
    {
        { Before: null, After: { } more } => new Text($"{more} is left", $"{more} reste"),
        { Before: { } gone, After: null } => new Text($"{gone} is missing", $"{gone} manque"),
        _ => new Text($"{change.Object} differs", $"{change.Object} diffère"),
    })]);
}

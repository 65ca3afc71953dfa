using System.Diagnostics;
using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Rehearsals;

/// <summary>A step of the rehearsal, and the catalog around it.</summary>
internal sealed record RehearsedStep(Step Step, CatalogSnapshot Before, CatalogSnapshot After, IReadOnlyList<CatalogChange> Changes)
{
    public RowContents? RowsBefore { get; init; }
}

/// <summary>Undoes the rehearsed migrations one by one, newest first, and compares catalog, rights and rows after each with what they were before the migration.</summary>
internal static class RollbackRehearsal
{
    /// <returns>Down to the first that could not be undone: the way back of those below it begins where that one ends.</returns>
    public static async Task<IReadOnlyList<RollbackProof>> RunAsync(RunContext run, Database database, IReadOnlyList<RehearsedStep> rehearsed, CancellationToken cancellationToken)
    {
        if (rehearsed.Count == 0)
            return [];
        var newestFirst = rehearsed.Reverse().ToList();
        var proofs = new List<RollbackProof>();
        foreach (var (step, reversal) in newestFirst.Zip(await ReverseAsync(run, database, newestFirst, cancellationToken)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            proofs.Add(await UndoAsync(run, database, step, reversal, cancellationToken));
            if (!proofs[^1].Proven)
                break;
        }

        return proofs;
    }

    private static Task<IReadOnlyList<Reversal>> ReverseAsync(RunContext run, Database database, IReadOnlyList<RehearsedStep> newestFirst, CancellationToken cancellationToken) => database.ReverseAsync(
        run.Runbook,
        [.. newestFirst.Select(rehearsed => new TrackedMigration(rehearsed.Step.Migration, rehearsed.Step.Name, rehearsed.Step.Checksum, null, null, Success: true, null))],
        [.. newestFirst.Select(rehearsed => new RecordedChanges(rehearsed.Step.Migration, rehearsed.Changes, rehearsed.Step.Reversible, rehearsed.Step.ReversibleReason) { Run = run.Record.Run })],
        newestFirst[0].After,
        cancellationToken);

    private static async Task<RollbackProof> UndoAsync(RunContext run, Database database, RehearsedStep rehearsed, Reversal reversal, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        RollbackProof Proof(Text? problem) => new(reversal.Migration, reversal.Name, reversal.Source, problem is null, problem, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        if (reversal.Step is not { } back)
            return Proof(reversal.Problem);
        var result = await ApplyPhase.ApplyAsync(run, database, back, new ApplyOptions(run.Runbook, run.Record.Run, run.Options.ExecutedBy), cancellationToken);
        if (result.Error is { } error)
            return Proof(error.Summary);
        var now = await database.SnapshotAsync(cancellationToken);
        if (now.Fingerprint != rehearsed.Before.Fingerprint)
            return Proof(Different(CatalogChange.Between(rehearsed.Before, now)));
        if (rehearsed.RowsBefore is not { } before || await database.ReadRowsAsync(back.Transactional && rehearsed.Step.Transactional ? before : null, cancellationToken) is not { } rows)
            return Proof(null);
        if (rows.DifferentFrom(before) is { Count: > 0 } different)
        {
            var tables = string.Join(", ", different);
            return Proof(new Text($"the rows of {tables} are not what they were before", $"les lignes de {tables} ne sont pas celles d'avant"));
        }

        var unread = string.Join(", ", rows.UnreadSince(before));
        return unread.Length == 0 ? Proof(null) : Proof(new Text(
            $"rows of {unread} were written and not compared: the table is too large to be read here, or may not be read", $"des lignes de {unread} ont été écrites, et pas comparées : la table est trop grande pour être lue ici, ou ne peut pas l'être")) with
        { Uncompared = true };
    }

    private static Text Different(IEnumerable<CatalogChange> left) => Text.JoinFirst([.. left.Select(change => change switch
    {
        { Before: null, After: { } more } => new Text($"{more} is left", $"{more} reste"),
        { Before: { } gone, After: null } => new Text($"{gone} is missing", $"{gone} manque"),
        _ => new Text($"{change.Object} differs", $"{change.Object} diffère"),
    })]);
}

using System.Runtime.CompilerServices;
using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Snapshots;

/// <summary>Runs migrations on an empty database of a sandbox, and looks at the catalog after each.</summary>
internal sealed class Replay(Runbook runbook, Sandbox sandbox, Surroundings surroundings)
{
    /// <summary>What the last sandbox could not have as the target has it.</summary>
    public IReadOnlyList<Text> Unlike { get; private set; } = [];

    /// <summary>With the catalog after each. A statement that the sandbox refuses is left out, and known.</summary>
    public async Task<History> RunAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        await using var database = await sandbox.CreateLikeAsync(surroundings.Without(steps), cancellationToken);
        Unlike = database.Unlike;
        var look = await LookAtAsync(database, cancellationToken);
        var start = await look();
        var replayed = new List<HistoryStep>(steps.Count);
        await foreach (var (step, unreplayed) in ReplayAsync(database, steps, cancellationToken))
            replayed.Add(new HistoryStep(step, await look(), unreplayed, database.HistoryOf(runbook)!.MakesOf(step)));
        return new History(start, replayed);
    }

    /// <summary>Without some of them: what the others leave together, and which of their statements the sandbox refuses.</summary>
    public async Task<(CatalogSnapshot End, IReadOnlyList<(Step Step, Unreplayed Unreplayed)> Refused)> RunWithoutAsync(
        IReadOnlyList<Step> some, IReadOnlyList<Step> all, CancellationToken cancellationToken)
    {
        await using var database = await sandbox.CreateLikeAsync(surroundings.Without(all), cancellationToken);
        var look = await LookAtAsync(database, cancellationToken);
        var refused = new List<(Step, Unreplayed)>();
        await foreach (var (step, unreplayed) in ReplayAsync(database, [.. all.Except(some)], cancellationToken))
            refused.AddRange(unreplayed.Select(statement => (step, statement)));
        return (await look(), refused);
    }

    private async IAsyncEnumerable<(Step Step, IReadOnlyList<Unreplayed> Unreplayed)> ReplayAsync(
        Database database, IReadOnlyList<Step> steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var history = database.HistoryOf(runbook)!;
        foreach (var step in steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return (step, await history.ReplayAsync(step, surroundings, cancellationToken));
        }
    }

    private async Task<Func<Task<CatalogSnapshot>>> LookAtAsync(Database database, CancellationToken cancellationToken)
    {
        var (history, names) = (database.HistoryOf(runbook)!, await NamesAsync(database, cancellationToken));
        return async () => history.InParts(names.AsOnTarget(await database.SnapshotAsync(cancellationToken)));
    }

    /// <summary>With the catalog after all of them.</summary>
    public async Task<(CatalogSnapshot End, IReadOnlyList<StepResult> Results, IReadOnlyList<MissingExtension> Missing, string ServerVersion)> EndAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        await using var database = await sandbox.CreateLikeAsync(surroundings.Without(steps), cancellationToken);
        var results = new List<StepResult>(steps.Count);
        await foreach (var (_, result) in ApplyAsync(database, steps, cancellationToken))
            results.Add(result);
        var end = (await NamesAsync(database, cancellationToken)).AsOnTarget(await database.SnapshotAsync(cancellationToken));
        return (end, results, database.MissingExtensions, database.ServerVersion);
    }

    private async IAsyncEnumerable<(Step Step, StepResult Result)> ApplyAsync(Database database, IReadOnlyList<Step> steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What a policy would make wait or end is nobody's traffic here.
        var options = new ApplyOptions(runbook with { Policy = new Policy { RetryFor = TimeSpan.Zero } }, "", "replay");
        foreach (var step in steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return (step, await database.ApplyAsync(step, options, cancellationToken));
        }
    }

    private async Task<SandboxNames> NamesAsync(Database database, CancellationToken cancellationToken) =>
        new(await database.HistoryOf(runbook)!.SurroundingsAsync("plain", cancellationToken), surroundings);

    /// <summary>The sandbox's user makes everything there; on the target that is whoever runs the migrations.</summary>
    private sealed record SandboxNames(Surroundings Here, Surroundings Target)
    {
        /// <summary>Without the owners that nobody chose, and with the default privileges of whoever makes the objects.</summary>
        public CatalogSnapshot AsOnTarget(CatalogSnapshot catalog) =>
            new([.. catalog.Objects.Where(found => found.Kind != "owner" || !found.Definition.EndsWith($" owner to {Here.User}", StringComparison.Ordinal)).Select(Renamed)]);

        private CatalogObject Renamed(CatalogObject found) => found.Kind != "default privilege" || Here.User == Target.User || !IsOfUser(found.Name) ? found : found with
        {
            Name = $"{Target.User}{found.Name[Here.User.Length..]}",
            Definition = found.Definition.Replace($" for role {Here.User} ", $" for role {Target.User} ", StringComparison.Ordinal),
        };

        private bool IsOfUser(string name) => name.StartsWith($"{Here.User} in ", StringComparison.Ordinal) || name.StartsWith($"{Here.User}: ", StringComparison.Ordinal);
    }
}

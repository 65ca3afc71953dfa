using Eclusier.Catalog;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Baselines;

/// <summary>Runs migrations on an empty database of a sandbox, and looks at the catalog after each.</summary>
internal sealed class Replay(Runbook runbook, Sandbox sandbox, Surroundings surroundings)
{
    public async Task<History> RunAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        await using var database = await sandbox.CreateLikeAsync(surroundings.Without(steps), cancellationToken);
        // What a policy would make wait or end is nobody's traffic here.
        var options = new ApplyOptions(runbook.Migrations, new Policy { RetryFor = TimeSpan.Zero }, "replay");
        var names = new SandboxNames(await database.HistoryOf(runbook)!.SurroundingsAsync("plain", cancellationToken), surroundings);
        var last = names.AsOnTarget(await database.SnapshotAsync(cancellationToken));
        var start = last;
        var replayed = new List<HistoryStep>(steps.Count);
        foreach (var step in steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await database.ApplyAsync(step, options, cancellationToken);
            last = names.AsOnTarget(await database.SnapshotAsync(cancellationToken));
            replayed.Add(new HistoryStep(step, last, result.Error));
        }

        return new History(start, replayed);
    }

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

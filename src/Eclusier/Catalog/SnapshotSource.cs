using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Catalog;

/// <summary>Takes a snapshot of what a user names: an environment, a snapshot's file, or a folder of migrations.</summary>
public sealed class SnapshotSource(Runbook runbook, Engine engine, string tool, TimeProvider time)
{
    /// <exception cref="EclusierException">There is no such environment, file or folder (<see cref="ExitCode.Usage"/>); or a migration fails when replayed (<see cref="ExitCode.MigrationFailed"/>).</exception>
    public async Task<DatabaseComparison> CompareAsync(string left, string right, CancellationToken cancellationToken)
    {
        // A replayed folder has no tracking table that another's could be compared with.
        Func<TargetEnvironment, CancellationToken, Task<DatabaseSnapshot>> take = IsFolder(left) || IsFolder(right) ? CatalogOfAsync : OfAsync;
        return DatabaseComparison.Of(await TakeAsync(left, take, cancellationToken), await TakeAsync(right, take, cancellationToken), runbook.Ignore, runbook.Migrations);
    }

    /// <summary>The catalog, and what the tracking table says.</summary>
    public async Task<DatabaseSnapshot> OfAsync(TargetEnvironment environment, CancellationToken cancellationToken)
    {
        await using var database = await ConnectAsync(environment, cancellationToken);
        var snapshot = await CatalogOfAsync(database, environment, cancellationToken);
        var plan = await database.PlanAsync(runbook, environment, cancellationToken);
        return snapshot with { Applied = plan.Applied };
    }

    /// <summary>The catalog alone.</summary>
    public async Task<DatabaseSnapshot> CatalogOfAsync(TargetEnvironment environment, CancellationToken cancellationToken)
    {
        await using var database = await ConnectAsync(environment, cancellationToken);
        return await CatalogOfAsync(database, environment, cancellationToken);
    }

    /// <summary>The catalog of a database that is connected already.</summary>
    /// <param name="environment">That it is, or is a copy of: what its platform brings along is left out.</param>
    public async Task<DatabaseSnapshot> CatalogOfAsync(Database database, TargetEnvironment environment, CancellationToken cancellationToken)
    {
        var catalog = Platforms.Without(environment.Platform, await database.SnapshotAsync(cancellationToken));
        return new DatabaseSnapshot(database.Description, database.ServerVersion, time.GetUtcNow(), catalog.Objects, Applied: null);
    }

    private Task<Database> ConnectAsync(TargetEnvironment environment, CancellationToken cancellationToken) =>
        engine.ConnectAsync(environment.Url, $"eclusier {tool} snapshot", cancellationToken);

    private bool IsFolder(string name) => !runbook.Environments.ContainsKey(name) && Directory.Exists(Path.GetFullPath(name));

    private async Task<DatabaseSnapshot> TakeAsync(string name, Func<TargetEnvironment, CancellationToken, Task<DatabaseSnapshot>> ofEnvironment, CancellationToken cancellationToken)
    {
        if (runbook.Environments.TryGetValue(name, out var environment))
            return await ofEnvironment(environment, cancellationToken);
        var path = Path.GetFullPath(name);
        if (Directory.Exists(path))
            return await ReplayAsync(path, cancellationToken);
        if (File.Exists(path))
            return DatabaseSnapshot.Load(path);
        throw new EclusierException(
            new Text($"\"{name}\" is no environment, no snapshot file and no folder of migrations.", $"« {name} » n'est ni un environnement, ni un fichier d'instantané, ni un dossier de migrations."),
            runbook.File,
            new Text($"Environments whose variables are set: {string.Join(", ", runbook.Environments.Keys)}.", $"Environnements dont les variables sont définies : {string.Join(", ", runbook.Environments.Keys)}."),
            ExitCode.Usage);
    }

    /// <summary>Every migration of the folder, applied to an empty database of a throwaway server.</summary>
    private async Task<DatabaseSnapshot> ReplayAsync(string folder, CancellationToken cancellationToken)
    {
        var settings = runbook.Migrations with { Path = folder };
        var replayed = runbook with { Migrations = settings };
        await using var sandbox = await engine.OpenSandboxAsync(runbook, cancellationToken);
        await using var database = await sandbox.CreateDatabaseAsync(cancellationToken);
        var environment = runbook.Environments.Values.First();
        var plan = await database.PlanAsync(replayed, environment, cancellationToken);
        var unproven = new List<StepResult>();
        foreach (var step in plan.Steps.Where(step => step.SkipReason is null))
        {
            var result = await database.ApplyAsync(step, new ApplyOptions(settings, runbook.Policy, "replay"), cancellationToken);
            if (result.Status == StepStatus.Unproven)
            {
                unproven.Add(result);
            }
            else if (result.Error is { } error)
            {
                throw new EclusierException(
                    new Text($"{step.Migration} {step.Name} cannot be replayed: {error.Message}", $"{step.Migration} {step.Name} ne peut pas être rejouée : {error.Message}"),
                    error.Where, new Text("Mend it, or compare with an environment.", "Corrigez-la, ou comparez avec un environnement."), ExitCode.MigrationFailed);
            }
        }

        return new DatabaseSnapshot(folder, database.ServerVersion, time.GetUtcNow(), (await database.SnapshotAsync(cancellationToken)).Objects, Applied: null)
        {
            Unproven = unproven.Count == 0 ? null : new UnprovenReplay(sandbox.Description, unproven, database.MissingExtensions),
        };
    }
}

using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Snapshots;

/// <summary>Takes a snapshot of what a user names: an environment, a snapshot's file, or a folder of migrations.</summary>
public sealed class SnapshotSource(Runbook runbook, Engine engine, string tool, TimeProvider time)
{
    /// <exception cref="EclusierException">There is no such environment, file or folder (<see cref="InvalidInputException"/>); or a migration fails when replayed (<see cref="MigrationFailedException"/>).</exception>
    public async Task<DatabaseComparison> CompareAsync(string left, string right, CancellationToken cancellationToken)
    {
        // A replayed folder has no tracking table that another's could be compared with, and of a bare address nobody knows which it has.
        Func<TargetEnvironment, CancellationToken, Task<DatabaseSnapshot>> take = IsFolder(left) || IsFolder(right) || IsAddress(left) || IsAddress(right) ? CatalogOfAsync : OfAsync;
        var ours = await TakeAsync(left, like: right, take, cancellationToken);
        var theirs = await TakeAsync(right, like: left, take, cancellationToken);
        return DatabaseComparison.Of(AsReplayed(ours, right, theirs), AsReplayed(theirs, left, ours), runbook.Ignore, runbook.HasMigrations ? runbook.Migrations : null);
    }

    /// <summary>The catalog, and what the tracking table says.</summary>
    public async Task<DatabaseSnapshot> OfAsync(TargetEnvironment environment, CancellationToken cancellationToken)
    {
        await using var database = await ConnectAsync(environment, cancellationToken);
        var snapshot = await CatalogOfAsync(database, environment, cancellationToken);
        return database.HistoryOf(runbook) is null ? snapshot : snapshot with { Applied = (await database.PlanAsync(runbook, environment, cancellationToken)).Applied };
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

    private bool IsAddress(string name) => !runbook.Environments.ContainsKey(name) && DatabaseSystems.Of(name) is not null;

    private bool IsFolder(string name) => !IsAddress(name) && !runbook.Environments.ContainsKey(name) && Directory.Exists(Path.GetFullPath(name));

    /// <summary>Beside a replayed folder, owners and settings that its migrations do not set are nobody's choice.</summary>
    private DatabaseSnapshot AsReplayed(DatabaseSnapshot snapshot, string otherName, DatabaseSnapshot other) => !IsFolder(otherName) ? snapshot
        : new DatabaseSnapshot(snapshot.Source, snapshot.ServerVersion, snapshot.TakenAt, snapshot.Catalog.AsReplayed(other.Catalog).Objects, snapshot.Applied) { Unproven = snapshot.Unproven };

    private async Task<DatabaseSnapshot> TakeAsync(string name, string like, Func<TargetEnvironment, CancellationToken, Task<DatabaseSnapshot>> ofEnvironment, CancellationToken cancellationToken)
    {
        if (runbook.Environments.TryGetValue(name, out var environment))
            return await ofEnvironment(environment, cancellationToken);
        if (IsAddress(name))
            return await ofEnvironment(new TargetEnvironment("", new DatabaseUrl(name)), cancellationToken);
        var path = Path.GetFullPath(name);
        if (Directory.Exists(path))
            return await ReplayAsync(path, runbook.Environments.GetValueOrDefault(like), cancellationToken);
        if (File.Exists(path))
            return DatabaseSnapshot.Load(path);
        // It may be an address with a fault, password included.
        var shown = name.Contains('@') || name.Contains('=') ? new DatabaseUrl(name).Redacted : name;
        throw new InvalidInputException(
            new Text($"\"{shown}\" is no environment, no database's URL, no snapshot file and no folder of migrations.", $"« {shown} » n'est ni un environnement, ni l'URL d'une base, ni un fichier d'instantané, ni un dossier de migrations."),
            runbook.File,
            new Text($"Environments whose variables are set: {string.Join(", ", runbook.Environments.Keys)}.", $"Environnements dont les variables sont définies : {string.Join(", ", runbook.Environments.Keys)}."));
    }

    /// <summary>Every migration of the folder that the runbook does not skip, applied to an empty database of a throwaway server.</summary>
    /// <param name="like">What it is compared with: its roles, extensions and search path are what the migrations find.</param>
    private async Task<DatabaseSnapshot> ReplayAsync(string folder, TargetEnvironment? like, CancellationToken cancellationToken)
    {
        var replayed = runbook with { Migrations = runbook.Migrations with { Path = folder } };
        await using var sandbox = await engine.OpenSandboxAsync(runbook, cancellationToken);
        var steps = await StepsAsync(replayed, sandbox, cancellationToken);
        var replay = new Replay(replayed, sandbox, await SurroundingsAsync(like, cancellationToken));
        var (end, results, missing, version) = await replay.EndAsync(steps, cancellationToken);
        if (results.FirstOrDefault(result => result.Status == StepStatus.Failed) is { Error: { } error } failed)
        {
            var title = MigrationTitle.Of(failed.Migration, failed.Name);
            throw new MigrationFailedException(
                new Text($"{title} cannot be replayed: {error.Summary.En}", $"{title} ne peut pas être rejouée : {error.Summary.Fr}"),
                error.Where, new Text("Mend it, or compare with an environment.", "Corrigez-la, ou comparez avec un environnement."));
        }

        StepResult[] unproven = [.. results.Where(result => result.Status == StepStatus.Unproven)];
        return new DatabaseSnapshot(folder, version, time.GetUtcNow(), Platforms.Without(Platform(like), end).WithoutServer().Objects, Applied: null)
        {
            Unproven = unproven.Length == 0 ? null : new UnprovenReplay(sandbox.Description, unproven, missing),
        };
    }

    /// <summary>In the order to run on a database that has none of them.</summary>
    private async Task<IReadOnlyList<Step>> StepsAsync(Runbook replayed, Sandbox sandbox, CancellationToken cancellationToken)
    {
        await using var empty = await sandbox.CreateDatabaseAsync(cancellationToken);
        return [.. (await empty.PlanAsync(replayed, runbook.Environments.Values.First(), cancellationToken)).Steps.Where(step => step.SkipReason is null)];
    }

    private async Task<Surroundings> SurroundingsAsync(TargetEnvironment? like, CancellationToken cancellationToken)
    {
        if (like is null)
            return new Surroundings(Platform(like), "", [], []);
        await using var database = await ConnectAsync(like, cancellationToken);
        return await database.HistoryOf(runbook)!.SurroundingsAsync(like.Platform, cancellationToken);
    }

    private string Platform(TargetEnvironment? like) => (like ?? runbook.Environments.GetValueOrDefault(runbook.Migrations.Target))?.Platform ?? "plain";
}

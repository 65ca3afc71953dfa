using Eclusier.Backups;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Comparisons;

/// <summary>The state before a run and the state after it, both restored on one server.</summary>
internal sealed class ComparedCopies : IAsyncDisposable
{
    private readonly Sandbox _sandbox;

    private ComparedCopies(Sandbox sandbox) => _sandbox = sandbox;

    public Database Before { get; private set; } = null!;

    public Database After { get; private set; } = null!;

    public string On => _sandbox.Description;

    /// <exception cref="InvalidInputException">A backup cannot be restored, or a migration does not come as it was.</exception>
    public static async Task<ComparedCopies> RestoreAsync(RunSetup setup, RunRecord run, string folder, CancellationToken cancellationToken)
    {
        var copies = new ComparedCopies(await setup.Engine.OpenSandboxAsync(setup.Runbook, cancellationToken));
        try
        {
            await copies.RestoreBothAsync(setup, run, folder, cancellationToken);
            return copies;
        }
        catch
        {
            await copies.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in new[] { Before, After })
        {
            if (database is not null)
                await database.DisposeAsync();
        }

        await _sandbox.DisposeAsync();
    }

    private async Task RestoreBothAsync(RunSetup setup, RunRecord run, string folder, CancellationToken cancellationToken)
    {
        Before = await _sandbox.CreateDatabaseAsync(cancellationToken);
        await RestoreAsync(setup, run.Backup!, Before, folder, cancellationToken);
        After = await _sandbox.CreateDatabaseAsync(cancellationToken);
        await RestoreAsync(setup, run.BackupAfter ?? run.Backup!, After, folder, cancellationToken);
        if (run.BackupAfter is null)
            await ApplyAsync(setup, run, After, cancellationToken);
        setup.Observer.Progress(new Text("vacuuming and analyzing both copies", "vacuum et analyze des deux copies"));
        await Before.QueryMeter!.PrepareAsync(cancellationToken);
        await After.QueryMeter!.PrepareAsync(cancellationToken);
    }

    private static async Task RestoreAsync(RunSetup setup, Backup recorded, Database into, string folder, CancellationToken cancellationToken)
    {
        var (settings, id) = (setup.Runbook.Backup!, recorded.Manifest.Id);
        setup.Observer.Progress(new Text($"restoring backup {id}", $"restauration de la sauvegarde {id}"));
        var backup = await BackupStore.VerifyAsync(settings, recorded.Manifest, cancellationToken);
        if (!backup.Copies.Any(copy => copy.Verified))
            throw NotRestored(id, backup.Copies.Select(copy => copy.Problem).OfType<Text>().FirstOrDefault() ?? new Text("no verified copy of it is left", "il n'en reste aucune copie vérifiée"));
        var check = await BackupStore.RestoreIntoAsync(backup, settings, into, folder, sameServer: false, cancellationToken);
        if (!check.Passed)
            throw NotRestored(id, check.Problem ?? Text.Same(string.Join("; ", check.Differences)));
    }

    /// <summary>The migrations that the run applied, from their files: these must still be what they were.</summary>
    private static async Task ApplyAsync(RunSetup setup, RunRecord run, Database copy, CancellationToken cancellationToken)
    {
        setup.Observer.Progress(new Text("applying the run's migrations to the second copy", "application des migrations de l'exécution à la seconde copie"));
        var files = (await copy.PlanAsync(setup.Runbook, setup.Environment, cancellationToken)).Steps.ToDictionary(step => step.Migration, StringComparer.Ordinal);
        var options = new ApplyOptions(setup.Runbook, run.Run, run.ExecutedBy) { OnCopy = true };
        foreach (var applied in run.Steps.Where(step => step.Status == StepStatus.Applied))
        {
            var planned = run.Plan?.Steps.FirstOrDefault(step => step.Migration == applied.Migration);
            if (files.GetValueOrDefault(applied.Migration) is not { } step || step.Checksum != planned?.Checksum)
                throw Changed(applied);
            var result = await copy.ApplyAsync(step, options, cancellationToken);
            if (result.Status == StepStatus.Failed)
                throw NotApplied(step, result.Error);
        }
    }

    private static EclusierException NotRestored(string id, Text why) => new InvalidInputException(
        new Text($"The backup {id} cannot be restored for the comparison: {why.En}", $"La sauvegarde {id} ne peut pas être restaurée pour la comparaison : {why.Fr}"),
        null,
        new Text("Put a whole copy of it back in its place; `backup.restore` would have shown this in the run.", "Remettez-en une copie intacte à sa place ; `backup.restore` l'aurait montré pendant l'exécution."));

    private static EclusierException Changed(StepResult applied) => new InvalidInputException(
        new Text($"The file of {MigrationTitle.Of(applied.Migration, applied.Name)} is not what the run applied.", $"Le fichier de {MigrationTitle.Of(applied.Migration, applied.Name)} n'est pas ce que l'exécution a appliqué."),
        applied.File,
        new Text("Put the file back as it was; or set `backup.after`: the state after then comes from that backup.", "Remettez le fichier tel qu'il était ; ou activez `backup.after` : l'état d'après vient alors de cette sauvegarde."));

    private static EclusierException NotApplied(Step step, StepError? error) => new InvalidInputException(
        new Text($"{MigrationTitle.Of(step.Migration, step.Name)} cannot be applied to the copy: {error?.Summary.En}", $"{MigrationTitle.Of(step.Migration, step.Name)} ne peut pas être appliquée à la copie : {error?.Summary.Fr}"),
        error?.Where,
        new Text("Set `backup.after`: the state after then comes from that backup.", "Activez `backup.after` : l'état d'après vient alors de cette sauvegarde."));
}

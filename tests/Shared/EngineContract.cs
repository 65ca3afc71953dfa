using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Migrations;
using Eclusier.Rollbacks;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Tests.Shared;

/// <summary>What every engine promises, asked of each in the same words: the gates, the proofs, and the way back.</summary>
public abstract class EngineContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A database with something in it, and a runbook with at least two steps to do.</summary>
    protected abstract Task<ContractWorld> NewWorldAsync();

    [Fact]
    public async Task A_plan_says_what_would_change_and_changes_nothing()
    {
        await using var world = await NewWorldAsync();
        var before = await world.ContentsAsync();

        var plan = await Run(world).PlanAsync(Cancel);

        Assert.True(plan.Steps.Count >= 2);
        Assert.All(plan.Steps, step => Assert.NotEmpty(step.Checksum));
        Assert.Equal(plan.Id, (await Run(world).PlanAsync(Cancel)).Id);
        Assert.Equal(before, await world.ContentsAsync());
    }

    [Fact]
    public async Task A_run_leaves_evidence_of_every_phase_and_another_has_nothing_to_do()
    {
        await using var world = await NewWorldAsync();
        var before = await world.ContentsAsync();

        var run = await Run(world).MigrateAsync(Cancel);

        Assert.Equal(RunOutcome.Done, run.Outcome);
        Assert.Equal(
            [Phase.Inspect, Phase.Plan, Phase.Backup, Phase.Rehearse, Phase.Decide, Phase.Apply, Phase.Verify],
            run.Timeline.Select(time => time.Phase).Distinct().OrderBy(phase => phase));
        Assert.All(run.Timeline, time => Assert.NotNull(time.DurationMs));
        Assert.Equal((true, true, Outcome.Go), (run.Backup!.Restore!.Passed, run.Rehearsal!.Passed, run.Decision!.Outcome));
        Assert.Equal(2, run.Backup.Copies.Count);
        Assert.All(run.Steps, step => Assert.Equal(StepStatus.Applied, step.Status));
        var after = await world.ContentsAsync();
        Assert.NotEqual(before, after);

        Assert.Equal(RunOutcome.NothingToDo, (await Run(world).MigrateAsync(Cancel)).Outcome);
        Assert.Equal(after, await world.ContentsAsync());
        Assert.Single(world.Runs);
    }

    [Fact]
    public async Task Nothing_is_changed_without_consent()
    {
        await using var world = await NewWorldAsync();
        var before = await world.ContentsAsync();

        var run = await Run(world, new RunOptions()).MigrateAsync(Cancel);

        Assert.Equal(RunOutcome.NoGo, run.Outcome);
        Assert.Empty(run.Steps);
        Assert.Equal(before, await world.ContentsAsync());
    }

    [Fact]
    public async Task While_one_runs_another_is_refused()
    {
        await using var world = await NewWorldAsync();
        Exception? second = null;

        var run = await Run(world, observer: new TestObserver { Step = async (_, number) => second ??= number == 1 ? await Record.ExceptionAsync(() => Run(world).MigrateAsync(Cancel)) : null }).MigrateAsync(Cancel);

        Assert.IsType<UnavailableException>(second);
        Assert.Equal(RunOutcome.Done, run.Outcome);
    }

    [Fact]
    public async Task What_was_cut_off_goes_on_and_ends_as_if_it_had_not_been()
    {
        await using var world = await NewWorldAsync();
        await using var uncut = await NewWorldAsync();
        await Run(uncut).MigrateAsync(Cancel);
        using var cut = new CancellationTokenSource();

        var first = await Run(world, observer: new TestObserver { Finished = number => { if (number == 1) cut.Cancel(); } }).MigrateAsync(cut.Token);
        var second = await Run(world).MigrateAsync(Cancel);

        Assert.Equal((RunOutcome.Interrupted, RunOutcome.Done), (first.Outcome, second.Outcome));
        Assert.Equal((1, 1), (second.Resumed, world.Runs.Count));
        Assert.Equal(await uncut.ContentsAsync(), await world.ContentsAsync());
    }

    [Fact]
    public async Task A_rollback_brings_back_what_was()
    {
        await using var world = await NewWorldAsync();
        var before = await world.ContentsAsync();
        await Run(world).MigrateAsync(Cancel);

        var (runbook, environment) = world.Read();
        var back = await new RollbackRun(new RunSetup(runbook, environment, world.Engine, Yes, new TestObserver(), TimeProvider.System)).RunAsync(new RollbackRequest(null, null, WithoutBackup: false), Cancel);

        Assert.Equal(RunOutcome.Done, back.Outcome);
        Assert.Equal(before, await world.ContentsAsync());
    }

    [Fact]
    public async Task A_backup_brings_back_what_was()
    {
        await using var world = await NewWorldAsync();
        var before = await world.ContentsAsync();
        await Run(world).MigrateAsync(Cancel);

        var (runbook, environment) = world.Read();
        var back = await new RestoreRun(new RunSetup(runbook, environment, world.Engine, Yes, new TestObserver(), TimeProvider.System)).RunAsync(null, inPlace: true, Cancel);

        Assert.Equal(RunOutcome.Done, back.Outcome);
        Assert.Equal(before, await world.ContentsAsync());
    }

    [Fact]
    public async Task A_damaged_copy_of_a_backup_is_found()
    {
        await using var world = await NewWorldAsync();
        Assert.Equal(RunOutcome.Done, (await Run(world).BackupAsync(Cancel)).Outcome);
        var file = Directory.EnumerateFiles(world.BackupFolder, "*", SearchOption.AllDirectories)
            .Where(found => !found.EndsWith(".json", StringComparison.Ordinal)).MaxBy(found => new FileInfo(found).Length)!;
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Seek(stream.Length / 2, SeekOrigin.Begin);
            var found = (byte)stream.ReadByte();
            stream.Seek(-1, SeekOrigin.Current);
            stream.WriteByte((byte)~found);
        }

        var (runbook, environment) = world.Read();
        var before = await world.ContentsAsync();
        var back = await Record.ExceptionAsync(async () => Assert.NotEqual(
            RunOutcome.Done,
            (await new RestoreRun(new RunSetup(runbook with { Backup = runbook.Backup! with { To = [runbook.Backup.To[0]], Copies = 1 } }, environment, world.Engine, Yes, new TestObserver(), TimeProvider.System)).RunAsync(null, inPlace: true, Cancel)).Outcome));

        Assert.True(back is null or EclusierException, back?.ToString());
        Assert.Equal(before, await world.ContentsAsync());
    }

    [Fact]
    public async Task No_password_is_written_anywhere()
    {
        await using var world = await NewWorldAsync();
        var observer = new TestObserver();

        await Run(world, observer: observer).MigrateAsync(Cancel);

        var written = Directory.EnumerateFiles(world.Folder, "*", SearchOption.AllDirectories).Where(file => file.Contains(".eclusier", StringComparison.Ordinal) || file.EndsWith(".json", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        Assert.NotEmpty(written);
        Assert.All(written.Concat(observer.Told), text => Assert.DoesNotContain(world.Password, text, StringComparison.Ordinal));
    }

    private static RunOptions Yes => new() { Yes = true };

    private static MigrationRun Run(ContractWorld world, RunOptions? options = null, TestObserver? observer = null)
    {
        var (runbook, environment) = world.Read();
        return new MigrationRun(new RunSetup(runbook, environment, world.Engine, options ?? Yes, observer ?? new TestObserver(), TimeProvider.System));
    }
}

/// <summary>A database of an engine's, and a folder with a runbook for it: environment <c>production</c>, two backups in <c>./bk1</c> and <c>./bk2</c>, a rehearsal.</summary>
public abstract class ContractWorld(Engine engine) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Engine Engine { get; } = engine;

    public string Folder => _folder.Path;

    public string BackupFolder => Path.Combine(Folder, "bk1");

    public IReadOnlyList<string> Runs => RunFolder.All(Folder, "production");

    /// <summary>Of the target.</summary>
    public abstract string Password { get; }

    /// <summary>What the runbook's variables stand for.</summary>
    public abstract IReadOnlyDictionary<string, string?> Variables { get; }

    /// <summary>All that an application sees: what there is, and every row of it. Nothing of ours.</summary>
    public abstract Task<string> ContentsAsync();

    public (Runbook Runbook, TargetEnvironment Environment) Read()
    {
        var runbook = RunbookReader.Read(Path.Combine(Folder, "eclusier.yaml"), Variables);
        var environment = runbook.Environments["production"];
        return (runbook.For(environment), environment);
    }

    public virtual ValueTask DisposeAsync()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

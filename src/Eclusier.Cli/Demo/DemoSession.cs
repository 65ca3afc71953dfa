using Eclusier.Baselines;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Maintenance;
using Eclusier.Migrations;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Cli.Demo;

/// <summary>The commands that a user would type, one after the other.</summary>
internal sealed class DemoSession
{
    private readonly DemoSystem _system;
    private readonly DemoScenario _scenario;
    private readonly Runbook _runbook;
    private readonly TargetEnvironment _production;
    private readonly Engine _engine;
    private readonly DemoObserver _observer;
    private readonly RunOptions _options;

    public DemoSession(DemoSystem system, DemoScenario scenario, Runbook everything, Engine engine, DemoObserver observer, Language language)
    {
        (_system, _scenario, _engine, _observer) = (system, scenario, engine, observer);
        // On this throwaway server production is nobody's: nobody is asked, and nobody is said to have approved anything.
        _production = everything.Environments[everything.Targets[0]] with { Protected = false };
        _runbook = everything.For(_production);
        _options = new RunOptions { Language = language, ToolVersion = CommandLine.Version, Yes = true };
    }

    /// <summary>Recover what is lost, prove what is there, migrate, measure what it brought, keep it in shape.</summary>
    public async Task<RunRecord> RunAsync(CancellationToken cancellationToken)
    {
        if (_system.LostFiles)
            await RecoverAsync(cancellationToken);
        if (_system.Baseline)
            await BaselineAsync(cancellationToken);
        Type("migrate --yes");
        var migration = new MigrationRun(new RunSetup(_runbook, _production, _engine, _options, _observer, TimeProvider.System));
        var record = await migration.MigrateAsync(cancellationToken);
        if (record.Outcome != RunOutcome.Done)
            return record;
        if (_runbook.Checks.Any(check => check.Faster is not null))
            record = await CompareAsync(migration, record, cancellationToken);
        // Twice: what is done is not done again.
        for (var round = 0; round < 2 && _runbook.Maintenance.Count > 0 && record.Outcome == RunOutcome.Done; round++)
            record = await MaintainAsync(record, cancellationToken);
        return record;
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        Type("baseline --recover");
        foreach (var lost in await new Recovery(_runbook, _engine, CommandLine.Version).RunAsync(cancellationToken))
            _observer.Progress(Text.Same(lost.FileName));
    }

    private async Task BaselineAsync(CancellationToken cancellationToken)
    {
        Type("baseline --yes");
        _observer.Show(await new BaselineRun(new RunSetup(_runbook, _production, _engine, _options, _observer, TimeProvider.System)).RunAsync(cancellationToken));
    }

    private async Task<RunRecord> CompareAsync(MigrationRun migration, RunRecord record, CancellationToken cancellationToken)
    {
        Type("verify --compare");
        var compared = await migration.CompareAsync(cancellationToken);
        _observer.Show(compared);
        return record with { Comparisons = compared.Comparisons, Compared = compared.Compared, Problems = [.. record.Problems, .. compared.Problems], Outcome = compared.Outcome };
    }

    /// <returns>The run of the migrations; with the problems of a job that could not do its work.</returns>
    private async Task<RunRecord> MaintainAsync(RunRecord record, CancellationToken cancellationToken)
    {
        Type("maintain --yes");
        foreach (var job in _runbook.Maintenance)
        {
            var run = await new JobRun(new RunSetup(_runbook, _production, _engine, _options, _observer, TimeProvider.System)).RunAsync(job, cancellationToken);
            _observer.Progress(new Text($"{job.Name}: {Outcome(run).En}", $"{job.Name} : {Outcome(run).Fr}"));
            if (run.Outcome is not (RunOutcome.Done or RunOutcome.NothingToDo))
                return record with { Outcome = RunOutcome.ChecksFailed, Problems = [.. record.Problems, .. run.Problems] };
        }

        return record;
    }

    private static Text Outcome(RunRecord run) => run.Outcome switch
    {
        RunOutcome.Done => new Text("done", "faite"),
        RunOutcome.NothingToDo => new Text("nothing to do", "rien à faire"),
        _ => new Text("NOT DONE", "PAS FAITE"),
    };

    private void Type(string command) => _observer.Command($"eclusier {command}{_scenario.Option}");
}

using System.Diagnostics;
using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;
using Eclusier.Snapshots;

namespace Eclusier.Runs;

/// <summary>What the phases of one run share: what was asked for, the target, and the journal that holds the evidence.</summary>
internal sealed class RunContext(RunSetup setup, Journal journal, Database target)
{
    public Runbook Runbook { get; } = setup.Runbook;

    public TargetEnvironment Environment { get; } = setup.Environment;

    public Engine Engine { get; } = setup.Engine;

    public RunOptions Options { get; } = setup.Options;

    public IRunObserver Observer { get; } = setup.Observer;

    public TimeProvider Time { get; } = setup.Time;

    /// <summary>Other databases, to compare the target with.</summary>
    public SnapshotSource Snapshots { get; } = setup.Snapshots;

    /// <summary>The run's folder.</summary>
    public string Folder => journal.Folder;

    /// <summary>The connection to the target, which holds the run's lock.</summary>
    public Database Target { get; } = target;

    /// <summary>The evidence so far.</summary>
    public RunRecord Record => journal.Record;

    public void Write(JournalEntry entry, bool durable = false) => journal.Append(entry, durable);

    public Task<Sandbox> OpenSandboxAsync(CancellationToken cancellationToken) => Engine.OpenSandboxAsync(Runbook, cancellationToken);

    /// <summary>What a copy of the target must have besides its dump.</summary>
    public async Task<Surroundings> SurroundingsAsync(CancellationToken cancellationToken) =>
        Target.HistoryOf(Runbook) is { } history ? (await history.SurroundingsAsync(Environment.Platform, cancellationToken)).BesideDump() : new Surroundings(Environment.Platform, "", [], []);

    /// <summary>Something that the report must name.</summary>
    public void Problem(Text problem) => journal.Append(new JournalEntry { Event = RunEvent.Problem, Problem = problem });

    /// <summary>Something that takes time: told to whoever watches, and kept in the journal. May come from another thread.</summary>
    public void Note(Text note)
    {
        Write(new JournalEntry { Event = RunEvent.Note, Note = note });
        Observer.Progress(note);
    }

    /// <summary>Runs a phase between its two journal entries; the evidence it returns stands in the second.</summary>
    public async Task PhaseAsync(Phase name, Func<Task<JournalEntry>> phase)
    {
        Observer.PhaseStarted(name);
        Write(new JournalEntry { Event = RunEvent.PhaseStarted, Phase = name });
        var started = Stopwatch.GetTimestamp();
        var evidence = await phase();
        Write(
            evidence with { Event = RunEvent.PhaseFinished, Phase = name, DurationMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds },
            durable: name == Phase.Decide);
        Observer.PhaseFinished(name, Record);
    }

    /// <summary>Works in a folder of the run's own, in which nothing stays. It is not there before somebody writes into it.</summary>
    public Task<T> InStagingAsync<T>(Func<string, Task<T>> work) => Staging.InAsync(Path.Combine(Folder, "staging"), work);

    /// <summary>Interrupted before anybody agreed to anything: there is nothing to take up again.</summary>
    public RunRecord FinishUnchanged()
    {
        Problem(new Text("Interrupted before the decision; nothing was changed.", "Interrompue avant la décision ; rien n'a été modifié."));
        return Finish(RunOutcome.Interrupted);
    }

    public RunRecord Finish(RunOutcome outcome)
    {
        Write(new JournalEntry { Event = RunEvent.RunFinished, Outcome = outcome }, durable: true);
        return Record;
    }
}

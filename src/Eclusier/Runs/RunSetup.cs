using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;
using Eclusier.Snapshots;

namespace Eclusier.Runs;

/// <summary>What a run is given, of whatever kind it is.</summary>
public sealed record RunSetup(Runbook Runbook, TargetEnvironment Environment, Engine Engine, RunOptions Options, IRunObserver Observer, TimeProvider Time)
{
    internal Task<Database> ConnectAsync(CancellationToken cancellationToken) =>
        Engine.ConnectAsync(Environment.Url, $"eclusier {Options.ToolVersion} {Options.ExecutedBy} pid {System.Environment.ProcessId}", cancellationToken);

    /// <summary>Other databases, to compare the target with.</summary>
    internal SnapshotSource Snapshots => new(Runbook, Engine, Options.ToolVersion, Time);

    /// <summary>A new run's folder and journal. Runs that the runbook keeps no longer go, unless this one may need them.</summary>
    /// <param name="job">Of a maintenance job's run.</param>
    internal Journal Begin(RunKind kind, JobFacts? job = null)
    {
        var folder = RunFolder.Create(Runbook.Directory, Environment.Name, Time.GetUtcNow());
        var journal = Journal.Create(folder, Start(kind) with { Run = Path.GetFileName(folder), Job = job }, Time);
        if (kind is RunKind.Migrate or RunKind.Maintain && RunExpiry.Apply(Runbook, Environment.Name, Time.GetUtcNow()) is { } said)
        {
            journal.Append(new JournalEntry { Event = RunEvent.Note, Note = said });
            Observer.Progress(said);
        }

        return journal;
    }

    internal RunRecord Start(RunKind kind) => new()
    {
        Kind = kind,
        Run = "",
        Name = Runbook.Name,
        Environment = Environment.Name,
        StartedAt = Time.GetUtcNow(),
        ExecutedBy = Options.ExecutedBy,
        Tool = Options.ToolVersion,
    };

    internal RunContext Context(Journal journal, Database target) => new(this, journal, target);
}

using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>A part of a run that leaves evidence. Each kind of run goes through its own.</summary>
[JsonConverter(typeof(SnakeCase<Phase>))]
public enum Phase
{
    Inspect,
    Plan,
    Backup,
    /// <summary>On the restored copy.</summary>
    Rehearse,
    Decide,
    Apply,
    Verify,
    /// <summary>Another backup, of what the migrations left.</summary>
    BackupAfter,
    /// <summary>Of a rollback to a backup: beside the database, or into it.</summary>
    Restore,
    /// <summary>The restored database takes the other's place.</summary>
    Swap,
    /// <summary>Which migrations a database has.</summary>
    Baseline,
    /// <summary>What is proven comes into the tracking table.</summary>
    Record,
}

public static class PhaseName
{
    public static Text Name(this Phase phase) => phase switch
    {
        Phase.Inspect => new Text("inspect", "inspection"),
        Phase.Plan => Text.Same("plan"),
        Phase.Backup => new Text("back up", "sauvegarde"),
        Phase.Rehearse => new Text("rehearse", "répétition"),
        Phase.Decide => new Text("decide", "décision"),
        Phase.Apply => new Text("apply", "application"),
        Phase.Verify => new Text("verify", "vérification"),
        Phase.BackupAfter => new Text("back up again", "2e sauvegarde"),
        Phase.Restore => new Text("restore", "restauration"),
        Phase.Swap => new Text("swap", "échange"),
        Phase.Baseline => Text.Same("baseline"),
        Phase.Record => new Text("record", "enregistrement"),
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "No such phase."),
    };
}

using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>What a run is for.</summary>
[JsonConverter(typeof(SnakeCase<RunKind>))]
public enum RunKind
{
    Migrate,
    /// <summary>Undoes migrations.</summary>
    Rollback,
    /// <summary>Puts a backup in the place of the database.</summary>
    Restore,
    /// <summary>Drops what is needed no more.</summary>
    Maintain,
    /// <summary>Finds out what is applied, and records it.</summary>
    Baseline,
}

internal static class RunKinds
{
    /// <summary>What a user types to have this run again.</summary>
    public static string Command(this RunRecord run) => run.Job?.Command ?? run.Kind.Command();

    /// <summary>What a user types.</summary>
    public static string Command(this RunKind kind) => kind switch
    {
        RunKind.Rollback => "rollback",
        RunKind.Restore => "rollback --restore",
        RunKind.Baseline => "baseline",
        RunKind.Maintain => "maintain",
        _ => "migrate",
    };
}

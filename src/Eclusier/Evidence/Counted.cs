namespace Eclusier.Evidence;

/// <summary>How many steps did what, in words: of migrations, or of collections.</summary>
public static class Counted
{
    /// <summary><c>3 migrations applied</c>, <c>1 collection copied</c>, <c>2 collections dropped</c>.</summary>
    public static Text Applied(RunRecord record)
    {
        var count = record.Steps.Count(step => step.Status == StepStatus.Applied);
        return record.Kind switch
        {
            RunKind.Maintain when record.Job is not null => Text.Count(count, "step done", "steps done", "étape faite", "étapes faites"),
            RunKind.Maintain => Text.Count(count, "collection dropped", "collections dropped", "collection supprimée", "collections supprimées"),
            RunKind.Rollback => Undone(count, record.OfCollections),
            _ => Applied(count, record.OfCollections),
        };
    }

    public static Text Applied(int count, bool collections) => collections
        ? Text.Count(count, "collection copied", "collections copied", "collection copiée", "collections copiées")
        : Text.Count(count, "migration applied", "migrations applied", "migration appliquée", "migrations appliquées");

    public static Text Undone(int count, bool collections) => collections
        ? Text.Count(count, "collection put back", "collections put back", "collection remise en place", "collections remises en place")
        : Text.Count(count, "migration undone", "migrations undone", "migration annulée", "migrations annulées");

    /// <summary>Of one step.</summary>
    public static Text Verdict(StepResult step) => (step.Status, step.Kind) switch
    {
        (StepStatus.Applied, Planning.Step.Rollback) => new Text("undone", "annulée"),
        (StepStatus.Applied, Planning.Step.Copy) => new Text("copied", "copiée"),
        (StepStatus.Applied, Planning.Step.Drop) => new Text("dropped", "supprimée"),
        (StepStatus.Applied, Planning.Step.Job) => new Text("done", "fait"),
        (StepStatus.Applied, _) => new Text("applied", "appliquée"),
        (StepStatus.Failed, _) => new Text("FAILED", "ÉCHEC"),
        (StepStatus.Skipped, _) => new Text("skipped", "ignorée"),
        (StepStatus.Unproven, _) => new Text("UNPROVEN", "NON PROUVÉE"),
        _ => new Text("not begun", "non commencée"),
    };
}

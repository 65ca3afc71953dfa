using Eclusier.Planning;

namespace Eclusier.Cli.Rendering;

/// <summary>A plan as text: group, file, risk, description, reason; the hazards below.</summary>
internal static class PlanView
{
    public static string Of(Plan plan, Language language)
    {
        var lines = new List<string>
        {
            new Text($"Plan {plan.Id} for {plan.Environment} ({plan.Target})", $"Plan {plan.Id} pour {plan.Environment} ({plan.Target})").In(language),
            Counts(plan).In(language),
        };
        lines.AddRange(plan.Problems.Select(problem => $"! {problem.Message.In(language)}"));
        string? group = null;
        var width = plan.Steps.Select(step => Shown(step).Length).DefaultIfEmpty(0).Max();
        foreach (var step in plan.Steps)
        {
            if (step.Group is not null && step.Group != group)
                lines.AddRange(["", step.Group]);
            group = step.Group;
            lines.Add($"  {Shown(step).PadRight(width)}  {Risk(step, language),-8}  {(step.SkipReason ?? step.Description).In(language)}");
            if (step.Hazards.Count > 0)
                lines.Add($"{new string(' ', width + 14)}{step.RiskReason.In(language)}");
            if (step.SkipReason is null && step.Reversible != Reversible.Yes)
                lines.Add($"{new string(' ', width + 14)}{new Text("reversible: ", "réversible : ").In(language)}{step.Reversible.Name().In(language)} ({step.ReversibleReason.In(language)})");
            lines.AddRange(step.Hazards.Select(hazard => $"      {hazard.Rule} ({step.Place(hazard)}): {hazard.Message.In(language)}{(hazard.AllowedBecause is { } why ? $" [{why}]" : "")}"));
        }

        return string.Join('\n', lines);
    }

    private static Text Counts(Plan plan)
    {
        var pending = plan.Steps.Count(step => step.SkipReason is null);
        return plan.Steps.Any(step => step.Collection is not null)
            ? new Text($"{pending} of {English.Count(plan.Steps.Count, "collection")} to copy", $"{French.Count(pending, "collection")} à copier sur {plan.Steps.Count}")
            : new Text($"{plan.Applied.Count} applied, {plan.Steps.Count} pending", $"{French.Count(plan.Applied.Count, "appliquée")}, {plan.Steps.Count} à appliquer");
    }

    /// <summary>A file's name; a collection's with the environment that it comes from.</summary>
    private static string Shown(Step step) => step.Collection is null ? Path.GetFileName(step.File) : step.Migration;

    private static string Risk(Step step, Language language) => (step.SkipReason, step.Risk) switch
    {
        ({ }, _) => new Text("skipped", "ignorée").In(language),
        (_, Planning.Risk.Low) => new Text("low", "faible").In(language),
        (_, Planning.Risk.Medium) => new Text("medium", "moyen").In(language),
        _ => new Text("HIGH", "ÉLEVÉ").In(language),
    };
}

using Eclusier.Planning;

namespace Eclusier.Cli.Rendering;

/// <summary>A plan as text: group, file, risk, description, reason; the hazards below.</summary>
internal static class PlanView
{
    public static string Of(Plan plan, Language language)
    {
        var lines = new List<string>
        {
            new Text($"Plan {plan.Id} for {plan.Environment} ({plan.Target})", $"Plan {plan.Id} pour {plan.Environment} ({plan.Target})").LineIn(language),
            Counts(plan).LineIn(language),
        };
        foreach (var problem in plan.Problems)
            lines.AddRange([$"! {problem.Message.LineIn(language)}", .. problem.Remedy is { } remedy ? [$"  {remedy.LineIn(language)}"] : Array.Empty<string>()]);
        string? group = null;
        var width = plan.Steps.Select(step => Shown(step).Length).DefaultIfEmpty(0).Max();
        foreach (var step in plan.Steps)
        {
            if (step.Group is not null && step.Group != group)
                lines.AddRange(["", Visible.Line(step.Group)]);
            group = step.Group;
            lines.Add($"  {Shown(step).PadRight(width)}  {Risk(step, language),-8}  {(step.SkipReason ?? step.Description).LineIn(language)}");
            if (step.Hazards.Count > 0)
                lines.Add($"{new string(' ', width + 14)}{step.RiskReason.LineIn(language)}");
            if (step.SkipReason is null && step.Reversible != Reversible.Yes)
                lines.Add($"{new string(' ', width + 14)}{new Text("reversible: ", "réversible : ").LineIn(language)}{step.Reversible.Name().LineIn(language)} ({step.ReversibleReason.LineIn(language)})");
            lines.AddRange(step.Hazards.Select(hazard => $"      {hazard.Rule} ({Visible.Line(step.Place(hazard))}): {hazard.Message.LineIn(language)}{(hazard.AllowedBecause is { } why ? $" [{Visible.Line(why)}]" : "")}"));
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
    private static string Shown(Step step) => Visible.Line(step.Collection is null ? step.FileName : step.Migration);

    private static string Risk(Step step, Language language) => (step.SkipReason, step.Risk) switch
    {
        ({ }, _) => new Text("skipped", "ignorée").LineIn(language),
        (_, Planning.Risk.Low) => new Text("low", "faible").LineIn(language),
        (_, Planning.Risk.Medium) => new Text("medium", "moyen").LineIn(language),
        _ => new Text("HIGH", "ÉLEVÉ").LineIn(language),
    };
}

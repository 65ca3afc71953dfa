using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Reports;

/// <summary>What was to run, and how dangerous each statement is.</summary>
internal static class PlanSection
{
    /// <summary>More hazards of one kind in one file are told in one line.</summary>
    private const int MostAlike = 3;

    public static void Write(MarkdownWriter to, RunRecord record)
    {
        if (record.Plan is not { } plan)
            return;
        to.Section("Plan", "Plan");
        to.Table(
            [to.Say("Group", "Groupe"), to.Say("File", "Fichier"), "Description", to.Say("Risk", "Risque"), to.Say("Reason", "Raison"), to.Say("Reversible", "Réversible")],
            plan.Steps.Select(step => new[]
            {
                step.Group ?? "", step.FileName, step.Description.In(to.Language), MarkdownReport.Risk(step).In(to.Language),
                    (step.SkipReason ?? step.RiskReason).In(to.Language),
                step.SkipReason is null ? $"{step.Reversible.Name().In(to.Language)} ({step.ReversibleReason.In(to.Language)})" : "-",
            }));
        to.List(plan.Steps.SelectMany(step => Hazards(to, step)).Concat(plan.Problems.Select(problem => problem.Message.In(to.Language))));
    }

    private static IEnumerable<string> Hazards(MarkdownWriter to, Step step)
    {
        foreach (var alike in step.Hazards.GroupBy(hazard => (hazard.Rule, hazard.AllowedBecause)))
        {
            var all = alike.ToList();
            var allowed = alike.Key.AllowedBecause is { } why ? to.Say($" (allowed: {why})", $" (autorisé : {why})") : "";
            var more = all.Count > MostAlike ? to.Say($"; and {all.Count - 1} more, lines {Lines(all)}", $" ; et {French.Count(all.Count - 1, "autre")}, lignes {Lines(all)}") : "";
            foreach (var hazard in all.Take(more.Length > 0 ? 1 : MostAlike))
                yield return $"{step.Place(hazard)} {hazard.Rule}: {hazard.Message.In(to.Language)}{more}{allowed}";
        }
    }

    /// <summary><c>3-7, 9</c>: of all but the first.</summary>
    private static string Lines(IEnumerable<Hazard> hazards)
    {
        var lines = hazards.Skip(1).Select(hazard => hazard.Line).Distinct().Order().ToList();
        // Lines that follow each other have the same distance to their places in the list.
        return string.Join(", ", lines.Index().GroupBy(entry => entry.Item - entry.Index, entry => entry.Item).Select(run => run.Count() == 1 ? $"{run.First()}" : $"{run.First()}-{run.Last()}"));
    }
}

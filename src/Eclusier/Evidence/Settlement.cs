using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>
/// What a database remembers of a migration that no proof could judge. It is kept beside the tracking table, so that a run from another checkout
/// knows it, too: until somebody has said what is so, the migration is not run on rows that may have had it already.
/// </summary>
/// <param name="Verdict">What was found; or what a person says.</param>
/// <param name="Because">Why nobody could tell, in English; or the person's reason.</param>
/// <param name="By">Who said so; null while it is to be settled.</param>
public sealed record Settlement(string Migration, BaselineVerdict Verdict, string Because, string? By)
{
    /// <summary>The kind of problem that an open one is to a plan.</summary>
    public const string Problem = "unsettled";

    /// <summary>The plan, with a problem for each of its migrations that may have run already.</summary>
    /// <param name="remembered">By the database that the plan is for.</param>
    public static Plan Weigh(Plan plan, IReadOnlyList<Settlement> remembered)
    {
        var open = remembered.Where(known => known.By is null).ToDictionary(known => known.Migration, StringComparer.Ordinal);
        var problems = plan.Steps.Where(step => step.SkipReason is null && open.ContainsKey(step.Migration)).Select(step => new PlanProblem(
            Problem,
            step.Migration,
            new Text(
                $"{MigrationTitle.Of(step.Migration, step.Name)} may have run already: `baseline` could not tell ({open[step.Migration].Because})",
                $"{MigrationTitle.Of(step.Migration, step.Name)} a peut-être déjà été exécutée : `baseline` n'a pas pu trancher ({open[step.Migration].Because})"),
            Blocks: true));
        return plan with { Problems = [.. plan.Problems, .. problems] };
    }
}

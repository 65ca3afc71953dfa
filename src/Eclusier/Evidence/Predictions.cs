using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>A hazard of the plan, held against what the rehearsal saw.</summary>
/// <param name="Where"><c>file:line</c></param>
/// <param name="Rule">The hazard.</param>
/// <param name="Confirmed">The rehearsal saw it happen.</param>
/// <param name="Observed">What it saw.</param>
public sealed record Prediction(string Migration, string Where, string Rule, bool Confirmed, Text Observed);

/// <summary>Something that a statement did and that no hazard had said.</summary>
/// <param name="Where"><c>file:line</c></param>
/// <param name="Rule">The hazard that should have said it: what <c>policy.forbid</c> names.</param>
public sealed record Surprise(string Migration, string Where, string Rule, Risk Severity, Text Observed);

/// <summary>Compares the plan's hazards with the traces of its rehearsal.</summary>
public static class Predictions
{
    /// <summary>Each hazard that a trace can prove. What is not about a known table, or was not traced, is left out.</summary>
    public static IReadOnlyList<Prediction> Check(Plan plan, IReadOnlyList<StepResult> rehearsed) =>
        [.. from traced in Traced(plan, rehearsed)
            from hazard in traced.Hazards
            where hazard.Table is not null
            let seen = Seen(hazard, traced.Trace)
            where seen is not null
            select new Prediction(traced.Step.Migration, traced.Step.Place(hazard), hazard.Rule, seen.Value.Confirmed, seen.Value.Observed)];

    public static IReadOnlyList<Surprise> Surprises(Plan plan, IReadOnlyList<StepResult> rehearsed) =>
        [.. Traced(plan, rehearsed).SelectMany(Surprises)];

    private static (bool Confirmed, Text Observed)? Seen(Hazard hazard, StatementTrace trace)
    {
        var rows = trace.Rows.FirstOrDefault(rows => rows.Relation == hazard.Table);
        switch (hazard.Rule)
        {
            case "update":
                return (rows is { Updated: > 0 }, new Text($"{English.Count(rows?.Updated ?? 0, "row")} updated", $"{French.Count(rows?.Updated ?? 0, "ligne modifiée")}"));
            case "delete":
                return (rows is { Deleted: > 0 }, new Text($"{English.Count(rows?.Deleted ?? 0, "row")} deleted", $"{French.Count(rows?.Deleted ?? 0, "ligne supprimée")}"));
            case "drop-table" or "drop-view":
                return trace.Dropped.Contains(hazard.Table!) ? (true, new Text("dropped", "supprimée")) : (false, new Text("still there", "toujours là"));
        }

        if (hazard.Lock is not { } mode)
            return null;
        var taken = trace.Locks.FirstOrDefault(taken => taken.Relation == hazard.Table);
        var rewritten = trace.Rewritten.Contains(hazard.Table!);
        var observed = new Text(
            $"{taken?.Mode ?? "no new lock"}{(rewritten ? ", rewritten" : hazard.Rewrites ? ", not rewritten" : "")}",
            $"{taken?.Mode ?? "aucun nouveau verrou"}{(rewritten ? ", réécrite" : hazard.Rewrites ? ", non réécrite" : "")}");
        // A lock that an earlier statement of the migration holds is not taken again.
        return (taken is null || taken.Mode == mode ? !hazard.Rewrites || rewritten : false, observed);
    }

    /// <summary>What only a rehearsal sees; a policy may permit or forbid it like a hazard.</summary>
    public static IReadOnlyList<string> SurpriseRules { get; } = ["rewrite", "insert"];

    private static IEnumerable<Surprise> Surprises(TracedStatement traced)
    {
        bool Said(string relation, Func<Hazard, bool> what) => traced.Hazards.Any(hazard => what(hazard) && (hazard.Table is null || hazard.Table == relation));
        Surprise Is(string rule, Risk severity, Text observed) => new(traced.Step.Migration, traced.Step.Place(traced.Statement), rule, severity, observed);

        foreach (var relation in traced.Trace.Rewritten.Except(traced.Trace.Dropped).Where(relation => !Said(relation, hazard => hazard.Rewrites || hazard.Rule is "truncate")))
            yield return Is("rewrite", Risk.Medium, new Text($"{relation} was rewritten", $"{relation} a été réécrite"));
        foreach (var rows in traced.Trace.Rows.Where(rows => rows.Updated > 0 && !Said(rows.Relation, hazard => hazard.Rule is "update")))
            yield return Is("update", Risk.Medium, new Text($"{rows.Relation}: {English.Count(rows.Updated, "row")} updated", $"{rows.Relation} : {French.Count(rows.Updated, "ligne modifiée")}"));
        foreach (var rows in traced.Trace.Rows.Where(rows => rows.Deleted > 0 && !Said(rows.Relation, hazard => hazard.Rule is "delete" or "truncate")))
            yield return Is("delete", Risk.High, new Text($"{rows.Relation}: {English.Count(rows.Deleted, "row")} deleted", $"{rows.Relation} : {French.Count(rows.Deleted, "ligne supprimée")}"));
        foreach (var rows in traced.Trace.Rows.Where(rows => rows.Inserted > 0 && traced.Statement.Kind is not ("insert" or "merge" or "copy")))
            yield return Is("insert", Risk.Low, new Text($"{rows.Relation}: {English.Count(rows.Inserted, "row")} inserted", $"{rows.Relation} : {French.Count(rows.Inserted, "ligne insérée")}"));
        foreach (var relation in traced.Trace.Dropped.Where(relation => !Said(relation, hazard => hazard.Rule.StartsWith("drop-", StringComparison.Ordinal))))
            yield return Is("drop-table", Risk.High, new Text($"{relation} was dropped", $"{relation} a été supprimée"));
    }

    private static IEnumerable<TracedStatement> Traced(Plan plan, IReadOnlyList<StepResult> rehearsed)
    {
        foreach (var result in rehearsed)
        {
            var step = plan.Steps.First(step => step.Migration == result.Migration);
            foreach (var (index, timing) in result.Statements.Index())
            {
                if (timing.Trace is not { } trace || index >= step.Statements.Count)
                    continue;
                var statement = step.Statements[index];
                var next = step.Statements.Skip(index + 1).FirstOrDefault(later => later.IncludedFrom == statement.IncludedFrom);
                yield return new TracedStatement(step, statement, trace, [.. step.Hazards.Where(hazard => IsOf(hazard, statement, next))]);
            }
        }
    }

    /// <summary>From the statement's beginning to the next one's: a hazard in its body stands on a later line.</summary>
    private static bool IsOf(Hazard hazard, Statement statement, Statement? next) =>
        hazard.IncludedFrom == statement.IncludedFrom && IsAtOrAfter(hazard, statement) && (next is null || !IsAtOrAfter(hazard, next));

    private static bool IsAtOrAfter(Hazard hazard, Statement statement) =>
        hazard.Line > statement.Line || (hazard.Line == statement.Line && hazard.Column >= statement.Column);

    private sealed record TracedStatement(Step Step, Statement Statement, StatementTrace Trace, IReadOnlyList<Hazard> Hazards);
}

using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Plans;

/// <summary>A collection's plan -> its step, with what is dangerous about it.</summary>
internal static class CopySteps
{
    private static readonly CollectionContent Nothing = new(0, 0, "");

    public static Step Of(string name, CollectionSettings settings, CollectionPlan plan, string checksum, Policy policy)
    {
        Hazard[] hazards = plan.Action is CollectionAction.Unchanged ? [] : [.. Hazards(plan).Select(hazard => hazard with { AllowedBecause = AllowedBecause(policy, hazard, name) })];
        var (risk, reason) = RiskAssessment.Of(hazards);
        return Bare(name, settings, checksum) with
        {
            Collection = plan,
            Hazards = hazards,
            Risk = risk,
            RiskReason = hazards.Length == 0 ? new Text("nothing is replaced", "rien n'est remplacé") : reason,
            Description = Describe(plan),
            SkipReason = plan.Action == CollectionAction.Unchanged
                ? new Text($"unchanged: {English.Count(plan.Expected.Documents, "document")} with the same content hash", $"inchangée : {French.Count(plan.Expected.Documents, "document")} de même empreinte")
                : null,
            Reversible = Reversible.Yes,
            ReversibleReason = plan.Action == CollectionAction.New ? new Text("it goes again", "elle repart") : new Text("the former collection is kept", "l'ancienne collection est gardée"),
        };
    }

    public static Step Skipped(string name, CollectionSettings settings, CollectionAction action, Text why) => Bare(name, settings, "") with
    {
        Collection = new CollectionPlan(action, Nothing, Nothing, Target: null),
        RiskReason = new Text("skipped", "ignorée"),
        SkipReason = why,
    };

    private static Step Bare(string name, CollectionSettings settings, string checksum) => new()
    {
        Kind = Step.Copy,
        Migration = name,
        Name = "",
        File = $"{settings.From}.{name}",
        Checksum = checksum,
        Statements = [],
        RiskReason = Text.Same(""),
        // The shadow and the swap are found again by their names after a crash, not rolled back by the server.
        Transactional = false,
    };

    private static IEnumerable<Hazard> Hazards(CollectionPlan plan)
    {
        static Hazard Is(string rule, Risk severity, Text message) => new(rule, severity, message, 0, 0);
        if (plan.OnlyInTarget is > 0 and var lost)
            yield return Is(CollectionHazards.LostDocuments, Risk.High, Text.Count(lost, "document is only in the target, and goes", "documents are only in the target, and go", "document n'est que dans la cible, et disparaît", "documents ne sont que dans la cible, et disparaissent"));
        if (plan.Target is { Documents: > 0 } now)
            yield return Is(CollectionHazards.Replace, Risk.Medium, Text.Count(
                now.Documents, $"document gives way to {plan.Expected.Documents}", $"documents give way to {plan.Expected.Documents}", $"document cède la place à {plan.Expected.Documents}", $"documents cèdent la place à {plan.Expected.Documents}"));
        foreach (var transform in plan.Transforms.Where(transform => transform.Orphans.Count + transform.Refused.Count > 0))
        {
            yield return Is(
                CollectionHazards.LostChildren, Risk.Medium,
                new Text(
                    $"{transform.What.En}: {transform.Orphans.Count} without a parent, {transform.Refused.Count} without a place in it",
                    $"{transform.What.Fr} : {transform.Orphans.Count} sans parent, {transform.Refused.Count} sans place chez lui"));
        }
    }

    private static string? AllowedBecause(Policy policy, Hazard hazard, string name) =>
        policy.Allow.FirstOrDefault(allow => allow.Hazard == hazard.Rule && (allow.Migration is null || NameGlob.Matches(allow.Migration, name)))?.Because;

    private static Text Said(Text action, CollectionPlan plan)
    {
        var documents = Text.Count(plan.Expected.Documents, "document", "documents", "document", "documents");
        var indexes = Text.Count(plan.Indexes.Count, "index", "indexes", "index", "index");
        return new Text($"{action.En}, {documents.En}, {indexes.En}", $"{action.Fr}, {documents.Fr}, {indexes.Fr}");
    }

    private static Text Describe(CollectionPlan plan)
    {
        var action = plan.Action == CollectionAction.New ? new Text("new", "nouvelle") : new Text("replaced", "remplacée");
        var transforms = plan.Transforms.Select(transform => new Text($"{transform.Kind} {transform.What.En} ({transform.Values})", $"{transform.Kind} {transform.What.Fr} ({transform.Values})"));
        return Text.Join(transforms.Prepend(Said(action, plan)));
    }
}

namespace Eclusier.Postgres.Diagnostics;

/// <summary>The one list of rules.</summary>
public static class FindingRules
{
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        OrphanedRows.Rule,
        LikelyOrphans.Rule,
        NotValidConstraint.Rule,
        InvalidIndex.Rule,
        DuplicateIndex.Rule,
        RedundantIndex.Rule,
        UnusedIndex.Rule,
        ForeignKeyWithoutIndex.Rule,
        TableWithoutPrimaryKey.Rule,
        PolicyCallsFunction.Rule,
        SequenceNearEnd.Rule,
        TransactionIdAge.Rule,
        BloatedTable.Rule,
        DeadRows.Rule,
        StaleStatistics.Rule,
        SpaceForPlan.Rule,
    ];

    public static IReadOnlyList<string> Ids { get; } = [.. All.Select(rule => rule.Id)];

    /// <exception cref="InvalidInputException">There is no such rule.</exception>
    internal static FindingRule Of(string id) => All.FirstOrDefault(rule => rule.Id == id) ?? throw new InvalidInputException(
        new Text($"Unknown finding \"{id}\".", $"Constat inconnu « {id} »."),
        null,
        NearestName.Meant(id, Ids)
            ?? new Text($"Known: {string.Join(", ", Ids)}.", $"Connus : {string.Join(", ", Ids)}."));
}

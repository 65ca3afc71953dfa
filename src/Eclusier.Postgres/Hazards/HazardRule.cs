using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What a hazard hurts. Decides whether the table's size matters.</summary>
public enum HazardEffect
{
    /// <summary>Data is gone, or changed beyond return.</summary>
    LosesData,
    /// <summary>Others wait, for as long as the table is large.</summary>
    Blocks,
    /// <summary>Clients that use the old shape fail.</summary>
    BreaksClients,
    /// <summary>The plan cannot see what it does.</summary>
    Unseen,
}

/// <summary>A rule: data and a pure function.</summary>
/// <param name="Id">Stable; what a runbook's <c>forbid</c> and <c>allow</c> name.</param>
/// <param name="Check">All places in one statement where the rule applies.</param>
public sealed record HazardRule(string Id, Risk Severity, HazardEffect Effect, Func<StatementNode, HazardContext, IEnumerable<HazardFinding>> Check);

/// <param name="Table">The table in danger; null when there is none. One that the plan itself creates is in no danger.</param>
/// <param name="Severity">Null: the rule's own.</param>
public sealed record HazardFinding(Text Message, TableName? Table = null, Risk? Severity = null);
